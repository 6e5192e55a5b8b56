"""The tasks of cognition by the patient's own link: offline like the questions, once, and never a gate."""

import json
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse

from daybreak.follow_up import public as follow_up
from daybreak.follow_up.queries.cognition import measured_runs
from daybreak.follow_up.rules import cognition
from daybreak.follow_up.web import cognition_words
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.ledger.public import waiting_in_tray
from daybreak.rulebook.public import TASK_SET
from tests.rooms.follow_up.browser import ORIGIN, phone
from tests.rooms.follow_up.phone import token_for

pytestmark = pytest.mark.django_db
TRIALS = [{"ms": 300.0, "right": True}] * 10
RUNS = [{"task": task, "practice": [], "trials": TRIALS} for task in cognition.TASKS]
TIMING = {"frame_ms": 16.7, "timer_ms": 0.1}


def sent(runs=RUNS, device="Chrome 120, Android, 390×844, 60 Hz"):
    return json.dumps({"device": device, "timing": TIMING, "runs": runs})


@pytest.fixture
def asked(world):
    """An invitation to the tasks, by hand."""
    patient = world.patient()
    with scoped(world.scope("coordinator")) as scope:
        return follow_up.invite(scope, key=new_key(), patient=patient, instrument=TASK_SET, at=world.now)


def address(world, asked, name="questions"):
    return reverse(f"answer:{name}", kwargs={"site": "dawn", "token": token_for(world, asked)})


def runs_of(world, asked):
    with scoped(world.scope("coordinator")) as scope:
        return measured_runs(scope, asked.patient_key)


def state(world, asked):
    with scoped(world.scope("coordinator")) as scope:
        return follow_up.asked(scope, asked.key).state(world.now + timedelta(minutes=5))


def tasks(world, asked):
    with scoped(world.scope("coordinator")) as scope:
        return [each.task.kind for each in follow_up.open_tasks(scope, patient=asked.patient_key)]


def test_opening_the_link_changes_nothing_and_shows_nothing_of_the_patient(world, asked):
    there = address(world, asked)
    for ask in (Client().head, Client().get, Client().get):
        assert ask(there).status_code == 200
    page = Client().get(there).content.decode()
    assert "Four short tasks" in page
    assert "Sommer" not in page
    assert runs_of(world, asked) == {}
    assert state(world, asked) is follow_up.State.OPEN


def test_runs_that_are_sent_twice_are_kept_once_and_others_wait_for_a_person(world, asked):
    there, key = address(world, asked), str(new_key())
    for _ in range(2):
        assert "has arrived" in Client().post(there, {"key": key, "sent": sent()}).content.decode()
    assert [len(each) for each in runs_of(world, asked).values()] == [1, 1, 1, 1]
    assert state(world, asked) is follow_up.State.ANSWERED
    assert tasks(world, asked) == []
    assert Client().post(there, {"key": str(new_key()), "sent": sent()}).status_code == 200
    assert [len(each) for each in runs_of(world, asked).values()] == [1, 1, 1, 1]
    assert tasks(world, asked) == ["answers to settle"]
    with scoped(world.scope()) as scope:
        assert len(waiting_in_tray(scope)[0].content["runs"]) == 4


@pytest.mark.parametrize("wrong", ["", "{", "[]", json.dumps({"device": "x", "timing": TIMING, "runs": []}), sent([5])])
def test_what_cannot_be_read_is_said_and_nothing_is_kept(world, asked, wrong):
    answer = Client().post(address(world, asked), {"key": str(new_key()), "sent": wrong})
    assert answer.status_code == 422
    assert "Do the tasks again" in answer.content.decode() or "do the tasks again" in answer.content.decode()
    assert runs_of(world, asked) == {}
    assert state(world, asked) is follow_up.State.OPEN


def test_a_questionnaires_link_takes_no_runs_and_a_stale_one_says_so(world, asked):
    with scoped(world.scope("coordinator")) as scope:
        follow_up.call_off(scope, invitation=asked.key, at=world.now + timedelta(minutes=2))
    there = address_of_old(world)
    assert Client().get(there).status_code == 404


def address_of_old(world):
    patient = world.patient()
    with scoped(world.scope("coordinator")) as scope:
        old = follow_up.invite(
            scope, key=new_key(), patient=patient, instrument=TASK_SET, at=world.now - timedelta(days=9)
        )
        token = follow_up.hand_over_link(scope, invitation=old.key, at=world.now - timedelta(days=8))
    return reverse("answer:questions", kwargs={"site": "dawn", "token": token})


def test_runs_are_told_apart_by_device_but_not_by_a_browser_that_renewed_itself(world, asked):
    key = str(new_key())
    Client().post(address(world, asked), {"key": key, "sent": sent()})
    for device in ("Chrome 121, Android, 390×844, 60 Hz", "Chrome 121, Android, 412×915, 60 Hz"):
        with scoped(world.scope("coordinator")) as scope:
            again = follow_up.invite(scope, key=new_key(), patient=asked.patient_key, instrument=TASK_SET, at=world.now)
        Client().post(address(world, again), {"key": str(new_key()), "sent": sent(device=device)})
    assert [each.breaks for each in runs_of(world, asked)["simple_reaction"]] == [False, False, True]


def test_the_clinic_asks_for_the_tasks_by_hand_and_sees_who_did_them_alone(world, as_role):
    patient = world.patient()
    there = reverse("follow_up:ask", kwargs={"site": "dawn", "patient": patient})
    answer = as_role("coordinator").post(there, {"key": str(new_key()), "instrument": TASK_SET})
    assert answer.status_code == 302
    page = as_role("coordinator").get(answer.url).content.decode()
    assert "Short tasks of cognition, exploratory" in page


def quick(monkeypatch):
    monkeypatch.setitem(cognition.PLAN, "simple_reaction", {"practice": 1, "trials": 8})
    monkeypatch.setitem(cognition.PLAN, "choice_reaction", {"practice": 1, "trials": 1})
    monkeypatch.setitem(cognition.PLAN, "digit_symbol", {"practice": 1, "seconds": 2})
    monkeypatch.setitem(cognition.PLAN, "delayed_recall", {"words": 3, "learn_seconds": 0.1})
    monkeypatch.setattr(cognition_words, "to_learn", lambda: ["bridge", "lemon", "window"])


# A finger that touches every circle as soon as it is there, however slow the machine of the test is.
FINGER = """setInterval(() => {
  const circle = document.querySelector(".cognition-circle");
  circle?.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
}, 150)"""


def go_on(page):
    page.get_by_role("button", name="Go on").tap()


def test_on_the_phone_by_touch_without_a_network_at_the_end(world, asked, monkeypatch):
    quick(monkeypatch)
    with phone() as (page, network):
        page.goto(ORIGIN + address(world, asked))
        assert not Axe().run(page).response["violations"]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.get_by_role("button", name="Begin the tasks").tap()
        network.is_down = True
        page.evaluate(FINGER)
        for _ in range(6):  # the words; the first task, practised and counted; the second; the symbols
            go_on(page)
        page.locator(".cognition-digits button").first.tap()
        go_on(page)
        page.locator(".cognition-digits button").nth(1).tap()
        page.get_by_label("Words").fill("lemon bridge")
        go_on(page)
        page.locator("[data-waiting]:visible").wait_for()
        assert not Axe().run(page).response["violations"]
        assert runs_of(world, asked) == {}
        network.is_down = False
        page.reload()
        page.locator("[data-stored]").wait_for()
        page.wait_for_function("() => localStorage.length === 0")
    found = runs_of(world, asked)
    assert list(found) == list(cognition.TASKS)
    run = found["simple_reaction"][0].run
    assert (run.watched_by, run.invitation_key, len(run.practice), len(run.trials)) == (None, asked.key, 1, 8)
    assert found["delayed_recall"][0].right == 2
    assert network.posts >= 1
