"""What keeps an infusion from starting, with the rooms' own facts; and who may go on in spite of what."""

from datetime import timedelta
from decimal import Decimal

import pytest

from daybreak.consent.public import withdraw
from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import day_of
from daybreak.kernel.scope import scoped
from daybreak.ledger.public import KeyReused, TrayItem, record_one, standing
from daybreak.people.public import credentials
from daybreak.rulebook.public import NoDose
from daybreak.screen.public import record_finding
from daybreak.treat import public as treat
from daybreak.treat.actions.dosing import OtherUnitMeant
from daybreak.treat.actions.prepare import NothingToOverride, SamePerson
from daybreak.treat.actions.run import RateNotOrdered
from daybreak.treat.actions.steps import BackwardsInTime, NoSuchSession, NotYourPart
from daybreak.treat.queries.answers import facts_before_dose
from tests.rooms.treat.stage import ALL_CONFIRMED, accepted_patient, planned
from tests.world.people import TODAY

pytestmark = pytest.mark.django_db


def in_the_way(stage, role: str = "clinician") -> str:
    with scoped(stage.scope(role)) as scope:
        found = treat.session_now(scope, stage.session)
        return treat.starting(scope, found, at=stage.now + timedelta(minutes=1)).sentence()


def test_everything_done_nothing_is_in_the_way(world):
    assert in_the_way(planned(world).prepared()) == ""


@pytest.mark.parametrize(("days", "expected"), [(0, "ACLS certificate expired"), (1, "")])
def test_an_acls_certificate_that_ended_yesterday_keeps_its_holder_from_starting(world, days, expected):
    stage = planned(world).prepared()
    with scoped(world.scope("site lead")) as scope:
        held = next(c for c in credentials(scope, account=world.staff["dawn", "clinician"].key) if c.kind == "acls")
        day = day_of(stage.now + timedelta(minutes=1), "Europe/Berlin") + timedelta(days=days)
        from_day = TODAY - timedelta(days=100)
        _replace(scope, held, issued_on=from_day, expires_on=day)
    assert (expected in in_the_way(stage)) if expected else in_the_way(stage) == ""


def test_the_page_of_whoever_may_not_start_says_what_to_do(world, as_role):
    stage = planned(world).prepared()
    with scoped(world.scope("site lead")) as scope:
        held = next(c for c in credentials(scope, account=world.staff["dawn", "clinician"].key) if c.kind == "acls")
        ended = day_of(stage.now, "Europe/Berlin")  # yesterday was its last day
        _replace(scope, held, issued_on=TODAY - timedelta(days=100), expires_on=ended)
    page = as_role("clinician").get(f"/at/dawn/treat/sessions/{stage.session}/", follow=True)
    words = page.content.decode()

    assert page.status_code == 200
    assert "You may not start an infusion today." in words
    assert "ACLS certificate expired on" in words
    assert "show the new certificate under “My credentials”, for the site lead to verify" in words


def _replace(scope, held, *, issued_on, expires_on) -> None:
    record_one(
        type(held)(
            site=scope.site, key=new_key(), corrects=held.key, account_key=held.account_key, kind=held.kind,
            issued_on=issued_on, expires_on=expires_on, number="",
        )
    )  # fmt: skip


def test_a_withdrawn_consent_keeps_everyone_from_starting(world):
    stage = planned(world).prepared()
    with scoped(stage.scope("clinician")) as scope:
        withdraw(
            scope,
            key=new_key(),
            patient=stage.patient,
            consent="treatment",
            reason="Not today.",
            at=stage.now,
        )
    assert "Consent to the treatment is not in force." in in_the_way(stage)
    with pytest.raises(treat.MayNotStart):
        stage.step(treat.start, "clinician")


def test_a_patient_nobody_accepted_is_not_started(world):
    stage = planned(world, patient=accepted_patient(world, accept=False)).prepared()
    assert "No clinician has accepted" in in_the_way(stage)


def test_an_acceptance_does_not_outlive_a_contraindication_found_since(world):
    stage = planned(world).prepared()
    found = {"patient": stage.patient, "question": "aneurysmal_vascular_disease", "value": True}
    with scoped(stage.scope("clinician")) as scope:
        record_finding(scope, key=new_key(), **found, noted_at=stage.now)
    assert "no longer met. Is there no aneurysmal vascular disease?" in in_the_way(stage)
    with pytest.raises(treat.MayNotStart):
        stage.step(treat.start, "clinician")

    with scoped(stage.scope("clinician")) as scope:
        record_finding(scope, key=new_key(), **(found | {"value": False}), noted_at=stage.at())
    assert in_the_way(stage) == ""


@pytest.mark.parametrize(("systolic", "blocks"), [(140, False), (141, True)])
def test_a_pressure_above_the_protocols_waits_or_a_clinician_signs_for_it(world, systolic, blocks):
    stage = planned(world).check_in().weigh().gathered()
    stage.read()
    stage.read(at=stage.at(), systolic_pressure=systolic)
    stage.ready().time_out()
    assert ("systolic" in in_the_way(stage)) is blocks
    if blocks:
        said = {
            "stage": "before_each_dose",
            "criterion": "systolic_acceptable",
            "reason": "Long known, treated.",
        }
        with pytest.raises(NotYourPart):
            stage.step(treat.sign_override, "nurse", **said)
        stage.step(treat.sign_override, "clinician", **said)
        assert in_the_way(stage) == ""
        stage.read(at=stage.at(), systolic_pressure=165)
        assert "systolic" in in_the_way(stage)


def test_consent_and_the_time_out_cannot_be_signed_for(world):
    stage = planned(world).check_in().weigh()
    for criterion in ("consented", "time_out", "screened", "nonsense", ""):
        with pytest.raises(NothingToOverride):
            stage.step(
                treat.sign_override,
                "clinician",
                stage="before_each_dose",
                criterion=criterion,
                reason="Because.",
            )


def test_one_person_is_not_two(world):
    stage = planned(world).check_in().weigh()
    stage.read()
    stage.ready().time_out("nurse")
    with pytest.raises(SamePerson):
        stage.time_out("nurse")
    assert "two people" in in_the_way(stage)


def test_a_new_weight_asks_for_a_new_time_out(world):
    stage = planned(world).prepared()
    stage.weigh(Decimal(71))
    assert "two people" in in_the_way(stage)
    assert stage.look().state is treat.State.WEIGHED


def test_an_answer_of_no_or_not_known_is_in_the_way(world):
    stage = planned(world).check_in().weigh()
    stage.read()
    stage.ready(escort_arranged=False, medicines_today=None).time_out()
    found = in_the_way(stage)
    assert "Is an escort home arranged?" in found
    assert "Were today's medicines taken as agreed?" in found


def test_another_session_in_the_chair_is_in_the_way(world):
    planned(world).started()  # longer than planned: it should be over by now
    other = planned(world, patient=accepted_patient(world, family="Winter"), hours_ago=1.7).prepared()
    assert "Another session is open in this chair." in in_the_way(other)


def test_pounds_taken_for_kilograms_are_doubted_from_the_second_session_on(world):
    stage = planned(world).started()
    stage.step(treat.stop, reason="patient_asked")
    again = planned(world, patient=stage.patient, chair="chair 2").check_in()
    with pytest.raises(OtherUnitMeant):
        again.weigh(Decimal("154.3"), "kg")
    again.weigh(Decimal("154.3"), "[lb_av]")
    assert again.look().order.weight_kg == Decimal("69.989")


@pytest.mark.parametrize("weight", ["0", "-70", "24", "700", "NaN"])
def test_a_weight_that_cannot_be_right_gives_no_dose(world, weight):
    stage = planned(world).check_in()
    with pytest.raises(NoDose):
        stage.weigh(Decimal(weight))
    assert stage.look().state is treat.State.CHECKED_IN


@pytest.mark.parametrize("rate", ["0", "-1", "52.6", "NaN"])
def test_the_pump_is_never_set_above_the_order(world, rate):
    stage = planned(world).started()
    with pytest.raises(RateNotOrdered):
        stage.step(treat.change_rate, reason="other", rate_ml_per_hour=Decimal(rate))


@pytest.mark.parametrize("rate", ["0.001", "0.099"])
def test_the_pump_is_never_set_below_the_step_of_the_protocol(world, rate):
    stage = planned(world).started()
    with pytest.raises(RateNotOrdered, match=r"The smallest rate is 0\.1 mL/h.* To give nothing, pause\."):
        stage.step(treat.change_rate, reason="other", rate_ml_per_hour=Decimal(rate))
    stage.step(treat.change_rate, reason="other", rate_ml_per_hour=Decimal("0.1"))


def test_time_does_not_run_backwards(world):
    stage = planned(world).started()
    with pytest.raises(BackwardsInTime):
        stage.step(treat.pause, reason="other", minutes=-5)


def test_a_retry_is_one_step_and_other_content_under_its_key_waits_in_the_tray(world):
    stage, key = planned(world), new_key()
    with scoped(stage.scope()) as scope:
        for _ in range(2):
            treat.check_in(scope, key=key, session=stage.session, at=stage.now)
        with pytest.raises(KeyReused):
            treat.check_in(scope, key=key, session=stage.session, at=stage.now + timedelta(minutes=1))
        assert len(treat.session_now(scope, stage.session).steps) == 1
        assert standing(TrayItem).filter(site=scope.site, about_key=key).count() == 1


def test_another_sites_team_cannot_touch_the_session(world):
    stage = planned(world).prepared()
    with scoped(world.scope("nurse", "dusk")) as scope:
        with pytest.raises(NoSuchSession):
            treat.check_in(scope, key=new_key(), session=stage.session, at=stage.now)
        with pytest.raises(NoSuchSession):
            treat.sign_time_out(
                scope,
                key=new_key(),
                session=stage.session,
                items=ALL_CONFIRMED,
                order=new_key(),
                at=stage.now,
            )


def test_certificates_and_consents_are_dated_by_what_they_count_from_and_not_by_the_moment_of_asking(world):
    stage = planned(world).check_in().gathered()
    with scoped(stage.scope("clinician")) as scope:
        asked = [facts_before_dose(scope, stage.look(), at=stage.now + timedelta(minutes=more)) for more in (0, 50)]
    for name in ("credentials_on_duty", "consents_in_force"):
        first, later = (facts[name].at for facts in asked)
        assert first == later < stage.now, name
