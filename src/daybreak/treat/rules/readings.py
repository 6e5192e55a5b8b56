"""Can this reading be right? What cannot is refused with a sentence, and kept for a person."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from daybreak.kernel.units import convert
from daybreak.rulebook.public import Fact, FactDefinition, trouble_with

# A device's clock may run ahead by this much before its readings are taken for impossible.
CLOCK_TOLERANCE = timedelta(seconds=60)
_VISIT = re.compile(r"DB[0-9A-F]{8}")


@dataclass(frozen=True, slots=True)
class NewReading:
    """A reading as it arrives. `session` may be left out by a device: its chair and the moment say whose it is."""

    key: UUID
    sign: str
    value: Decimal
    unit: str
    measured_at: datetime
    session: UUID | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """A device that may send readings for one chair; without a chair, for the sessions that it names."""

    key: UUID
    chair: str
    name: str
    issued_at: datetime
    location: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class Stay:
    """The half-open time that a session held a chair; without an end it still does."""

    session: UUID
    patient: UUID
    chair: str
    since: datetime
    until: datetime | None

    def covers(self, moment: datetime) -> bool:
        """Return whether the session held the chair at that moment."""
        return self.since <= moment and (self.until is None or moment < self.until)


def location_of(text: str) -> str:
    """Return a location as it is compared: point of care, room and bed, without empty parts, in small letters."""
    parts = [" ".join(part.split()).casefold() for part in text.split("^")[:3]]
    return "^".join(part for part in parts if part)[:100]


def visit_number(session: UUID) -> str:
    """Return the number under which a monitor names a session, as it is read aloud: DB, and two groups of four."""
    return f"DB-{session.hex[-8:-4]}-{session.hex[-4:]}".upper()


def plain_visit_number(text: str) -> str:
    """Return a visit number as it is compared, letters and digits in capitals; empty where it is not one of ours."""
    plain = "".join(c for c in text if c.isascii() and c.isalnum()).upper()
    return plain if _VISIT.fullmatch(plain) else ""


def is_visit_number(text: str) -> bool:
    """Return whether a number is one under which a session can be named."""
    return bool(plain_visit_number(text))


def trouble(new: NewReading, *, definition: FactDefinition | None, at: datetime) -> str | None:
    """Return why the reading cannot be right, as a sentence, or None."""
    if definition is None or definition.kind != "number":
        return f"“{new.sign[:40]}” is not a sign that is read here."
    if new.measured_at.tzinfo is None:
        return "The moment has no time zone."
    if new.measured_at > at + CLOCK_TOLERANCE:
        return "The reading lies in the future: check the device's clock."
    if _is_plainly_within(new, definition):
        return None
    return trouble_with(definition, Fact(value=new.value, unit=new.unit))


def _is_plainly_within(new: NewReading, definition: FactDefinition) -> bool:
    """Return whether a value lies between its bounds without a look at units: what nearly every reading does."""
    lowest, highest = definition.lowest, definition.highest
    if new.unit != definition.unit or lowest is None or highest is None or not new.value.is_finite():
        return False
    return lowest <= new.value <= highest


def in_its_unit(new: NewReading, definition: FactDefinition | None) -> tuple[Decimal, str]:
    """Return the value and the unit as a sound reading is kept: pages, charts and alarms show one unit of a sign."""
    if definition is None or new.unit == definition.unit:
        return round(new.value, 3), new.unit
    return round(convert(new.value, unit=new.unit, into=definition.unit), 3), definition.unit


def place(new: NewReading, stays: list[Stay]) -> Stay | str:
    """Return the one stay that the reading belongs to, or the sentence that says why it cannot be placed. It never
    guesses.
    """
    if len(stays) == 1 and new.session is None and stays[0].covers(new.measured_at):
        return stays[0]
    found = [stay for stay in stays if stay.covers(new.measured_at) and new.session in (None, stay.session)]
    if len(found) == 1:
        return found[0]
    if found:
        return "Two sessions were open in this chair at that moment."
    return "No session that this device may write to was open at that moment."
