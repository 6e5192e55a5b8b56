"""A whole session by each way of giving: nasal devices, an injection, by mouth, and an infusion of days."""

from datetime import timedelta
from decimal import Decimal

import pytest

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.rulebook.public import NoDose
from daybreak.treat import public as treat
from daybreak.treat.actions.dosing import ByWeight
from daybreak.treat.actions.parts import NotAPart, NotDrawn, NotYetRaised
from daybreak.treat.actions.run import RateNotOrdered
from daybreak.treat.actions.steps import NotYourPart
from tests.rooms.treat.site_library import ESKETAMINE, INJECTED, LONG, SWALLOWED, activated
from tests.rooms.treat.stage import Stage, planned
from tests.rooms.treat.tablet import address

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _every_way_is_active(tmp_path, monkeypatch):
    from daybreak.measure.public import library

    activated(tmp_path / "definitions", monkeypatch)
    yield
    monkeypatch.undo()
    library.cache_clear()


def ready(stage: Stage) -> Stage:
    stage.gathered().read()
    return stage.ready().time_out()


def nasal(world, chosen: str | None = None, **more: object) -> Stage:
    stage = planned(world, protocol=ESKETAMINE, **more).check_in()
    return ready(stage.choose(Decimal(chosen) if chosen else None))


def given_mg(stage: Stage) -> Decimal:
    return stage.look().given_at(stage.now).dose_mg


def home(stage: Stage, *, minutes: float) -> None:
    """Take the checks and let the patient go so many minutes after the dose was completed."""
    stage.read()
    answers = {q.id: True for q in treat.questions(stage.look().protocol, "before_leaving")}
    stage.step(treat.note_leaving, minutes=minutes, answers=answers)
    stage.step(treat.discharge, "clinician", minutes=0)


def test_esketamine_runs_from_check_in_to_the_way_home(world):
    stage = nasal(world)
    order = stage.look().order
    assert (order.dose_mg, order.units, order.unit_mg, order.weight_kg) == (56, 2, 28, None)
    first = stage.step(treat.start, "clinician", where="both_nostrils")
    assert (first.values["part_mg"], first.values["where"]) == ("28", "both_nostrils")
    stage.step(treat.give_part, minutes=5, where="both_nostrils")
    assert given_mg(stage) == 56
    stage.step(treat.complete)
    stage.step(treat.begin_recovery)
    with pytest.raises(treat.MayNotLeave):
        home(stage, minutes=112.9)
    home(stage, minutes=0.1)
    with scoped(stage.scope()) as scope:
        line = treat.session(scope, stage.session)
    assert (line.state, line.dose_mg, line.weight_kg) == (treat.State.DISCHARGED, 56, None)
    assert line.discharged_at - line.started_at == timedelta(minutes=120)


def test_the_second_device_waits_its_minutes_unless_it_was_given_all_the_same(world):
    stage = nasal(world)
    stage.step(treat.start, "clinician", where="both_nostrils")
    with pytest.raises(NotAPart, match="too early"):
        stage.step(treat.give_part, minutes=4.9, where="both_nostrils")
    stage.step(treat.give_part, minutes=0, where="both_nostrils", reason="too_early_by_mistake")
    assert given_mg(stage) == 56
    with pytest.raises(NotAPart, match="more than the 0 mg"):
        stage.step(treat.give_part, minutes=9, where="both_nostrils")
    stage.step(treat.give_part, where="both_nostrils", reason="more_than_ordered_by_mistake")
    assert given_mg(stage) == 84


@pytest.mark.parametrize(("where", "part_mg"), [("", None), ("left_thigh", None), ("both_nostrils", 0)])
def test_a_device_says_where_and_how_much(world, where, part_mg):
    stage = nasal(world)
    with pytest.raises(NotAPart):
        stage.step(treat.start, "clinician", where=where, part_mg=None if part_mg is None else Decimal(part_mg))
    assert stage.look().state is treat.State.TIMED_OUT


def test_a_device_that_is_sent_twice_is_one(world):
    stage, key = nasal(world), new_key()
    stage.step(treat.start, "clinician", where="both_nostrils")
    with scoped(stage.scope()) as scope:
        at = stage.at(5)
        for _ in range(2):
            treat.give_part(scope, key=key, session=stage.session, where="both_nostrils", at=at)
    assert given_mg(stage) == 56


def test_an_amount_that_the_label_does_not_offer_in_the_first_session_is_refused(world):
    stage = planned(world, protocol=ESKETAMINE).check_in()
    with pytest.raises(NoDose, match="56 mg is ordered"):
        stage.choose(Decimal(84))
    with pytest.raises(ByWeight):
        stage.weigh()
    assert stage.look().state is treat.State.CHECKED_IN


def test_a_pump_is_not_paused_where_there_is_none(world):
    stage = nasal(world)
    stage.step(treat.start, "clinician", where="both_nostrils")
    with pytest.raises(treat.NotNow):
        stage.step(treat.pause, reason="nausea")


def test_an_injection_has_a_volume_and_a_site(world):
    stage = planned(world, protocol=INJECTED).check_in()
    with pytest.raises(NoDose, match="concentration"):
        stage.step(treat.weigh, weight=Decimal(71), unit="kg")
    stage.step(treat.weigh, weight=Decimal(71), unit="kg", concentration_mg_per_ml=Decimal(50))
    order = stage.look().order
    assert (order.dose_mg, order.volume_ml, order.rate_ml_per_hour) == (35, Decimal("0.7"), None)
    ready(stage).step(treat.start, "clinician", where="left_deltoid")
    found = stage.look().given_at(stage.now)
    assert (found.dose_mg, found.volume_ml) == (35, Decimal("0.7"))
    assert not stage.look().falls_short_at(stage.now)


@pytest.mark.parametrize(
    ("hand", "units", "volume"),
    [
        ({"form": "tablet", "unit_mg": Decimal(25)}, 2, None),
        ({"form": "lozenge", "unit_mg": Decimal(50)}, 1, None),
    ],
)
def test_what_is_swallowed_is_counted_in_whole_pieces(world, hand, units, volume):
    stage = planned(world, protocol=SWALLOWED).check_in().choose(weight=Decimal(70), **hand)
    assert (stage.look().order.units, stage.look().order.volume_ml) == (units, volume)
    ready(stage).step(treat.start, "clinician")
    assert given_mg(stage) == 50


@pytest.mark.parametrize(
    ("hand", "why"),
    [
        ({}, "form"),
        ({"form": "tablet"}, "milligrams one piece"),
        ({"form": "pellet", "unit_mg": Decimal(25)}, "form"),
        ({"form": "tablet", "unit_mg": Decimal(20)}, "whole pieces"),
        ({"form": "tablet", "unit_mg": Decimal("NaN")}, "milligrams one piece"),
        ({"form": "liquid"}, "concentration"),
    ],
)
def test_a_form_that_cannot_hold_the_dose_gives_none(world, hand, why):
    with pytest.raises(NoDose, match=why):
        planned(world, protocol=SWALLOWED).check_in().choose(**hand)


def long_infusion(world) -> Stage:
    stage = planned(world, protocol=LONG).check_in()
    stage.step(treat.weigh, weight=Decimal(70), unit="kg", concentration_mg_per_ml=Decimal(2), syringe_ml=Decimal(50))
    ready(stage).step(treat.start, "clinician")
    return stage


def test_an_infusion_of_days_is_titrated_by_signed_steps_up_to_its_target(world):
    stage = long_infusion(world)
    order = stage.look().order
    assert (order.dose_mg, order.volume_ml) == (4032, 2016)
    assert [each["rate_ml_per_hour"] for each in order.titration] == ["5.2", "21.0"]
    with pytest.raises(NotYetRaised, match="4 hours"):
        stage.step(treat.raise_rate, "clinician", minutes=239)
    with pytest.raises(RateNotOrdered):
        stage.step(treat.change_rate, reason="other", rate_ml_per_hour=Decimal("5.3"), minutes=0)
    with pytest.raises(NotYourPart):
        stage.step(treat.raise_rate, "nurse")
    raised = stage.step(treat.raise_rate, "clinician", minutes=0)
    assert raised.values == {"rate_ml_per_hour": "21", "titration": "target", "amount": "0.6"}
    assert given_mg(stage) == Decimal("41.6")
    with pytest.raises(NotYetRaised, match="target"):
        stage.step(treat.raise_rate, "clinician", minutes=600)


def test_a_rate_that_was_lowered_is_set_back_before_it_is_raised(world):
    stage = long_infusion(world)
    stage.step(treat.change_rate, reason="sedation", rate_ml_per_hour=Decimal(3))
    with pytest.raises(NotYetRaised, match="set it to"):
        stage.step(treat.raise_rate, "clinician", minutes=300)


def test_each_syringe_of_a_long_infusion_gives_what_was_drawn_into_it(world):
    stage = long_infusion(world)
    stage.step(treat.change_syringe, minutes=600, drawn_ml=Decimal(40))
    assert (given_mg(stage), stage.look().state) == (100, treat.State.PAUSED)
    stage.step(treat.resume, reason="syringe_changed")
    stage.step(treat.stop, minutes=600, reason="patient_asked")
    assert given_mg(stage) == 180


@pytest.mark.parametrize("drawn", ["0", "-1", "NaN", "2014.9"])
def test_a_syringe_holds_something_and_never_more_than_is_left_of_the_order(world, drawn):
    stage = long_infusion(world)
    with pytest.raises(NotDrawn):
        stage.step(treat.change_syringe, minutes=13, drawn_ml=Decimal(drawn))


def test_a_long_infusion_needs_to_know_its_first_syringe(world):
    stage = planned(world, protocol=LONG).check_in()
    with pytest.raises(NoDose, match="first syringe"):
        stage.step(treat.weigh, weight=Decimal(70), unit="kg", concentration_mg_per_ml=Decimal(2))


def test_a_dose_without_a_pump_is_kept_on_a_device_and_printed_on_paper(world, as_role):
    stage = nasal(world)
    stage.step(treat.start, "clinician", where="both_nostrils")
    kept = as_role("nurse").get(address("kept", session=stage.session)).json()["kept"]
    assert kept["order"] is None, "devices are not reckoned with like a syringe"
    assert "paused" not in kept["pages"]
    paper = as_role("nurse").get(address("paper_pdf", session=stage.session))
    assert paper["Content-Type"] == "application/pdf"
