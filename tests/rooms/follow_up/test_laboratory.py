"""What a long course asks of the laboratory where the drug is swallowed: when it is due, where it stands, and to whom."""

from datetime import timedelta
from decimal import Decimal
from importlib.resources import files

import pytest
from django.urls import reverse

from daybreak.follow_up.queries import laboratory as laboratory_now
from daybreak.follow_up.queries.laboratory import laboratory, laboratory_due
from daybreak.follow_up.queries.worklist import DUE, work_list
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.measure.public import NewLabResult, library, record_lab_result
from tests.rooms.follow_up.phone import after_a_session

WEEK = timedelta(weeks=1)


def liver():
    (found,) = library().continuation_of("ketamine_oral").laboratory
    return found


@pytest.fixture
def swallowed(monkeypatch):
    """Let the protocol that the tests are treated by count as one whose drug is swallowed: the oral one is a draft."""
    check = liver()
    monkeypatch.setattr(laboratory_now, "_checks", lambda protocol: (check,))


def results(world, scope, patient, *, at, tests=None):
    for test in tests or liver().tests:
        new = NewLabResult(
            key=new_key(), patient=patient, test=test, value=Decimal(30), unit="umol/L" if test == "lab_bilirubin" else "U/L",
            low=Decimal(10), high=Decimal(50), collected_at=at,
        )  # fmt: skip
        record_lab_result(scope, new)


@pytest.mark.parametrize(
    ("last", "sessions", "due"),
    [
        (None, [], 0),
        (1, [], None),
        (1, [1], None),
        (1, [2], 13),
        (1, [2, 3, 4, 5, 6], 13),
        (1, [2, 3, 4, 5, 6, 7], 7),
        (1, [0, 1, 20], 13),
    ],
)
def test_it_is_due_by_time_or_by_sessions_whichever_comes_first(last, sessions, due, world):
    check = replace_numbers(liver(), every_weeks=12, every_sessions=6)
    start = world.now
    found = check.due_from(
        opened_at=start,
        last=None if last is None else start + last * WEEK,
        sessions=[start + each * WEEK for each in sessions],
    )
    assert found == (None if due is None else start + due * WEEK)


def replace_numbers(check, **numbers):
    return check.model_copy(update=numbers)


def test_every_protocol_by_mouth_that_a_long_course_speaks_of_asks_for_the_liver_and_no_other_does():
    named = library().continuation_of("ketamine_oral").protocols
    every = [each for each in library().every("protocols") if each.id in named]
    asks = {each.dose.route for each in every if laboratory_now._checks(each)}
    assert asks == {"oral"}
    assert {each.dose.route for each in every} > {"oral"}


def test_the_register_takes_every_test_that_is_asked_for():
    view = (files("daybreak.follow_up") / "published" / "checks.sql").read_text()
    assert [test for test in liver().tests if f"'{test}'" not in view] == []


@pytest.mark.django_db
def test_who_swallows_the_drug_is_on_the_list_until_every_test_is_there(world, swallowed, as_role):
    patient = after_a_session(world).patient
    address = reverse("follow_up:long_term", kwargs={"site": "dawn", "patient": patient})
    at = world.now + timedelta(hours=1)
    with scoped(world.scope("coordinator")) as scope:
        results(world, scope, patient, at=world.now, tests=liver().tests[:-1])
        (waiting,) = [each for each in work_list(scope, at=at) if each.patient == patient]
        assert DUE in waiting.kinds
        assert [each.check.id for each in waiting.laboratory] == ["liver"]
    text = as_role("coordinator").get(address).content.decode()
    assert "Laboratory: Liver" in text
    assert "They were never all there." in text
    assert "Laboratory: Liver" in as_role("coordinator").get(reverse("follow_up:work", kwargs={"site": "dawn"})).text
    with scoped(world.scope("coordinator")) as scope:
        results(world, scope, patient, at=at, tests=liver().tests[-1:])
        (state,) = laboratory(scope, patient, at=at)
        assert state.last == world.now, "the last time is when the oldest of the newest results was taken"
        assert laboratory_due(scope, at=at) == {}
    assert "10–50 U/L" in as_role("coordinator").get(address).content.decode()


@pytest.mark.django_db
def test_nobody_else_is_asked(world):
    patient = after_a_session(world).patient
    with scoped(world.scope("coordinator")) as scope:
        assert laboratory(scope, patient, at=world.now) == []
        assert laboratory_due(scope, at=world.now) == {}


@pytest.mark.django_db
def test_another_site_sees_nothing_of_it(world, swallowed, monkeypatch):
    after_a_session(world)
    with scoped(world.scope("coordinator", "dusk")) as scope:
        assert laboratory_due(scope, at=world.now) == {}
