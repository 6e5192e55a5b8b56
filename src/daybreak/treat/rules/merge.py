"""Two devices tell of one pump. What they say is put together by time where only one story is possible, and is left to
a person where it is not: see docs/decisions/acts-are-merged-by-time.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from daybreak.treat.rules.steps import ALLOWED, LEADS_TO, State, Step

# Steps of two devices that lie closer may have happened in either order.
APART = timedelta(seconds=5)
# What is told of the dose once it runs; what led to its start is never put together from devices.
OF_THE_DOSE = frozenset(
    step for state in (State.RUNNING, State.PAUSED, State.COMPLETED, State.STOPPED) for step in ALLOWED[state]
)


@dataclass(frozen=True, slots=True)
class Told:
    """A step, when it was taken, and on which device it was told (nothing: on a page without a script)."""

    key: UUID
    step: Step
    at: datetime
    device: UUID | None = None


def fitting(there: Sequence[Told], late: Sequence[Told]) -> frozenset[UUID]:
    """Return the keys of those of the `late` steps that belong to every largest story that holds what is `there`.

    They are tried together, since a pause fits before an end only with what ended it. A step that could as well be left
    out for another, or swapped with its neighbour on another device, is not among them.
    """
    newcomers = sorted(late, key=_by_time)
    while newcomers:
        most = _most(there, newcomers)
        sure = [each for each in newcomers if _most(there, [one for one in newcomers if one is not each]) < most]
        ordered = sorted([*there, *sure], key=_by_time)
        unsure = _swappable(ordered, {each.key for each in sure})
        if is_possible(ordered) and not unsure:
            return frozenset(each.key for each in sure)
        newcomers = [each for each in sure if each.key not in unsure] if unsure else sure[:-1]
    return frozenset()


def replaceable(there: Sequence[Told], late: Told) -> list[UUID]:
    """Return the keys of the steps in whose place the late one would make a possible story: a person may choose."""
    return [
        each.key
        for each in there
        if each.step in OF_THE_DOSE
        if is_possible(sorted([late, *(other for other in there if other is not each)], key=_by_time))
    ]


def is_possible(steps: Iterable[Told]) -> bool:
    """Return whether each step can be taken where the ones before it lead."""
    state = State.PLANNED
    for each in steps:
        if each.step not in ALLOWED[state]:
            return False
        state = LEADS_TO[each.step]
    return True


def _most(there: Sequence[Told], late: Sequence[Told]) -> int:
    """The number of late steps in the largest possible story; -1 where there is none."""
    optional, best = {each.key for each in late}, {State.PLANNED: 0}
    for each in sorted([*there, *late], key=_by_time):
        went = dict(best) if each.key in optional else {}
        for state, count in best.items():
            if each.step in ALLOWED[state]:
                leads = LEADS_TO[each.step]
                went[leads] = max(went.get(leads, -1), count + (each.key in optional))
        best = went
    return max(best.values(), default=-1)


def _swappable(ordered: Sequence[Told], late: set[UUID]) -> set[UUID]:
    """The late ones among neighbours of two devices that are too close to tell apart and could stand the other way."""
    return {
        key
        for place, (before, after) in enumerate(pairwise(ordered))
        if before.device != after.device and after.at - before.at < APART
        if is_possible([*ordered[:place], after, before, *ordered[place + 2 :]])
        for key in {before.key, after.key} & late
    }


def _by_time(told: Told) -> datetime:
    return told.at
