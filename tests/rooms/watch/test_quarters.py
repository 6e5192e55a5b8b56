"""Quarters: which weeks they hold, and what was counted in them."""

import numpy as np
import pytest

from daybreak.watch.definitions import surveillance
from daybreak.watch.surveillance.counts import monday, people_at_least
from daybreak.watch.web.report.quarters import (
    KindCounts,
    NoSuchQuarter,
    last_whole_quarter,
    quarter_counts,
    quarter_of,
)
from daybreak.watch.web.report.told import kind_line
from tests.rooms.watch.registers import register


@pytest.mark.parametrize(
    ("text", "first", "after"), [("2026Q3", (2026, 7, 6), (2026, 10, 5)), ("2026Q4", (2026, 10, 5), (2027, 1, 4))]
)
def test_a_week_belongs_to_the_quarter_of_its_monday(
    text: str, first: tuple[int, int, int], after: tuple[int, int, int]
) -> None:
    weeks = quarter_of(text).weeks

    assert (monday(weeks.start).timetuple()[:3], monday(weeks.stop).timetuple()[:3]) == (first, after)


def test_a_quarter_that_begins_on_a_monday_holds_it() -> None:
    assert monday(quarter_of("2024Q1").weeks.start).isoformat() == "2024-01-01"


def test_the_last_whole_quarter_is_over() -> None:
    last = quarter_of("2026Q2").weeks.stop - 1

    assert last_whole_quarter(last) in ("2026Q1", "2026Q2")
    assert last_whole_quarter(last - 1) == "2026Q1"
    assert last_whole_quarter(quarter_of("2026Q4").weeks.stop + 1) == "2026Q4"


def test_what_was_counted_in_a_quarter_at_one_site_and_at_all() -> None:
    counts = register()
    quarter = quarter_of(last_whole_quarter(counts.first_week + 60))
    within = [week - counts.first_week for week in quarter.weeks]

    whole, one = (quarter_counts(counts, surveillance(), quarter, site=site) for site in (None, "site1"))
    assert whole.sessions == 3 * 10 * len(within)
    assert one.sessions == 10 * len(within)
    assert one.kinds[0].seen == int(counts.of("any_event")[1, within].sum())


@pytest.mark.parametrize(
    ("sessions", "people"),
    [
        ((0, 0, 0), 0),
        ((11, 0, 0), 11),
        ((0, 50, 0), 10),
        ((0, 51, 0), 11),
        ((7, 30, 100), 7),
        ((0, 0, 500), 1),
    ],
)
def test_sessions_are_of_the_fewest_people_that_could_have_held_them(sessions: tuple[int, ...], people: int) -> None:
    strata = [("first", "intravenous"), ("second to sixth", "intravenous"), ("later", "intravenous")]

    assert people_at_least(strata, np.array(sessions, dtype=float)) == people


@pytest.mark.parametrize(
    ("seen", "people", "line"),
    [
        (40, (11, 30, 11), [(40, 11), (163, 30)]),
        (40, (10, 30, 11), None),
        (190, (30, 10, 0), None),
        (40, (11, 30, 10), None),
        (0, (0, 30, 11), [(0, 0), (203, 30)]),
    ],
)
def test_the_public_reads_no_sessions_of_few_people(
    seen: int, people: tuple[int, int, int], line: list[tuple[int, int]] | None
) -> None:
    assert kind_line(KindCounts("nausea", "nausea", seen, 203, people)) == line


@pytest.mark.parametrize("text", ["2026Q5", "26Q1", "Q3", "1999Q1", "", "2031Q1"])
def test_what_is_no_quarter_or_lies_outside_is_refused(text: str) -> None:
    with pytest.raises(NoSuchQuarter):
        quarter_counts(register(), surveillance(), quarter_of(text), site=None)
