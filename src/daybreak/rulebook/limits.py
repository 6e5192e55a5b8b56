"""Which limits a reading breaches, and which readings are due.

The bedside has a twin in TypeScript; one corpus tests both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from daybreak.kernel.units import convert
from daybreak.rulebook.bedside import Limit, Priority, Sign


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of one sign, in a UCUM unit."""

    sign: str
    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Breach:
    """A limit that a reading breaches.

    `compared` is the reading, or its change from the baseline, in the limit's unit.
    """

    limit: Limit
    compared: Decimal
    bound: Decimal

    @property
    def priority(self) -> Priority:
        """How urgent it is."""
        return self.limit.priority


_RANK = {"high": 0, "medium": 1, "low": 2}


def breaches(limits: Sequence[Limit], baseline: Mapping[str, Reading], reading: Reading) -> list[Breach]:
    """Return the limits that `reading` breaches, the most urgent first, else in the file's order.

    A change limit is judged only where `baseline` holds the sign (see `unjudged`). This function will
    raise UnknownUnit for a reading whose unit cannot be turned into the limit's: a reading that cannot
    be read is never silently fine.
    """
    found = []
    for limit in limits:
        if limit.sign != reading.sign:
            continue
        value = convert(reading.value, unit=reading.unit, into=limit.unit)
        before = baseline.get(limit.sign)
        start = None if before is None else convert(before.value, unit=before.unit, into=limit.unit)
        if breach := _breach(limit, value, start):
            found.append(breach)
    return sorted(found, key=lambda breach: _RANK[breach.priority])


def unjudged(limits: Sequence[Limit], baseline: Mapping[str, Reading]) -> list[Limit]:
    """Return the change limits that cannot be judged because `baseline` lacks their sign."""
    return [limit for limit in limits if limit.test in ("rise_above", "fall_above") and limit.sign not in baseline]


def _breach(limit: Limit, value: Decimal, before: Decimal | None) -> Breach | None:
    bound: Decimal = getattr(limit, limit.test)
    if limit.test in ("rise_above", "fall_above"):
        if before is None:
            return None
        change = value - before if limit.test == "rise_above" else before - value
        return Breach(limit, change, bound) if change > bound else None
    beyond = {
        "above": value > bound,
        "at_least": value >= bound,
        "below": value < bound,
        "at_most": value <= bound,
    }
    return Breach(limit, value, bound) if beyond[limit.test] else None


@dataclass(frozen=True, slots=True)
class Due:
    """A reading that the schedule asks for: from when, and from when on it is overdue."""

    sign: str
    due_at: datetime
    overdue_at: datetime

    def is_overdue(self, at: datetime) -> bool:
        """Whether nobody has read it by the end of its grace."""
        return at >= self.overdue_at


def due(signs: Sequence[Sign], *, started_at: datetime, read_at: Mapping[str, Sequence[datetime]]) -> list[Due]:
    """Return the next reading that each line of the schedule asks for, the earliest first.

    `read_at` maps a sign to the moments it was read. A repeated sign is due at the start, then its
    interval after the last reading; a sign with named minutes is due at the first of them for which no
    reading was taken since its grace before. A sign whose named minutes are all done is not due. This
    function will not look at the clock: compare `due_at` with the moment yourself.
    """
    found = [answer for sign in signs if (answer := _next(sign, started_at, sorted(read_at.get(sign.sign, ()))))]
    return sorted(found, key=lambda answer: (answer.due_at, answer.sign))


def _next(sign: Sign, started_at: datetime, moments: list[datetime]) -> Due | None:
    grace = timedelta(minutes=sign.grace_minutes)
    if sign.every_minutes is not None:
        since = [moment for moment in moments if moment >= started_at - grace]
        when = since[-1] + timedelta(minutes=sign.every_minutes) if since else started_at
        return Due(sign.sign, when, when + grace)
    for minute in sorted(sign.at_minutes):
        when = started_at + timedelta(minutes=minute)
        if not any(moment >= when - grace for moment in moments):
            return Due(sign.sign, when, when + grace)
    return None
