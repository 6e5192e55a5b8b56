"""Reports that are owed after a session: where one stands, and what readings say on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from daybreak.kernel.refusal import Refusal

HOW = ("portal", "fax", "mail", "other")
# “At about 40 minutes” of a form: a reading so near to it.
NEAR = timedelta(minutes=10)


class Standing(StrEnum):
    """Where a report stands."""

    DUE = "due"
    LATE = "late"
    SENT = "sent"


class NotSent(Refusal):
    """A report that is not owed, or without how it was sent."""


@dataclass(frozen=True, slots=True)
class Spell:
    """Whether something was there, and the minutes from the start at which it began and had gone; None: not known."""

    there: bool | None
    began: int | None = None
    gone: int | None = None


def standing_of(*, due_at: datetime, is_sent: bool, at: datetime) -> Standing:
    """Return where a report stands: late from the moment it was due."""
    if is_sent:
        return Standing.SENT
    return Standing.LATE if at >= due_at else Standing.DUE


def spell(read: Sequence[tuple[datetime, Decimal]], *, usual: Decimal, since: datetime) -> Spell:
    """Return from readings since the start whether a sign left its usual level, when it was first seen away from it,
    and when it was first seen back for good. Without a reading nothing is known.
    """
    away = [(at, value) for at, value in read if value != usual]
    if not read or not away:
        return Spell(False if read else None)
    back = next((at for at, value in read if at > away[-1][0] and value == usual), None)
    return Spell(True, minutes(since, away[0][0]), minutes(since, back) if back else None)


def nearest(read: Sequence[tuple[datetime, Decimal]], wanted: datetime) -> tuple[datetime, Decimal] | None:
    """Return the reading nearest to a moment, at most `NEAR` away; or nothing."""
    near = [each for each in read if abs(each[0] - wanted) <= NEAR]
    return min(near, key=lambda each: abs(each[0] - wanted), default=None)


def minutes(since: datetime, at: datetime) -> int:
    """Return the whole minutes from one moment to another."""
    return int((at - since).total_seconds() // 60)
