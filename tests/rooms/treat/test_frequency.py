"""What the protocol's limits of frequency say of a planned moment: the rules of the start, asked earlier."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from daybreak.measure.public import library
from daybreak.treat.rules.frequency import spacing, spacings

MONDAY = datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("Europe/Berlin"))


def limits(days_before: list[float], day: float) -> set[str]:
    """Return the limits that a session on `day` (from 0) would not keep after those on the days before."""
    protocol = library().protocol("ketamine_iv_40min", 2)
    earlier = [MONDAY + timedelta(days=each) for each in days_before]
    return {answer.id for answer in spacing(protocol, earlier, at=MONDAY + timedelta(days=day)).limits}


@pytest.mark.parametrize(
    ("before", "day", "broken"),
    [
        ([], 0, set()),
        ([0], 0.25, {"not_twice_a_day"}),
        ([0], 1, set()),
        ([0, 2, 4], 6, {"acute"}),  # a fourth within seven days
        ([0, 2, 4], 7, set()),
        ([0, 21], 27, set()),  # the last day of the first four weeks
        ([0, 22], 28, {"weekly_from_the_second_month"}),
        ([0, 21], 28, set()),
        ([0, 2, 4, 5], 1, set()),  # what is planned later does not count against it
    ],
)
def test_a_planned_moment_is_judged_by_the_rules_of_the_start(before, day, broken):
    assert limits(before, day) == broken


def test_days_are_those_of_the_sites_calendar():
    late = MONDAY.replace(hour=23, minute=30)
    protocol = library().protocol("ketamine_iv_40min", 2)
    found = spacings(protocol, [late, late + timedelta(hours=1)])
    assert [each.day for each in found] == [1, 2]
    assert found[1].limits == ()
    assert [each.phase.id for each in spacings(protocol, [late, late + timedelta(days=28)])] == [
        "acute",
        "weekly_from_the_second_month",
    ]
