"""Quarters of a year, and what the calendar of a snapshot counted in one. Pure."""

import re
from dataclasses import dataclass
from datetime import date

from daybreak.kernel.refusal import Refusal
from daybreak.rulebook.public import Surveillance
from daybreak.watch.surveillance.counts import ALL, FIRST_MONDAY, CalendarCounts, Counts

_FORM = re.compile(r"(20\d\d)Q([1-4])")


class NoSuchQuarter(Refusal):
    """A quarter that is not one, or that the snapshot does not reach."""


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter, and its weeks as the calendar counts them: those whose Monday lies in it."""

    year: int
    number: int
    weeks: range

    @property
    def name(self) -> str:
        """Return it as “2026Q3”."""
        return f"{self.year}Q{self.number}"


@dataclass(frozen=True, slots=True)
class QuarterCounts:
    """Sessions of a quarter, and of each kind that is watched how many were counted, of how many that could be."""

    sessions: int
    kinds: tuple[tuple[str, str, int, int], ...]


def quarter_of(text: str) -> Quarter:
    """Return the quarter of “2026Q3”; raise NoSuchQuarter."""
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise NoSuchQuarter(f"“{text}” is no quarter. Write it as 2026Q3.")
    year, number = int(found[1]), int(found[2])
    first = date(year, 3 * number - 2, 1)
    after = date(year + number // 4, 3 * number % 12 + 1, 1)
    return Quarter(year, number, range(_first_week(first), _first_week(after)))


def last_whole_quarter(week: int) -> str:
    """Return the last quarter that was over by the end of a week of the calendar."""
    monday = date.fromordinal(FIRST_MONDAY.toordinal() + 7 * (week + 1))
    number = (monday.month - 1) // 3
    return f"{monday.year}Q{number}" if number else f"{monday.year - 1}Q4"


def quarter_counts(
    counts: CalendarCounts, surveillance: Surveillance, quarter: Quarter, *, site: str | None
) -> QuarterCounts:
    """Return what was counted in a quarter, at one site or at all. Raises NoSuchQuarter where the snapshot's calendar
    holds no week of it.
    """
    weeks = [week - counts.first_week for week in quarter.weeks if 0 <= week - counts.first_week < counts.weeks]
    if not weeks:
        raise NoSuchQuarter(f"This snapshot holds no session of {quarter.name}.")
    sites = [at for at, each in enumerate(counts.sites) if site in (None, each)]

    def summed(counted: Counts) -> int:
        return int(counted[sites][:, weeks].sum())

    kinds = tuple(
        (each.id, each.title, summed(counts.events(each)), summed(counts.held(each))) for each in surveillance.watched
    )
    return QuarterCounts(summed(counts.of(ALL)), kinds)


def _first_week(day: date) -> int:
    """Return the first week whose Monday is that day or later."""
    return -((FIRST_MONDAY.toordinal() - day.toordinal()) // 7)
