"""The work list: one row for each patient, why they are on it, what was tried, and filters that stand in the address."""

from datetime import timedelta

import pytest
from django.urls import reverse

from daybreak.follow_up import public as follow_up
from daybreak.follow_up.queries.worklist import work_list
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from tests.rooms.follow_up.phone import invited

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HERE = reverse("follow_up:work", kwargs={"site": "dawn"})


@pytest.fixture
def waiting(world):
    """Somebody due, somebody late, and somebody who did not answer twice in a row and whom Cora tried to call."""
    due = world.patient(given="Mia", family="Kern")
    invited(world, due)
    late = world.patient(given="Ben", family="Adler")
    invited(world, late, at=world.now - 2 * DAY)
    silent = world.patient(given="Ada", family="Stille")
    for days in (18, 9):
        invited(world, silent, at=world.now - days * DAY)
    with scoped(world.scope("coordinator")) as scope:
        follow_up.note_attempt(
            scope, key=new_key(), patient=silent, way="telephone", outcome="no answer", at=world.now - DAY
        )
    return {"due": due, "late": late, "silent": silent}


def test_each_patient_has_one_row_with_every_reason(world, waiting):
    with scoped(world.scope("coordinator")) as scope:
        rows = {row.patient: row for row in work_list(scope, at=world.now)}
    assert {name: set(rows[key].kinds) for name, key in waiting.items()} == {
        "due": {"due"},
        "late": {"late"},
        "silent": {"late", "not_reached"},
    }
    assert rows[waiting["silent"]].missed == 2
    assert len(rows[waiting["silent"]].tries) == 1


def test_the_order_is_that_of_doing(world, waiting):
    with scoped(world.scope("coordinator")) as scope:
        rows = [row.patient for row in work_list(scope, at=world.now)]
    assert rows == [waiting["silent"], waiting["late"], waiting["due"]]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, {"Mia Kern", "Ben Adler", "Ada Stille"}),
        ({"show": "due"}, {"Mia Kern"}),
        ({"show": "late"}, {"Ben Adler", "Ada Stille"}),
        ({"show": "not_reached"}, {"Ada Stille"}),
        ({"show": "worse"}, set()),
        ({"q": "adl"}, {"Ben Adler"}),
        ({"show": "nonsense"}, {"Mia Kern", "Ben Adler", "Ada Stille"}),
    ],
)
def test_the_filters_stand_in_the_address(waiting, as_role, query, shown):
    text = as_role("coordinator").get(HERE, query).content.decode()
    assert {name for name in ("Mia Kern", "Ben Adler", "Ada Stille") if name in text} == shown


def test_what_was_tried_stands_beside_the_name(waiting, as_role):
    text = as_role("coordinator").get(HERE).content.decode()
    assert "by telephone, no answer" in text
    assert "Cora Vance" in text
    assert "2 in a row without an answer." in text


def test_a_try_and_an_end_are_noted_on_one_page_and_a_refusal_keeps_what_was_typed(world, waiting, as_role):
    client, patient = as_role("coordinator"), waiting["late"]
    here = reverse("follow_up:reach", kwargs={"site": "dawn", "patient": patient})
    lost = {
        "key": str(new_key()), "kind": "lost", "on_day": str(world.now.date()), "source": "staff", "note": "No trace.",
    }  # fmt: skip
    refused = client.post(here + "change/", lost)
    assert refused.status_code == 422
    assert "Note a try first" in refused.content.decode()
    assert "No trace." in refused.content.decode()
    client.post(here + "tried/", {"key": str(new_key()), "way": "letter", "outcome": "wrong number", "note": ""})
    done = client.post(here + "change/", lost, follow=True).content.decode()
    assert "lost to follow-up" in done
    assert "Ben Adler" not in client.get(HERE).content.decode()
