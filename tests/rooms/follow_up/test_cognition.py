"""The short tasks in a browser: practice apart, timing recorded, a series broken by another device, and never a gate."""

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from daybreak.follow_up.actions.cognition import NotARun, note_task_runs
from daybreak.follow_up.queries.cognition import measured_runs
from daybreak.follow_up.rules import cognition
from daybreak.follow_up.web import cognition_words
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from tests.rooms.follow_up.browser import ORIGIN, PHONE, phone

pytestmark = pytest.mark.django_db
SHOTS = os.environ.get("DAYBREAK_SCREENSHOTS")
TIMING = {"frame_ms": 16.7, "timer_ms": 0.1}


def address(patient, site="dawn"):
    return reverse("follow_up:cognition", kwargs={"site": site, "patient": patient})


def run_of(ms=300.0, count=10):
    return {"task": "simple_reaction", "practice": [], "trials": [{"ms": ms, "right": True}] * count}


def note(scope, patient, *, device="tablet", key=None, at, **more):
    given = {"device": device, "timing": TIMING, "runs": [run_of()]} | more
    return note_task_runs(scope, key=key or new_key(), patient=patient, at=at, **given)


def test_runs_are_kept_once_and_a_series_breaks_where_the_device_changes(world):
    patient, key = world.patient(), new_key()
    with scoped(world.scope("coordinator")) as scope:
        for _ in range(2):
            note(scope, patient, key=key, at=world.now)
        note(scope, patient, at=world.now + timedelta(days=28))
        note(scope, patient, device="another tablet", at=world.now + timedelta(days=56))
        found = measured_runs(scope, patient)["simple_reaction"]
    assert [each.breaks for each in found] == [False, False, True]
    assert round(found[0].time.median_ms) == 292, "half a frame is taken off"


@pytest.mark.parametrize(
    "wrong",
    [
        {"timing": {}},
        {"timing": {"frame_ms": "NaN", "timer_ms": 1}},
        {"device": " "},
        {"runs": []},
        {"runs": [{"task": "chess", "trials": []}]},
        {"runs": [run_of(count=500)]},
        {"runs": [{"task": "simple_reaction", "trials": ["quick"]}]},
    ],
)
def test_what_is_no_run_is_refused(world, wrong):
    patient = world.patient()
    with scoped(world.scope("coordinator")) as scope, pytest.raises(NotARun):
        note(scope, patient, at=world.now, **wrong)


@pytest.mark.parametrize("sent", ["", "{", "[]", "{}", json.dumps({"device": "x", "timing": 5, "runs": []})])
def test_a_message_that_cannot_be_read_says_so(world, as_role, sent):
    answer = as_role("coordinator").post(address(world.patient()), {"key": str(new_key()), "sent": sent})
    assert answer.status_code == 422


def test_the_page_is_for_those_who_follow_up_at_this_site(world, as_role):
    patient = world.patient()
    assert as_role("coordinator").get(address(patient)).status_code == 200
    assert as_role("nurse").get(address(patient)).status_code == 403
    assert as_role("coordinator", "dusk").get(address(patient)).status_code == 404


def test_the_four_tasks_are_done_by_touch_and_by_keys(world, as_role, monkeypatch):
    monkeypatch.setitem(cognition.PLAN, "simple_reaction", {"practice": 1, "trials": 8})
    monkeypatch.setitem(cognition.PLAN, "choice_reaction", {"practice": 1, "trials": 1})
    monkeypatch.setitem(cognition.PLAN, "digit_symbol", {"practice": 1, "seconds": 2})
    monkeypatch.setitem(cognition.PLAN, "delayed_recall", {"words": 3, "learn_seconds": 0.1})
    monkeypatch.setattr(cognition_words, "to_learn", lambda: ["bridge", "lemon", "window"])
    patient = world.patient()
    with phone(as_role("coordinator"), **PHONE) as (page, _):
        page.goto(ORIGIN + address(patient))
        assert not Axe().run(page).response["violations"]
        page.get_by_role("button", name="Begin the tasks").click()
        for _ in range(2):  # the words, the first task
            page.get_by_role("button", name="Go on").click()
        for number in range(9):
            page.locator(".cognition-circle").wait_for()
            if number == 2:
                _shot(page, "circle")
            page.keyboard.press("Space")
            if number == 0:
                page.get_by_role("button", name="Go on").click()
        page.get_by_role("button", name="Go on").click()
        for number in range(2):
            page.locator(".cognition-circle").click()
            if number == 0:
                page.get_by_role("button", name="Go on").click()
        page.get_by_role("button", name="Go on").click()
        page.locator(".cognition-symbol").wait_for()
        _shot(page, "symbols")
        page.keyboard.press("1")
        page.get_by_role("button", name="Go on").click()
        page.keyboard.press("2")
        page.get_by_label("Words").fill("lemon bridge")
        assert not Axe().run(page).response["violations"]
        page.get_by_role("button", name="Go on").click()
        page.get_by_text("2 of 3 words").wait_for()
        _shot(page, "results")
        assert not Axe().run(page).response["violations"]
    with scoped(world.scope("coordinator")) as scope:
        found = measured_runs(scope, patient)
    assert list(found) == list(cognition.TASKS)
    simple = found["simple_reaction"][0]
    assert (len(simple.run.practice), len(simple.run.trials)) == (1, 8)
    assert simple.time.counted + simple.time.guesses + simple.time.lapses == 8
    assert simple.run.frame_ms > 0
    assert "Hz" in simple.run.device


def _shot(page, name):
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"cognition-{name}.png"), full_page=True)
