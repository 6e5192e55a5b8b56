"""How long something lasts: counts of responders by days in, a curve and its point out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from daybreak.rulebook.public import Question, Seen
from daybreak.stats.public import Curve, curve_of, event_table, turnbull
from daybreak.watch.questions.cells import Numbers
from daybreak.watch.questions.results import Interval, Lasting, Tried

_PERCENT = 100.0


@dataclass(frozen=True, slots=True)
class Courses:
    """People in response by whole days: last seen `well`, seen to have `lost` it, treated `again` (NaN where not)."""

    well: Numbers
    lost: Numbers
    again: Numbers
    people: Numbers
    site: tuple[str, ...]
    cohort: int
    left_out: dict[str, int]


def lasted(question: Question, courses: Courses) -> tuple[Lasting, Seen]:
    """Return the curve of a question with its point, what else was tried, and what the verdict is about."""
    day = float(question.outcome.within_days or 0)
    people = int(courses.people.sum())
    unseen = float(courses.people[(courses.well == 0) & np.isnan(courses.lost)].sum())
    ends, happened = np.where(np.isnan(courses.lost), courses.well, courses.lost), ~np.isnan(courses.lost)
    curve = _curve(ends, happened, courses.people) if people else None
    main = _at(curve, day)
    lost = int(courses.people[happened & (ends <= day)].sum())
    beyond = int(courses.people[ends > day].sum())
    found = Lasting(
        day=int(day),
        responders=people,
        unseen=int(unseen),
        lost=lost,
        beyond=beyond,
        curve=curve,
        main=main,
        tried=tuple(_tried(each.analysis, courses, day) for each in question.sensitivity) if people else (),
        places=_by_place(courses, happened & (ends <= day), ends > day),
    )
    return found, Seen(
        people=people,
        sites=len(set(courses.site)),
        outcomes=min(lost, beyond),
        missing_percent=_PERCENT * unseen / people if people else 0.0,
        interval_points=main.points if main is not None else None,
    )


def _by_place(courses: Courses, lost: NDArray[np.bool_], beyond: NDArray[np.bool_]) -> dict[str, tuple[int, ...]]:
    """Return for each site how many had lost it by the day, were watched beyond it, or neither."""
    places = np.array(courses.site)
    return {
        place: tuple(int(courses.people[(places == place) & each].sum()) for each in (lost, beyond, ~(lost | beyond)))
        for place in sorted(set(courses.site))
    }


def _tried(analysis: str, courses: Courses, day: float) -> Tried:
    if analysis == "until_treated_again":
        ends = np.fmin(np.where(np.isnan(courses.lost), courses.well, courses.lost), courses.again)
        happened = ~np.isnan(courses.lost) & ~(courses.again < courses.lost)
        return Tried(analysis, None, _at(_curve(ends, happened, courses.people), day))
    until = np.where(np.isnan(courses.lost), np.inf, courses.lost)
    curve = turnbull(courses.well, until, courses.people)
    held = [left for end, left in zip(curve.until, curve.survival, strict=True) if end <= day]
    value = held[-1] if held else 1.0
    return Tried(analysis, None, Interval(value, None, None))


def _curve(ends: Numbers, happened: NDArray[np.bool_], people: Numbers) -> Curve:
    return curve_of(event_table(ends, people, people * happened))


def _at(curve: Curve | None, day: float) -> Interval | None:
    """Return the curve at a day; nobody watched so long: there is no answer, rather than the last one there is."""
    if curve is None or not curve.times or curve.times[-1] < day:
        return None
    place = int(np.searchsorted(curve.times, day, side="right")) - 1
    if place < 0:
        return Interval(1.0, None, None)
    return Interval(curve.survival[place], curve.lower[place], curve.upper[place])
