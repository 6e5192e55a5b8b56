"""Entering at the chair, its buttons, and what became of readings, by the pages alone."""

import json
import re
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.measure.public import answer_sets
from daybreak.treat import public as treat
from tests.rooms.treat.stage import Stage, planned

pytestmark = pytest.mark.django_db


def address(name: str, **more: object) -> str:
    return reverse(f"treat:{name}", kwargs={"site": "dawn", **more})


def values_of(stage: Stage, sign: str) -> list[Decimal]:
    with scoped(stage.scope()) as scope:
        return [row.value for row in treat.readings_of(scope, stage.session) if row.sign == sign]


def chair(as_role, stage: Stage) -> str:
    return as_role("nurse").get(address("chair", session=stage.session)).content.decode()


def enter(as_role, stage: Stage, **typed: object):
    return as_role("nurse").post(address("readings", session=stage.session), {"key": new_key(), **typed}, follow=True)


def test_the_last_value_is_a_ghost_and_never_stored_by_itself(world, as_role):
    stage = planned(world).started()
    page = chair(as_role, stage)
    field = re.search(r'<input [^>]*data-sign="heart_rate"[^>]*>', page).group()
    assert 'value=""' in field
    assert 'placeholder="72"' in field
    before = values_of(stage, "heart_rate")

    enter(as_role, stage, systolic_pressure="130", heart_rate="")

    assert values_of(stage, "heart_rate") == before
    assert values_of(stage, "systolic_pressure")[-1] == 130


def test_one_touch_on_a_value_near_the_last_one_or_on_a_level_records_it(world, as_role):
    stage = planned(world).started()
    page = chair(as_role, stage)
    for sign, value in (("oxygen_saturation", "97"), ("sedation", "3"), ("dissociation", "2")):
        assert re.search(rf'<button class="[^"]*" type="submit" name="{sign}" value="{value}"', page), sign
    enter(as_role, stage, heart_rate=["", "74"], sedation="3")
    assert values_of(stage, "heart_rate")[-1] == 74
    assert values_of(stage, "sedation")[-1] == 3


def test_the_enter_key_presses_record_and_no_value_of_one_touch(world, as_role):
    page = chair(as_role, planned(world).started())
    form = page[page.index("data-enter ") : page.index("</form>", page.index("data-enter "))]
    first = re.search(r'<button [^>]*type="submit"[^>]*>', form).group()
    assert "name=" not in first


def test_a_value_far_from_the_last_one_is_asked_about_once_and_then_stored(world, as_role):
    stage = planned(world).started()
    asked = enter(as_role, stage, heart_rate="172")
    assert asked.status_code == 422
    page = asked.content.decode()
    assert "Really 172? The last one was 72." in page
    assert 'value="172"' in page
    sure = re.search(r'name="sure" value="([^"]*)"', page).group(1)

    other = enter(as_role, stage, heart_rate="171", sure=sure)
    stored = enter(as_role, stage, heart_rate="172", sure=sure)

    assert other.status_code == 422
    assert "Recorded: Heart rate 172." in stored.content.decode()
    assert values_of(stage, "heart_rate")[-1] == 172


def test_a_reading_typed_wrong_is_corrected_on_its_page_and_struck_in_the_table(world, as_role):
    stage = planned(world).started()
    enter(as_role, stage, heart_rate="77")
    with scoped(stage.scope()) as scope:
        wrong = next(row for row in treat.readings_of(scope, stage.session) if row.value == 77)
    assert address("reading", reading=wrong.key) in chair(as_role, stage)

    as_role("nurse").post(address("reading", reading=wrong.key), {"key": new_key(), "value": "87"})

    page = chair(as_role, stage)
    assert "<s>77</s>" in page
    assert "corrected: typed wrong" in page
    assert values_of(stage, "heart_rate")[-1] == 87
    again = as_role("nurse").get(address("reading", reading=wrong.key)).content.decode()
    assert "It was typed wrong" not in again


def test_an_artefact_is_marked_with_its_reason_and_leaves_the_tiles(world, as_role):
    stage = planned(world).started()
    stage.read(stage.at(), oxygen_saturation=70)
    with scoped(stage.scope()) as scope:
        wrong = next(row for row in treat.readings_of(scope, stage.session) if row.value == 70)
    where = address("reading", reading=wrong.key)
    assert as_role("nurse").post(where, {"key": new_key(), "reason": "because"}).status_code == 422

    as_role("nurse").post(where, {"key": new_key(), "reason": "probe_or_cuff"})

    told = as_role("nurse").get(address("readings", session=stage.session)).json()
    assert next(t for t in told["tiles"] if t["sign"] == "oxygen_saturation")["value"] == "98"
    assert {(r["value"], r["mark"]) for r in told["readings"] if r["sign"] == "oxygen_saturation"} == {
        (98.0, ""), (70.0, ""), (70.0, "artefact"),
    }  # fmt: skip
    assert "artefact: probe or cuff" in chair(as_role, stage)


def test_a_side_effect_is_one_touch_and_says_nothing_about_the_others(world, as_role):
    stage = planned(world).started()
    where = address("effect", session=stage.session)
    key = new_key()
    for _ in range(2):
        page = as_role("nurse").post(where, {"key": key, "effect": "nausea:2"}, follow=True)
    assert "Recorded: Feeling sick: moderate." in page.content.decode()
    with scoped(stage.scope()) as scope:
        said = [row.answers for row in answer_sets(scope, patient=stage.patient, instrument="acute_effects")]
    assert said == [{"nausea": 2}]
    assert as_role("nurse").post(where, {"key": new_key(), "effect": "nausea:9"}).status_code == 404


def test_a_note_is_kept_and_an_empty_one_is_asked_for_again(world, as_role):
    stage = planned(world).started()
    where = address("note", session=stage.session)
    as_role("nurse").post(where, {"key": new_key(), "words": "Wants the window open."})
    assert "Wants the window open." in chair(as_role, stage)
    empty = as_role("nurse").post(where, {"key": new_key(), "words": " "})
    assert (empty.status_code, "Nothing is written yet." in empty.content.decode()) == (422, True)


def test_stopping_takes_two_touches_and_each_reason_is_a_button(world, as_role):
    stage = planned(world).started()
    page = chair(as_role, stage)
    form = page[page.index("act-danger") :]
    form = form[: form.index("</form>")]
    for reason in treat.REASONS[treat.Step.STOPPED]:
        assert f'type="submit" name="reason" value="{reason}"' in form
    as_role("nurse").post(address("step", session=stage.session, step="stop"), {"key": new_key(), "reason": "line"})
    assert stage.look().state == treat.State.STOPPED


def test_the_buttons_are_those_that_the_table_of_steps_allows(world, as_role):
    stage = planned(world).started()
    running = set(re.findall(r"/step/([a-z]+)/", chair(as_role, stage)))
    stage.step(treat.pause, reason="nausea")
    paused = set(re.findall(r"/step/([a-z]+)/", chair(as_role, stage)))
    assert running == {"pause", "rate", "stop", "complete"}
    assert paused == {"resume", "stop"}


def test_what_waits_in_the_tray_is_named_beside_the_chart_and_not_drawn(world, as_role):
    stage = planned(world, hours_ago=1).started()
    enter(as_role, stage, oxygen_saturation="970")
    assert "Not drawn: 1 in the tray" in chair(as_role, stage)
    told = as_role("nurse").get(address("readings", session=stage.session)).json()
    assert 970 not in [each["value"] for each in told["readings"]]


def test_the_chart_is_told_the_pauses_and_the_limits(world, as_role):
    stage = planned(world).started()
    stage.step(treat.pause, reason="nausea", minutes=5)
    paused_at = stage.now
    stage.step(treat.resume, reason="settled", minutes=3)
    told = as_role("nurse").get(address("readings", session=stage.session)).json()
    assert told["pauses"] == [[paused_at.timestamp(), stage.now.timestamp()]]
    limits = json.loads(unescape(re.search(r"data-limits='([^']*)'", chair(as_role, stage)).group(1)))
    assert {each["words"] for each in limits} >= {"systolic ≥ 180", "systolic ≥ 164", "oxygen saturation ≤ 90"}


@pytest.mark.parametrize("name", ["effect", "note"])
def test_a_stranger_and_a_colleague_without_the_role_enter_nothing(world, as_role, name):
    stage = planned(world).started()
    there = reverse(f"treat:{name}", kwargs={"site": "dusk", "session": stage.session})
    said = {"key": new_key(), "words": "x", "effect": "nausea:1"}
    assert as_role("nurse", "dusk").post(there, said).status_code == 404
    assert as_role("nurse", "dusk").post(address(name, session=stage.session), said).status_code == 404
    assert as_role("educator").post(address(name, session=stage.session), said).status_code == 403


def test_another_sites_reading_does_not_exist(world, as_role):
    stage = planned(world).started()
    with scoped(stage.scope()) as scope:
        reading = treat.readings_of(scope, stage.session)[0].key
    there = reverse("treat:reading", kwargs={"site": "dusk", "reading": reading})
    assert as_role("nurse", "dusk").get(there).status_code == 404
    assert as_role("nurse", "dusk").get(address("reading", reading=reading)).status_code == 404
    assert as_role("educator").get(address("reading", reading=reading)).status_code == 403
