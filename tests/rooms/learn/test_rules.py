"""What comes next, what is drawn, what may be claimed, what a certificate says."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from daybreak.learn.rules import (
    Accreditation,
    Progress,
    claim_refused,
    days_left,
    designation_refused,
    draw,
    is_open,
    next_step,
    read_code,
    statements,
    unanswered,
)
from tests.definitions.shipped import library

COURSE = library().activity("ketamine_trd")
ALL = frozenset(section.id for section in COURSE.sections)
DAY = date(2026, 12, 1)
ACADEMY = Accreditation(name="The Academy", from_day=DAY)


@pytest.mark.parametrize(
    ("progress", "step"),
    [
        (Progress(), "begin"),
        (Progress(enrolled=True), "read"),
        (Progress(enrolled=True, read=frozenset(["trials"]), passed=True), "read"),
        (Progress(enrolled=True, read=ALL), "quiz"),
        (Progress(enrolled=True, read=ALL, evaluated=True, claimed=True), "quiz"),
        (Progress(enrolled=True, read=ALL, passed=True), "evaluate"),
        (Progress(enrolled=True, read=ALL, passed=True, evaluated=True), "claim"),
        (Progress(enrolled=True, read=ALL, passed=True, evaluated=True, claimed=True), "done"),
    ],
)
def test_each_step_waits_for_the_one_before(progress, step):
    assert next_step(COURSE, progress) == step


def test_a_course_is_open_from_its_release_to_its_expiry_both_included():
    first, last, day = COURSE.release_date, COURSE.expiry_date, timedelta(days=1)

    assert [is_open(COURSE, on) for on in (first - day, first, last, last + day)] == [False, True, True, False]
    assert [days_left(COURSE, on) for on in (last, last + day)] == [0, -1]


def test_an_attempt_asks_for_every_objective_and_shuffles_items_and_answers():
    attempts = [draw(COURSE, Random(seed)) for seed in range(200)]

    for attempt in attempts:
        assert len(attempt) == len({each.item for each in attempt}) == COURSE.draws
        assert {COURSE.item(each.item).objective for each in attempt} == {each.id for each in COURSE.objectives}
        assert all(sorted(each.order) == list(range(len(COURSE.item(each.item).answers))) for each in attempt)
    assert len({attempt[0].item for attempt in attempts}) > 10
    places = Counter(each.order.index(COURSE.item(each.item).right) for attempt in attempts for each in attempt)
    assert all(400 < places[place] < 670 for place in range(3))  # of 1,600: near a third each


def test_an_answer_that_the_page_does_not_offer_is_none():
    attempt = draw(COURSE, Random(1))
    answers = {each.item: 0 for each in attempt}

    assert unanswered(attempt, answers) == ()
    assert unanswered(attempt, {**answers, attempt[0].item: 9}) == (attempt[0].item,)
    assert len(unanswered(attempt, {})) == COURSE.draws


@pytest.mark.parametrize(
    ("credit", "minutes", "says"),
    [
        ("0.5", 30, ""),
        ("0.25", 30, ""),
        ("0.25", 15, ""),
        ("0.25", 14, "14 of 30 minutes give less than 0.25"),
        ("0.5", 29, "29 of 30 minutes give less than 0.5"),
        ("0.75", 60, "at most 0.5"),
        ("0.3", 30, "in quarters"),
        ("0", 30, "in quarters"),
        ("-0.25", 30, "in quarters"),
    ],
)
def test_credit_is_claimed_in_quarters_up_to_the_maximum_and_for_the_time_taken_part(credit, minutes, says):
    refused = claim_refused(COURSE, credit=Decimal(credit), minutes=minutes, type_="participation")

    assert says in refused
    assert bool(refused) == bool(says)


@pytest.mark.parametrize(
    ("profession", "provider", "began", "on", "says"),
    [
        ("physician", ACADEMY, DAY, DAY, ""),
        ("other", ACADEMY, DAY, DAY, "Only physicians"),
        ("physician", None, DAY, DAY, "No accredited provider is configured"),
        ("physician", ACADEMY, DAY - timedelta(days=1), DAY, "not designated in retrospect"),
        ("physician", Accreditation(name="A", from_day=DAY + timedelta(days=1)), DAY, DAY, "No accredited provider"),
        ("physician", Accreditation(name="A", from_day=DAY, until_day=DAY), DAY, DAY, "No accredited provider"),
    ],
)
def test_only_an_accredited_provider_designates_credit_only_to_physicians_and_never_in_retrospect(
    profession, provider, began, on, says
):
    refused = designation_refused(COURSE, profession=profession, provider=provider, enrolled_on=began, on=on)

    assert says in refused
    assert bool(refused) == bool(says)


def test_the_statements_are_made_from_data():
    accredited, designated = statements(COURSE, provider=ACADEMY, credit_maximum=Decimal("0.5"))

    assert accredited.startswith("The Academy is accredited by")
    assert "designates this enduring material for a maximum of 0.5 AMA PRA Category 1 Credit™." in designated


@pytest.mark.parametrize("typed", ["2345-6789-ABCD-EFGH", "23456789abcdefgh", " 2345 6789 abcd efgh "])
def test_a_code_is_read_in_any_case_and_grouping(typed):
    assert read_code(typed) == "2345-6789-ABCD-EFGH"


@pytest.mark.parametrize("typed", ["", "2345", "2345-6789-ABCD-EFG0", "2345-6789-ABCD-EFGHJ", "'; DROP TABLE"])
def test_what_is_no_code_is_none(typed):
    assert read_code(typed) == ""
