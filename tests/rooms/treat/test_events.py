"""Adverse events: what is told fits together, a later course keeps the earlier one, and each page is somebody's."""

from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.treat import public as treat
from daybreak.treat.models import AdverseEvent
from daybreak.treat.queries.events import EventEntry
from daybreak.treat.rules.events import NotAnEvent, check_event, check_times
from daybreak.treat.web.event_forms import LaterEvent
from tests.rooms.treat.stage import planned
from tests.rooms.treat.tablet import address
from tests.world.people import NOW

USUAL = {
    "term": "nausea", "grade": 2, "relation": "possible", "criteria": (), "course": "ongoing", "measure": "none",
}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, None),
        ({"term": "bad luck"}, "Choose what happened"),
        ({"grade": 0}, "Choose what happened"),
        ({"grade": 6}, "Choose what happened"),
        ({"relation": ""}, "Choose what happened"),
        ({"course": "over"}, "how it went on"),
        ({"measure": ""}, "how it went on"),
        ({"criteria": ["expensive"]}, "how it went on"),
        ({"grade": 3}, None),
        ({"grade": 3, "criteria": ["hospital_stay"]}, None),
        ({"grade": 4}, "danger to life"),
        ({"grade": 4, "criteria": ["life_threatening"]}, None),
        ({"grade": 5, "criteria": ["death"]}, "course is fatal"),
        ({"grade": 5, "course": "fatal"}, "course is fatal"),
        ({"criteria": ["death"], "course": "fatal"}, "course is fatal"),
        ({"grade": 5, "criteria": ["death"], "course": "fatal"}, None),
    ],
)
def test_grade_criteria_and_course_do_not_contradict_each_other(said, sentence):
    if sentence is None:
        return check_event(**(USUAL | said))
    with pytest.raises(NotAnEvent, match=sentence):
        check_event(**(USUAL | said))


@pytest.mark.parametrize(
    ("began", "ended", "course", "sentence"),
    [
        (-2, None, "ongoing", None),
        (0, 0, "recovered", None),
        (-2, -1, "recovered_with_sequelae", None),
        (-2, -1, "unknown", None),
        (1, None, "ongoing", "future"),
        (-2, 1, "recovered", "future"),
        (-2, -3, "recovered", "before it ends"),
        (-2, None, "recovered", "when it ended"),
        (-2, None, "fatal", "when it ended"),
        (-2, -1, "ongoing", "not ongoing"),
    ],
)
def test_the_times_fit_the_course(began, ended, course, sentence):
    times = {
        "began_at": NOW + timedelta(hours=began), "course": course, "at": NOW,
        "ended_at": None if ended is None else NOW + timedelta(hours=ended),
    }  # fmt: skip
    if sentence is None:
        return check_times(**times)
    with pytest.raises(NotAnEvent, match=sentence):
        check_times(**times)


def at_the_chair(**said: object) -> dict[str, object]:
    usual = {
        "key": new_key(), "term": "high_blood_pressure", "grade": 2, "relation": "probable", "course": "ongoing",
        "measure": "dose_paused",
    }  # fmt: skip
    return usual | said


@pytest.mark.django_db
def test_an_event_is_told_at_the_chair_with_what_makes_it_serious(world, as_role):
    stage = planned(world).started()
    said = at_the_chair(grade=3, criteria=["hospital_stay"], suspected="ketamine", note="Went to the ward.")
    as_role("nurse").post(address("event", session=stage.session), said)
    as_role("nurse").post(address("event", session=stage.session), said)
    with scoped(stage.scope()) as scope:
        (event,) = treat.adverse_events(scope, stage.patient)
        row = AdverseEvent.objects.get(key=event.key)
    assert (event.serious, event.criteria, event.suspected) == (True, ("hospital_stay",), "ketamine")
    assert (event.course, event.ended_at, event.measure) == ("ongoing", None, "dose_paused")
    assert b"ketamine" not in bytes(row.suspected)
    assert b"ward" not in bytes(row.note)


@pytest.mark.django_db
def test_what_contradicts_itself_is_shown_again_with_what_was_typed(world, as_role):
    stage = planned(world).started()
    answer = as_role("nurse").post(address("event", session=stage.session), at_the_chair(grade=4, note="Cold sweat."))
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "Grade 4 is danger to life" in page
    assert "Cold sweat." in page


@pytest.mark.django_db
def test_a_later_course_is_a_new_telling_and_the_earlier_one_stays(world, as_role):
    stage = planned(world).started()
    first = at_the_chair(note="First.")
    nurse, coordinator = as_role("nurse"), as_role("coordinator")
    nurse.post(address("event", session=stage.session), first)
    with scoped(stage.scope()) as scope:
        (event,) = treat.adverse_events(scope, stage.patient)
    there = address("event_history", event=event.key)
    zone = ZoneInfo("Europe/Berlin")
    later = at_the_chair(
        course="recovered", note="Second.", began_at=f"{event.began_at.astimezone(zone):%Y-%m-%dT%H:%M}",
        ended_at=f"{event.began_at.astimezone(zone):%Y-%m-%dT%H:%M}",
    )  # fmt: skip
    assert "goes on" in nurse.get(there).content.decode()
    wrong = coordinator.post(there, {**later, "ended_at": ""})
    assert (wrong.status_code, "Say when it ended" in wrong.content.decode()) == (422, True)
    page = unescape(coordinator.post(there, later, follow=True).content.decode())
    assert page.index("Second.") < page.index("First.")
    with scoped(stage.scope()) as scope:
        (now,) = treat.adverse_events(scope, stage.patient)
        told = treat.event_history(scope, event.key)
    assert [each.course for each in told] == ["ongoing", "recovered"]
    assert told == treat_history(stage, now.key)
    assert now.began_at == event.began_at, "a time that nobody touched keeps its seconds"
    assert now.session_key == stage.session
    stale = coordinator.post(there, {**later, "key": new_key()}, follow=True).content.decode()
    assert [each.course for each in treat_history(stage, event.key)] == ["ongoing", "recovered", "recovered"], stale


def treat_history(stage, key):
    with scoped(stage.scope()) as scope:
        return treat.event_history(scope, key)


def test_a_time_in_the_hour_that_comes_twice_is_asked_for_and_one_that_nobody_touched_stays(world):
    """In the night of 27 October 2024 the clocks of Berlin showed 02:30 twice."""
    second = datetime(2024, 10, 27, 1, 30, 17, tzinfo=UTC)
    before = EventEntry(
        new_key(), new_key(), None, None, "nausea", 2, "possible", False, (), "ongoing", "none", "", second, None,
        second, None, "",
    )  # fmt: skip
    told = at_the_chair(began_at="2024-10-27T02:30")

    def began(which):
        form = LaterEvent("Europe/Berlin", QueryDict(urlencode(told | which, doseq=True)), before=before)
        return form.told(NOW)["began_at"] if form.is_valid() else form.errors["began_at"][0]

    shown = LaterEvent("Europe/Berlin", before=before)["began_at"]
    assert 'value="2024-10-27T02:30"' in str(shown)
    assert shown.field.widget.twice(shown.value()) == [("first", False), ("second", True)]
    assert "showed this time twice" in began({})
    assert began({"began_at-which": "second"}) == second, "as exact as it was"
    assert began({"began_at-which": "first"}) == datetime(2024, 10, 27, 0, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_of_a_time_that_comes_twice_the_page_asks_which_is_meant(world, as_role):
    there = address("patient_events", patient=planned(world).patient)
    said = at_the_chair(began_at="2024-10-27T02:30")
    nurse = as_role("nurse")
    page = unescape(nurse.post(there, said).content.decode())
    assert page.count('name="began_at-which"') == 2
    assert "Began: which of the two is meant?" in page
    done = nurse.post(there, {**said, "began_at-which": "second"})
    assert done.status_code == 302
    assert 'name="began_at-which"' not in nurse.get(there).content.decode()


@pytest.mark.django_db
def test_a_telling_that_somebody_has_followed_already_is_not_followed_again(world):
    stage = planned(world).started()
    with scoped(stage.scope()) as scope:
        told = {
            "patient": stage.patient, "session": None, "began_at": stage.now, "ended_at": None, "at": stage.now,
            **USUAL,
        }  # fmt: skip
        first = treat.record_adverse_event(scope, key=new_key(), **told)
        treat.record_adverse_event(scope, key=new_key(), corrects=first.key, **told)
        with pytest.raises(NotAnEvent, match="meanwhile"):
            treat.record_adverse_event(scope, key=new_key(), corrects=first.key, **told)


@pytest.mark.django_db
def test_events_are_listed_for_the_site_and_told_afterwards_for_a_patient(world, as_role):
    stage = planned(world)
    there = address("patient_events", patient=stage.patient)
    zone = ZoneInfo("Europe/Berlin")
    began = f"{stage.now.astimezone(zone):%Y-%m-%dT%H:%M}"
    said = at_the_chair(term="headache", grade=1, began_at=began, criteria=["important_medical_event"])
    page = as_role("coordinator").post(there, said, follow=True).content.decode()
    assert "Headache" in page
    for shown, held in (("all", True), ("serious", True), ("ongoing", True)):
        listed = as_role("nurse").get(address("events") + f"?show={shown}").content.decode()
        assert ("Headache" in listed) == held, shown
    assert as_role("nurse").get(address("events") + "?show=x").status_code == 404
    for name, more in (("events", {}), ("patient_events", {"patient": stage.patient})):
        assert as_role("educator").get(address(name, **more)).status_code == 403
        assert as_role("nurse", "dusk").get(address(name, **more)).status_code == 404
    assert as_role("nurse").get(address("event_history", event=new_key())).status_code == 404
