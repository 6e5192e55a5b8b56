"""Quarters of a year, and what the calendar of a snapshot counted in one. Pure."""

import re
from dataclasses import dataclass
from datetime import date

import numpy as np

from daybreak.kernel.refusal import Refusal
from daybreak.rulebook.public import Surveillance, WatchedHarm
from daybreak.watch.surveillance.counts import ALL, FIRST_MONDAY, MISSED, CalendarCounts, Counts, people_at_least

ANY = "any_event"
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
class KindCounts:
    """Sessions with one kind of what is watched, of how many that could have had it.

    `people` are how many people there must be at least among the sessions with it, those without it, and those with
    any event but not this one: the calendar holds nobody, so more cannot be known of them.
    """

    id: str
    title: str
    seen: int
    of: int
    people: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class QuarterCounts:
    """Sessions of a quarter, how many people they are of at least, and each kind that is watched."""

    sessions: int
    people: int
    kinds: tuple[KindCounts, ...]


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

    def strata(counted: Counts) -> Counts:
        return np.asarray(counted[sites][:, weeks].sum(axis=(0, 1)), dtype=np.float64)

    def kind(watched: WatchedHarm) -> KindCounts:
        seen, of, any_event = strata(counts.events(watched)), strata(counts.held(watched)), strata(counts.of(ANY))
        cells = (seen, of - seen, any_event - seen if watched.counts != MISSED else np.zeros_like(seen))
        people = (people_at_least(counts.strata, cells[0]), people_at_least(counts.strata, cells[1]),
                  people_at_least(counts.strata, cells[2]))  # fmt: skip
        return KindCounts(watched.id, watched.title, int(seen.sum()), int(of.sum()), people)

    every = strata(counts.of(ALL))
    kinds = tuple(kind(each) for each in surveillance.watched)
    return QuarterCounts(int(every.sum()), people_at_least(counts.strata, every), kinds)


def _first_week(day: date) -> int:
    """Return the first week whose Monday is that day or later."""
    return -((FIRST_MONDAY.toordinal() - day.toordinal()) // 7)
