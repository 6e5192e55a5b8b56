"""How long a session holds its chair, and when a chair is free."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from daybreak.rulebook.public import Protocol


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A half-open time: it ends before `until`, so that the next may begin then."""

    since: datetime
    until: datetime

    def meets(self, other: "Period") -> bool:
        """Return whether the two have a moment in common."""
        return self.since < other.until and other.since < self.until


def length_of(protocol: Protocol, *, set_up_minutes: int) -> timedelta:
    """Return how long a session holds a chair: set-up, dose, and the shortest observation that the protocol allows."""
    dose = max(protocol.dose.over_minutes or 0, _minutes_of_devices(protocol))
    watched = protocol.after.minimum_observation_minutes or 0
    counted = max(dose, watched) if protocol.after.counted_from == "start" else dose + watched
    return timedelta(minutes=max(set_up_minutes + counted, 1))


def next_free(taken: Iterable[Period], *, since: datetime, length: timedelta) -> datetime:
    """Return the first moment from `since` on at which nothing in `taken` meets the next `length`."""
    at = since
    for period in sorted(taken):
        if period.meets(Period(at, at + length)):
            at = period.until
    return at


def _minutes_of_devices(protocol: Protocol) -> int:
    """The minutes between the first device and the last of the largest dose; nothing where there are none."""
    rule = protocol.dose
    if rule.devices is None:
        return 0
    largest = max((a for step in rule.steps for a in step.amounts or ()), default=rule.amount or rule.devices.amount)
    return (int(largest / rule.devices.amount) - 1) * rule.devices.minutes_apart
