"""The sufficient statistics of harm over time: sessions by site, week and stratum."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

import numpy as np
from numpy.typing import NDArray

from daybreak.register.public import POSITIONS
from daybreak.rulebook.public import WatchedHarm

Counts = NDArray[np.float64]
# Weeks of the calendar are counted from this Monday.
FIRST_MONDAY = date(2000, 1, 3)
# How many sessions the second to the sixth are.
EARLY = 5
ALL, WATCHED, MISSED = "all", "watched", "mostly_missed"


@dataclass(frozen=True, eq=False, slots=True)
class CalendarCounts:
    """Sessions counted by what, each as an array of (sites, weeks, strata). A stratum is a position and a route.

    Terms are counted under “term:TERM”. What was never counted is 0 everywhere.
    """

    sites: tuple[str, ...]
    first_week: int
    strata: tuple[tuple[str, str], ...]
    shape: tuple[int, int, int]
    counted: Mapping[str, Counts]

    @property
    def weeks(self) -> int:
        """Return how many weeks there are."""
        return self.shape[1]

    def of(self, name: str) -> Counts:
        """Return the counts of a kind."""
        found = self.counted.get(name)
        return np.zeros(self.shape) if found is None else found

    def held(self, watched: WatchedHarm) -> Counts:
        """Return the sessions that could have been counted: of missed readings, those whose readings were counted."""
        return self.of(WATCHED if watched.counts == MISSED else ALL)

    def events(self, watched: WatchedHarm) -> Counts:
        """Return the sessions that are counted."""
        return self.of(f"term:{watched.term}" if watched.counts == "term" else watched.counts)


def monday(week: int) -> date:
    """Return the Monday with which a week of the calendar begins."""
    return FIRST_MONDAY + timedelta(weeks=week)


def people_at_least(strata: Sequence[tuple[str, str]], sessions: Counts) -> int:
    """Return how many people sessions, counted by position and route, must be of at least. Everybody has one first
    session; of the second to the sixth one person can have held five; all later ones may be one person's.
    """
    first, early, _later = (
        sum(float(held) for (position, _), held in zip(strata, sessions, strict=True) if position == wanted)
        for wanted in POSITIONS
    )
    return max(int(first), ceil(early / EARLY), int(sessions.sum() > 0))
