"""Which of the last readings is the worst: beyond a limit, or the nearest to one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from daybreak.rulebook.public import Limit, Reading, breaches

_CHANGES = ("rise_above", "fall_above")


@dataclass(frozen=True, slots=True)
class Worst:
    """The worst of the last readings, the limit that says so, and whether the reading is beyond it."""

    reading: Reading
    limit: Limit
    is_beyond: bool


def worst(limits: Sequence[Limit], *, baseline: Mapping[str, Reading], last: Sequence[Reading]) -> Worst | None:
    """Return the worst of the last readings; nothing where no limit can be judged.

    A reading beyond a limit comes before all others, the most urgent limit first. Else it is the one that has gone the
    largest share of the way from its baseline to a limit; without a baseline no share is known.
    """
    beyond = [breach for reading in last for breach in breaches(limits, baseline, reading)]
    for priority in ("high", "medium", "low"):
        for breach in beyond:
            if breach.priority == priority:
                return Worst(next(r for r in last if r.sign == breach.limit.sign), breach.limit, True)
    shares = [
        (share, Worst(reading, limit, False))
        for reading in last
        for limit in limits
        if (share := _share(limit, baseline.get(reading.sign), reading)) is not None
    ]
    return max(shares, key=lambda found: found[0], default=(None, None))[1]


def _share(limit: Limit, before: Reading | None, now: Reading) -> Decimal | None:
    """Return how much of the way from the baseline to a limit a reading has gone; nothing where that is not known."""
    if limit.sign != now.sign or before is None or {before.unit, now.unit} != {limit.unit}:
        return None
    bound: Decimal = getattr(limit, limit.test)
    falls = limit.test in ("below", "at_most", "fall_above")
    way = bound if limit.test in _CHANGES else before.value - bound if falls else bound - before.value
    gone = before.value - now.value if falls else now.value - before.value
    return gone / way if way > 0 else None
