"""The calendar, the chairs, planning and moving: what each page says, and to whom."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.treat import public as treat
from tests.rooms.treat.stage import accepted_patient, planned, set_up

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Europe/Berlin")


def address(name: str, **more: object) -> str:
    return reverse(f"treat:{name}", kwargs={"site": "dawn", **more})


def typed(moment) -> str:
    return f"{moment.astimezone(ZONE):%Y-%m-%dT%H:%M}"


def course_of(stage):
    with scoped(stage.scope()) as scope:
        return treat.courses(scope, stage.patient)[0].key


@pytest.mark.parametrize("view", ["", "&view=week"])
def test_the_calendar_shows_who_holds_a_chair_and_only_at_this_site(world, as_role, view):
    stage = planned(world, hours_ago=1)
    planned(world, "dusk", patient=accepted_patient(world, "dusk", family="Fremd"))
    there = f"{address('calendar')}?day={stage.now.astimezone(ZONE).date()}{view}"
    page = as_role("nurse").get(there)
    assert page.status_code == 200
    assert "Pia Sommer" in page.content.decode()
    assert "Fremd" not in page.content.decode()
    assert as_role("educator").get(there).status_code == 403
    assert as_role("nurse", "dusk").get(there).status_code == 404


@pytest.mark.parametrize("day", ["", "never", "0001-01-01", "2026-02-30"])
def test_a_day_that_is_none_is_today(world, as_role, day):
    assert as_role("nurse").get(f"{address('calendar')}?day={day}&view=week").status_code == 200


def test_a_taken_chair_is_refused_by_name_and_what_is_offered_instead_is_one_touch(world, as_role):
    stage = planned(world, hours_ago=-24)
    other = planned(world, patient=accepted_patient(world, family="Winter"), chair="chair 2", hours_ago=-48)
    there, clinician = address("plan_session", course=course_of(other)), as_role("clinician")
    form = {"key": new_key(), "planned_for": typed(stage.now + timedelta(hours=1)), "chair": "chair 1"}
    page = clinician.post(there, form)
    assert page.status_code == 422
    assert "chair 1 is held by Pia Sommer, session 1" in page.content.decode()
    free = f"{typed(stage.now + timedelta(minutes=190, seconds=59))}|chair 1"  # the next whole minute
    assert f'value="{free}"' in page.content.decode()
    assert f'value="{form["planned_for"]}|chair 2"' in page.content.decode()
    assert clinician.post(there, {**form, "instead": free}).status_code == 302
    with scoped(other.scope()) as scope:
        assert free.split("|", maxsplit=1)[0] in {
            typed(line.planned_for) for line in treat.sessions_of(scope, other.patient)
        }


def test_the_protocols_limits_are_said_before_a_session_is_planned(world, as_role):
    stage = planned(world, hours_ago=-24)
    there = address("plan_session", course=course_of(stage))
    later = stage.now + timedelta(hours=4)
    form = {"key": new_key(), "planned_for": typed(later), "chair": "chair 1", "look": "1"}
    page = as_role("clinician").post(there, form).content.decode()
    assert (
        "Is this the only session of the day?" in page or later.astimezone(ZONE).day != stage.now.astimezone(ZONE).day
    )
    with scoped(stage.scope()) as scope:
        assert len(treat.sessions_of(scope, stage.patient)) == 1


def test_a_session_is_moved_from_its_page_and_the_page_says_where_it_was(world, as_role):
    stage = planned(world, hours_ago=-24)
    later = stage.now + timedelta(days=1)
    there, clinician = address("move", session=stage.session), as_role("clinician")
    form = {"key": new_key(), "planned_for": typed(later), "chair": "chair 1", "reason": "patient_asked"}
    assert clinician.post(there, {**form, "reason": ""}).status_code == 422
    assert clinician.post(there, form).status_code == 302
    page = clinician.get(there).content.decode()
    assert "first plan" in page
    assert "patient asked" in page
    assert as_role("nurse").post(there, form).status_code == 403


def test_only_the_site_lead_sets_chairs_up(world, as_role):
    form = {"key": new_key(), "name": "Window", "treatment_room": "Room 2", "set_up_minutes": "20"}
    lead = as_role("site lead")
    assert lead.post(address("new_chair"), form).status_code == 302
    assert lead.post(address("new_chair"), {**form, "key": new_key()}).status_code == 422
    assert as_role("clinician").post(address("new_chair"), form).status_code == 403
    chair = set_up(world, chair="Window")
    changed = {**form, "key": new_key(), "name": "Garden"}
    assert lead.post(address("change_chair", chair=chair), changed).status_code == 302
    assert "Garden" in lead.get(address("change_chair", chair=chair)).content.decode()
    assert lead.post(address("end_chair", chair=chair), {"key": new_key()}).status_code == 302
    assert "Garden" not in lead.get(address("chairs")).content.decode()
    assert lead.get(address("change_chair", chair=new_key())).status_code == 404
