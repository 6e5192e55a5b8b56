"""Which reading since the start is the worst: the furthest beyond a limit, else the furthest on its way to one.

What is worse, higher or lower, is said by the limits of the protocol and by nothing else: a limit on sedation lies
below (5 is fully awake), one on a pressure above. The bedside has a twin in TypeScript; one corpus tests both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from daybreak.kernel.units import convert
from daybreak.rulebook.public import Limit, Reading, breaches

_CHANGES = ("rise_above", "fall_above")
_FALLS = ("below", "at_most", "fall_above")
_RANK = {"high": 0, "medium": 1, "low": 2}
_WITHIN = 3


@dataclass(frozen=True, slots=True)
class Seen:
    """A reading and the moment it was measured."""

    reading: Reading
    at: datetime


@dataclass(frozen=True, slots=True)
class Worst:
    """The worst reading, the limit that says so, and whether the reading is beyond it."""

    seen: Seen
    limit: Limit
    is_beyond: bool


def worst(stages: Sequence[tuple[Sequence[Limit], Sequence[Seen]]], *, baseline: Mapping[str, Reading]) -> Worst | None:
    """Return the worst reading of all stages, each judged by the limits that held then; nothing where none is nearer to
    a limit than its baseline.

    A reading beyond a limit comes before all others, the most urgent limit first, then the one that has gone the
    largest share of the way from its baseline to the limit; without a baseline that is taken for the whole way. Within
    all limits it is that share alone, which without a baseline nobody knows. Of equal ones it is the later. This
    function will raise UnknownUnit for a reading whose unit cannot be turned into the limit's.
    """
    found = [
        (_badness(limit, baseline, extreme), Worst(extreme, limit, bool(breaches([limit], baseline, extreme.reading))))
        for limits, seen in stages
        for limit, extreme in _extremes(limits, seen)
    ]
    known = [(how_bad, each) for how_bad, each in found if how_bad is not None]
    return min(known, key=lambda each: each[0], default=(None, None))[1]


def _extremes(limits: Sequence[Limit], seen: Sequence[Seen]) -> list[tuple[Limit, Seen]]:
    """Return the furthest reading in the direction of each limit: no other of that sign can be worse by it."""
    by_sign: dict[str, list[Seen]] = {}
    for each in seen:
        by_sign.setdefault(each.reading.sign, []).append(each)
    found = []
    for limit in limits:
        side = -1 if limit.test in _FALLS else 1
        if own := by_sign.get(limit.sign):
            found.append((limit, max(own, key=lambda each: (side * _in_unit(limit, each.reading), each.at))))
    return found


def _badness(limit: Limit, baseline: Mapping[str, Reading], extreme: Seen) -> tuple[int, Decimal, float] | None:
    """Return what sorts the worst first; nothing for a reading that is on its way to no limit."""
    beyond = breaches([limit], baseline, extreme.reading)
    share = _share(limit, baseline.get(limit.sign), extreme.reading)
    if beyond:
        return _RANK[limit.priority], -(Decimal(1) if share is None else share), -extreme.at.timestamp()
    return (_WITHIN, -share, -extreme.at.timestamp()) if share and share > 0 else None


def _share(limit: Limit, before: Reading | None, now: Reading) -> Decimal | None:
    """Return how much of the way from the baseline to a limit a reading has gone; nothing where that is not known."""
    if before is None:
        return None
    start, value, bound = _in_unit(limit, before), _in_unit(limit, now), getattr(limit, limit.test)
    falls = limit.test in _FALLS
    way = bound if limit.test in _CHANGES else start - bound if falls else bound - start
    gone = start - value if falls else value - start
    return gone / way if way > 0 else None


def _in_unit(limit: Limit, reading: Reading) -> Decimal:
    return convert(reading.value, unit=reading.unit, into=limit.unit)
