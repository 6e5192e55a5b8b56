"""On which days of a course a criterion applies: the questions of the day and the verdict agree on every day."""

from datetime import UTC, datetime, timedelta

import pytest

from daybreak.rulebook.evaluation import standing_in
from daybreak.rulebook.facts import Fact
from daybreak.rulebook.gate import Criterion
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
