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
    """Return the keys of those of the `late` steps that have one possible place among those that are `there`.

    They are tried together, since a pause fits before an end only with what ended it; where they do not fit, the last
    is left out, until the rest does.
    """
    newcomers = sorted(late, key=_by_time)
    while newcomers and not _has_one_story([*there, *newcomers], {each.key for each in newcomers}):
        newcomers.pop()
    return frozenset(each.key for each in newcomers)


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


def _has_one_story(steps: Sequence[Told], late: set[UUID]) -> bool:
    """The order by time is possible, and no neighbours of two devices, too close to tell apart, could be swapped."""
    ordered = sorted(steps, key=_by_time)
    return is_possible(ordered) and not any(
        is_possible([*ordered[:place], after, before, *ordered[place + 2 :]])
        for place, (before, after) in enumerate(pairwise(ordered))
        if {before.key, after.key} & late and before.device != after.device and after.at - before.at < APART
    )


def _by_time(told: Told) -> datetime:
    return told.at
