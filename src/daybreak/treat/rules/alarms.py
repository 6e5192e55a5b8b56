"""Which readings call for someone. The limits are the protocol's; here stands only when a breach is news.

A breach is news when its limit has not yet called in this session; or when its call was acknowledged and then either
a reading came
back within the limit, or the protocol's own interval for that sign has passed and the reading is still beyond. While
a call waits for
someone, it goes on sounding and is not repeated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from daybreak.rulebook.public import Breach, Limit, Protocol, Reading, Sign, breaches


@dataclass(frozen=True, slots=True)
class LastCall:
    """The newest alarm of one limit in a session."""

    raised_at: datetime
    acknowledged_at: datetime | None


def limits_at(
    protocol: Protocol, *, measured_at: datetime, started_at: datetime | None, ended_at: datetime | None
) -> Sequence[Limit]:
    """Return the limits that hold at `measured_at`: none before the start, then those of the dose, then those after
    it.
    """
    if started_at is None or measured_at < started_at:
        return ()
    return protocol.during.limits if ended_at is None or measured_at < ended_at else protocol.after.limits


def signs_at(protocol: Protocol, *, ended: bool) -> Sequence[Sign]:
    """Return the schedule of readings during the dose, or after it."""
    return protocol.after.signs if ended else protocol.during.signs


def news(
    limits: Sequence[Limit],
    signs: Sequence[Sign],
    *,
    baseline: Mapping[str, Reading],
    reading: Reading,
    measured_at: datetime,
    before: Reading | None,
    calls: Mapping[str, LastCall],
) -> list[Breach]:
    """Return the breaches of `reading` that call for someone now, the most urgent first.

    `before` is the reading of the same sign just before it, needed where `asks_before` says so; `calls` maps a limit to
    its newest alarm in this session.
    """
    beyond_before = {b.limit.id for b in breaches(limits, baseline, before)} if before else set()
    return [
        breach
        for breach in breaches(limits, baseline, reading)
        if _is_news(breach.limit, signs, measured_at, breach.limit.id in beyond_before, calls.get(breach.limit.id))
    ]


def asks_before(limits: Sequence[Limit], calls: Mapping[str, LastCall]) -> bool:
    """Return whether the reading before matters: somebody has acknowledged the call of one of the limits."""
    return any(limit.id in calls and calls[limit.id].acknowledged_at is not None for limit in limits)


def _is_news(
    limit: Limit, signs: Sequence[Sign], measured_at: datetime, was_beyond: bool, call: LastCall | None
) -> bool:
    if call is None:
        return True
    if call.acknowledged_at is None:
        return False
    return not was_beyond or measured_at - call.acknowledged_at >= interval_of(signs, limit.sign)


def interval_of(signs: Sequence[Sign], name: str) -> timedelta:
    """Return the shortest interval at which a sign is read; where it is read at named minutes only, none is ever long
    enough.
    """
    minutes = [sign.every_minutes for sign in signs if sign.sign == name and sign.every_minutes]
    return timedelta(minutes=min(minutes)) if minutes else timedelta.max


def are_on(*, conclusion: str | None, decided_on: date | None, review_on: date | None, on: date) -> bool:
    """Return whether the newest assessment of a site lets alarms sound on the day `on`: decided_on ≤ on < review_on."""
    if conclusion != "alarms on" or decided_on is None or review_on is None:
        return False
    return decided_on <= on < review_on
