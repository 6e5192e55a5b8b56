"""Can this reading be right? What cannot is refused with a sentence, and kept for a person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from daybreak.rulebook.public import Fact, FactDefinition, trouble_with

# A device's clock may run ahead by this much before its readings are taken for impossible.
CLOCK_TOLERANCE = timedelta(seconds=60)


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
    """A device that may send readings for one chair."""

    key: UUID
    chair: str
    name: str
    issued_at: datetime


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


def trouble(new: NewReading, *, definition: FactDefinition | None, at: datetime) -> str | None:
    """Return why the reading cannot be right, as a sentence, or None."""
    if definition is None or definition.kind != "number":
        return f"“{new.sign[:40]}” is not a sign that is read here."
    if new.measured_at.tzinfo is None:
        return "The moment has no time zone."
    if new.measured_at > at + CLOCK_TOLERANCE:
        return "The reading lies in the future: check the device's clock."
    return trouble_with(definition, Fact(value=new.value, unit=new.unit))


def place(new: NewReading, stays: list[Stay]) -> Stay | str:
    """Return the one stay that the reading belongs to, or the sentence that says why it cannot be placed. It never
    guesses.
    """
    found = [stay for stay in stays if stay.covers(new.measured_at) and new.session in (None, stay.session)]
    if len(found) == 1:
        return found[0]
    if found:
        return "Two sessions were open in this chair at that moment."
    return "No session that this device may write to was open at that moment."
