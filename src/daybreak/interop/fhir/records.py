"""What FHIR resources become: facts in Daybreak's words, each with the parts that its stable key is made
from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

Code = tuple[str, str]
"""A coding: its system's address and its code."""

KeyParts = tuple[str, ...]
"""System of origin ("" where the file does not say), resource type, id, and what tells apart several facts of
one resource.
"""


class Precision(StrEnum):
    """How much of a time was stated."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class When:
    """A time as it was stated. `day` is the first day it may mean; `moment` is there only where a time of day
    and a zone were.
    """

    stated: str
    precision: Precision
    day: date
    moment: datetime | None = None

    def start(self, zone: ZoneInfo) -> datetime:
        """Return the moment, or where only a day, month or year is known the beginning of it in `zone`."""
        return self.moment or datetime(self.day.year, self.day.month, self.day.day, tzinfo=zone)


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number that someone gave a person: who gave it, the number, and what kind it is (HL7 v2-0203: MR, SS,
    …).
    """

    system: str
    value: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class PatientRecord:
    """A person. `birth_date` is None where only a year or month, or nothing, was stated; `birth_stated` keeps
    the words. `deceased` is None where nothing was said of it.
    """

    key_parts: KeyParts
    source_id: str
    given: str
    family: str
    birth_date: date | None
    birth_stated: str
    sex: str
    language: str
    phone: str
    email: str
    identifiers: tuple[Identifier, ...]
    deceased: bool | None
    died: When | None

    @property
    def patient(self) -> KeyParts:
        """The key parts of the person themselves, as every other record has them."""
        return self.key_parts


@dataclass(frozen=True, slots=True)
class ConditionRecord:
    """A diagnosis that somebody confirmed, or did not qualify."""

    key_parts: KeyParts
    source_id: str
    patient: KeyParts
    system: str
    code: str
    display: str
    means: str
    onset: When | None
    ended: When | None
    recorded: When | None
    status: str
    verification: str


@dataclass(frozen=True, slots=True)
class AllergyRecord:
    """An allergy or intolerance, or (`none_known`) the statement that there is none."""

    key_parts: KeyParts
    source_id: str
    patient: KeyParts
    system: str
    code: str
    display: str
    means: str
    status: str
    verification: str
    none_known: bool
    recorded: When | None


class MedicineKind(StrEnum):
    """Whether a medicine was asked for or given."""

    REQUEST = "request"
    ADMINISTRATION = "administration"


@dataclass(frozen=True, slots=True)
class MedicineRecord:
    """A medicine that was prescribed or given. `dose_value` and `dose_unit` are as stated; nothing is worked
    out from them.
    """

    key_parts: KeyParts
    source_id: str
    patient: KeyParts
    kind: MedicineKind
    system: str
    code: str
    display: str
    means: str
    started: When | None
    ended: When | None
    status: str
    dose_text: str
    dose_value: Decimal | None
    dose_unit: str


@dataclass(frozen=True, slots=True)
class MeasurementRecord:
    """One vital sign, in the unit Daybreak keeps it in; `stated_value` and `stated_unit` are what the source
    said.
    """

    key_parts: KeyParts
    source_id: str
    patient: KeyParts
    sign: str
    value: Decimal
    unit: str
    measured_at: When
    stated_value: Decimal
    stated_unit: str


@dataclass(frozen=True, slots=True)
class AnswersRecord:
    """A filled-in questionnaire: its answers by item, its total as stated, or both. A missing answer is
    absent from `answers`.
    """

    key_parts: KeyParts
    source_id: str
    patient: KeyParts
    instrument: str
    version: int
    answers: Mapping[str, int]
    total: int | None
    answered_at: When


Record = PatientRecord | ConditionRecord | AllergyRecord | MedicineRecord | MeasurementRecord | AnswersRecord


@dataclass(frozen=True, slots=True)
class Unused:
    """A resource that is fine and is not taken in, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """A resource that cannot be taken in, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Repeated:
    """A resource that stood in the input before, with the same content."""


@dataclass(frozen=True, slots=True)
class Read:
    """One resource that was read, where it stood ("entry 17", "line 3"; both count from 1), and what became
    of it.

    A whole file that cannot be read, or is passed over, is one Read of the type "file" at the position
    "file".
    """

    file: str
    position: str
    type: str
    resource_id: str
    outcome: tuple[Record, ...] | Unused | Rejected | Repeated
