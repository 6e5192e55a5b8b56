"""A serious adverse event opens tasks with the deadlines of the site's definition; they pass visibly, and are closed
with to whom it was reported and when.
"""

from datetime import timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from daybreak.config.events import deliver
from daybreak.follow_up import public as follow_up
from daybreak.follow_up.actions import NotSaid, close_task, escalate_overdue, take_task
from daybreak.follow_up.queries.tasks import steps_of
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.treat import public as treat
from tests.world.people import World

pytestmark = pytest.mark.django_db

EVENT = "serious event recorded"


def told(world: World, patient, *criteria: str, corrects=None, **more: object):
    usual = {"grade": 3, "course": "ongoing", "ended_at": None}
    with scoped(world.scope("nurse")) as scope:
        event = treat.record_adverse_event(
            scope, key=new_key(), patient=patient, session=None, term="fainting", relation="possible",
            began_at=world.now - timedelta(hours=1), at=world.now, criteria=criteria, corrects=corrects,
            **(usual | more),
        )  # fmt: skip
    deliver(EVENT, site="dawn", key=event.key, at=world.now)
    return event


def tasks(world: World, patient) -> dict[str, follow_up.OpenTask]:
    with scoped(world.scope("clinician")) as scope:
        found = follow_up.open_tasks(scope, patient=patient)
    return {each.task.because: each for each in found}


def test_an_event_that_is_not_serious_owes_nothing(world):
    patient = world.patient()
    told(world, patient)
    assert tasks(world, patient) == {}


def test_a_serious_one_is_owed_to_each_once_and_a_worse_telling_adds_what_it_owes(world):
    patient = world.patient()
    first = told(world, patient, "hospital_stay")
    deliver(EVENT, site="dawn", key=first.key, at=world.now)
    (task,) = tasks(world, patient).values()
    assert task.task.because == "Serious adverse event: tell this site's safety board within 168 hours."
    assert task.task.due_at == world.now + timedelta(hours=168)
    told(world, patient, "hospital_stay", "life_threatening", corrects=first.key, grade=4)
    found = tasks(world, patient)
    assert [each.task.due_at - world.now for each in found.values()] == [timedelta(hours=24), timedelta(hours=168)]


def test_a_deadline_passes_in_sight_whoever_took_the_task(world, as_role):
    patient = world.patient()
    told(world, patient, "hospital_stay")
    (task,) = tasks(world, patient).values()
    late = world.now + timedelta(hours=168)
    with scoped(world.scope("clinician")) as scope:
        take_task(scope, key=new_key(), task=task.task.key, at=world.now)
        (task,) = follow_up.open_tasks(scope, patient=patient)
        assert not task.is_overdue(late - timedelta(seconds=1))
        assert task.is_overdue(late)
        assert escalate_overdue(scope, at=late - timedelta(seconds=1)) == []
        assert [each.key for each in escalate_overdue(scope, at=late)] == [task.task.key]
        assert escalate_overdue(scope, at=late) == []
    page = as_role("clinician").get(reverse("follow_up:work", kwargs={"site": "dawn"})).content.decode()
    assert "Serious adverse event to be reported" in page
    assert "to be reported in" in page


def test_it_is_closed_only_with_to_whom_it_was_reported_and_when(world, as_role):
    patient = world.patient()
    told(world, patient, "hospital_stay")
    (task,) = tasks(world, patient).values()
    with scoped(world.scope("clinician")) as scope, pytest.raises(NotSaid, match="to whom"):
        close_task(scope, key=new_key(), task=task.task.key, what_was_done="Told.", at=world.now)
    here = {"site": "dawn", "task": task.task.key}
    there = reverse("follow_up:close", kwargs=here)
    clinician, when = as_role("clinician"), world.now.astimezone(ZoneInfo("Europe/Berlin")) - timedelta(minutes=5)
    refused = clinician.post(there, {"key": new_key(), "what_was_done": "By telephone."})
    assert refused.status_code == 422
    assert "By telephone." in refused.content.decode()
    ahead = {"reported_at": f"{when + timedelta(days=1):%Y-%m-%dT%H:%M}", "reported_to": "The board"}
    refused = clinician.post(there, {"key": new_key(), "what_was_done": "By telephone.", **ahead})
    assert (refused.status_code, "Say to whom it was reported" in refused.content.decode()) == (422, True)
    said = {
        "reported_to": "The board, Dr Ruiz",
        "reported_at": f"{when:%Y-%m-%dT%H:%M}",
        "what_was_done": "By telephone.",
    }
    assert clinician.post(there, {"key": new_key(), **said}).status_code == 302
    assert tasks(world, patient) == {}
    page = unescape(clinician.get(reverse("follow_up:task", kwargs=here)).content.decode())
    assert "Reported to The board, Dr Ruiz. By telephone." in page
    with scoped(world.scope("clinician")) as scope:
        closed = steps_of(scope, task=task.task.key)[-1]
    assert closed.reported_at == when.replace(second=0, microsecond=0)
