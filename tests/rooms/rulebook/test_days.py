"""On which days of a course a criterion applies: the questions of the day and the verdict agree on every day."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from daybreak.rulebook.evaluation import standing_in
from daybreak.rulebook.facts import Fact
from daybreak.rulebook.gate import Criterion, Gate
from daybreak.rulebook.gate_tests import TESTS, words_of_age
from daybreak.rulebook.public import SESSIONS
from tests.definitions.shipped import library

SESSIONS_GIVEN = library().protocol("ketamine_iv_40min").fact(SESSIONS)
FIRST = datetime(2026, 1, 5, 9, tzinfo=UTC)


def criterion(**period: int) -> Criterion:
    return Criterion.model_validate(
        {
            "id": "in_time", "question": "Is it so?", "ask": "weight", "unit": "kg", "below": 1, "otherwise": "review",
            "source": "site", "reference": "site:values", **period,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("period", "days"),
    [
        ({}, set(range(1, 41))),
        ({"from_day": 29}, set(range(29, 41))),
        ({"until_day": 28}, set(range(1, 29))),
        ({"from_week": 2, "until_week": 3}, set(range(8, 22))),
    ],
)
def test_the_questions_of_a_day_are_those_of_the_criteria_that_the_verdict_judges(period, days):
    asked = criterion(**period)
    assert {day for day in range(1, 41) if asked.applies_on(day)} == days
    sessions = Fact((FIRST.isoformat(),), at=FIRST)
    for day in range(1, 41) if asked.period else ():
        at = FIRST + timedelta(days=day - 1, hours=1)
        assert (standing_in(asked.period, SESSIONS_GIVEN, sessions, at) is None) == (day in days)


@pytest.mark.parametrize(
    ("age", "words"),
    [({"within_days": 1}, "1 day"), ({"within_days": 14}, "14 days"), ({"within_minutes": 1}, "1 minute")],
)
def test_an_age_is_said_as_many_as_there_are_and_its_day_is_the_clinics(age, words):
    near_midnight = Fact(True, at=datetime(2026, 11, 14, 23, 30, tzinfo=UTC))
    gate = Gate.model_validate({"ask": "any", **age})
    here = datetime(2026, 11, 15, 9, tzinfo=ZoneInfo("Europe/Berlin"))

    _, reason = TESTS["within"](gate, near_midnight, here)

    assert words_of_age(gate) == words
    assert reason == f"It is from Sun 15 Nov 2026; needed within {words}."
