"""The list of patients: found by tokens, a page at a time, and nobody is looked at who is not shown."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daybreak.desk.gathering import listed
from daybreak.identity.models import Look
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.people.public import record_death
from daybreak.screen.public import refer
from daybreak.treat.public import open_course, plan_session
from tests.rooms.treat.stage import set_up

pytestmark = pytest.mark.django_db
PROTOCOL = "ketamine_iv_40min"


def queries_for_a_page(world, **asked):
    """Return how many queries a page of the list takes."""
    with scoped(world.scope()) as scope, CaptureQueriesContext(connection) as seen:
        listed(scope, at=world.now, **{"text": "", "stage": "", "page": 1, "of": 50, **asked})
    return len(seen)


def fill(world, n):
    """Admit `n` patients, each with a referral, a course and a session."""
    for number in range(n):
        patient, course = world.patient(given=f"Pia {number}"), new_key()
        chair = f"chair {patient.hex[-8:]}"
        set_up(world, chair=chair)
        with scoped(world.scope()) as scope:
            refer(scope, key=new_key(), patient=patient, protocol=PROTOCOL, reason="Low mood.", at=world.now)
            open_course(scope, key=course, patient=patient, protocol=PROTOCOL, at=world.now)
            planned = world.now + timedelta(hours=number)
            plan_session(scope, key=new_key(), course=course, planned_for=planned, chair=chair, at=world.now)


@pytest.mark.parametrize("asked", [{}, {"stage": "Screening"}, {"text": "sommer"}])
def test_sixty_patients_take_no_more_queries_than_five(world, asked):
    fill(world, 5)
    with_five = queries_for_a_page(world, **asked)
    fill(world, 55)
    assert queries_for_a_page(world, **asked) == with_five


def test_only_those_on_the_page_are_looked_at_and_in_one_look(world):
    for number in range(4):
        world.patient(given=f"Pia {number}")
    with scoped(world.scope()) as scope:
        found = listed(scope, text="", stage="", page=2, of=3, at=world.now)
        look = Look.objects.get()
    assert (found.count, found.total, found.page, found.pages) == (4, 4, 2, 2)
    assert look.patient_keys == [row.key for row in found.rows]
    assert len(found.rows) == 1


def test_a_page_beyond_the_last_is_the_last(world):
    world.patient()
    with scoped(world.scope()) as scope:
        found = listed(scope, text="", stage="", page=999_999, of=3, at=world.now)
    assert (found.page, len(found.rows)) == (1, 1)


def test_a_stage_filters_the_whole_site_and_not_only_a_page(world):
    gone = world.patient(family="First")
    for _ in range(3):
        world.patient()
    with scoped(world.scope()) as scope:
        record_death(scope, key=new_key(), patient=gone, died_on=None, at=world.now)
        found = listed(scope, text="", stage="Deceased", page=1, of=2, at=world.now)
        assert [row.key for row in found.rows] == [gone]
        assert listed(scope, text="", stage="Not referred", page=1, of=2, at=world.now).count == 3
        assert listed(scope, text="", stage="No such stage", page=1, of=2, at=world.now).count == 0


def test_patients_are_found_by_whole_words_of_their_names(as_role, world):
    world.patient(given="Zoë", family="Müller")
    world.patient(given="Ann", family="Other")
    clinician = as_role("clinician")
    found = clinician.get("/at/dawn/patients/", {"q": "muller zoe"}).content.decode()
    assert "Müller" in found
    assert "Other" not in found
    assert "Nobody found" in clinician.get("/at/dawn/patients/", {"q": "nobody"}).content.decode()


@pytest.mark.parametrize(
    "query", [{"page": "99999999999"}, {"page": "-1"}, {"page": "x"}, {"q": "\x00"}, {"stage": "<b>"}]
)
def test_a_strange_address_is_a_page_all_the_same(as_role, world, query):
    world.patient()
    assert as_role("clinician").get("/at/dawn/patients/", query).status_code == 200


def test_another_sites_patients_are_not_found(as_role, world):
    world.patient(family="Zimmer")
    page = as_role("clinician", "dusk").get("/at/dusk/patients/", {"q": "zimmer"}).content.decode()
    assert "Nobody found" in page
    assert "0 of 0 patients" in page
