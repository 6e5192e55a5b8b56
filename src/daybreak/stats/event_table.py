"""The event table: at each time, how many were at risk just before and how many had the event."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from daybreak.stats.arrays import Numbers, numbers, same_length, totals
from daybreak.stats.estimate import ImpossibleCounts


@dataclass(frozen=True, slots=True)
class EventTable:
    """Counts at rising `times`. `entered` is how many came under observation since the time before, at it or
    later; where everybody was there from the start it is zero after the first. `causes` splits `events`.
    """

    times: Numbers
    at_risk: Numbers
    events: Numbers
    entered: Numbers
    causes: Mapping[str, Numbers] = field(default_factory=dict)


def event_table(
    times: ArrayLike,
    people: ArrayLike,
    events: ArrayLike,
    *,
    entry_times: ArrayLike = (),
    entries: ArrayLike = (),
    causes: Mapping[str, ArrayLike] | None = None,
) -> EventTable:
    """Return the event table of counts by time: at each of `times` how many `people` ended their observation,
    and how many of these by the event.

    With delayed entry, `entries` people came under observation at each of `entry_times`; somebody who enters at
    a time is not yet at risk at it. Without, everybody is at risk from the start. Counts of one time may stand
    in several places. Raises ImpossibleCounts for lengths that differ.
    """
    when, left, happened = numbers(times, "times"), numbers(people, "people"), numbers(events, "events")
    since, came = numbers(entry_times, "entry times"), numbers(entries, "entries")
    same_length(times=when, people=left, events=happened)
    same_length(entry_times=since, entries=came)
    if (left < 0).any() or (happened < 0).any() or (happened > left).any():
        raise ImpossibleCounts("More people had the event than were there to have it.")
    at, place = np.unique(when, return_inverse=True)
    gone = totals(place, left, len(at))
    at_risk: Numbers = np.cumsum(gone[::-1])[::-1]
    entered: Numbers = np.zeros(len(at))
    if len(since):
        slot = np.searchsorted(at, since, side="right")
        entered = totals(slot, came, len(at) + 1)[: len(at)]
        at_risk = np.cumsum(entered) - np.cumsum(gone) + gone
    elif len(at):
        entered[0] = at_risk[0]
    return EventTable(
        times=at,
        at_risk=at_risk,
        events=totals(place, happened, len(at)),
        entered=entered,
        causes={name: totals(place, numbers(counts, name), len(at)) for name, counts in (causes or {}).items()},
    )
