"""What became of a reading: it stands, it was corrected, or it was never the patient's. And is a typed one a slip?"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol
from uuid import UUID

ARTEFACT = "artefact"
# Why a reading is not the patient's, and why a typed one is typed again.
ARTEFACT_REASONS = ("patient_moved", "probe_or_cuff", "device_fault", "not_this_patient", "other")
TYPED_WRONG = "typed_wrong"
STANDS, CORRECTED = "", "corrected"
# A slip of the finger is a digit too many, too few or swapped. A step of more than this share of all that can be
# right is asked about, and so is less than half of the last value, or more than twice of it (71 becomes 17); it is
# never refused, and it says nothing about the patient.
_SLIP_SHARE = Decimal("0.2")
_SLIP_TIMES = 2


class Sent(Protocol):
    """A stored reading, as far as its fate rests on it."""

    key: UUID
    corrects: UUID | None
    mark: str
    reason: str


@dataclass(frozen=True, slots=True)
class Told:
    """A reading with its fate: "" (it stands), “corrected” or “artefact”, and why."""

    row: Sent
    fate: str
    why: str = ""


def told_of(rows: Sequence[Sent]) -> list[Told]:
    """Return each reading once with what became of it. A mark states its reading again, so only the mark is told."""
    by = {row.corrects: row for row in rows if row.corrects}
    found = []
    for row in rows:
        newer = by.get(row.key)
        if newer is None:
            found.append(Told(row, row.mark, row.reason if row.mark else ""))
        elif not newer.mark:
            found.append(Told(row, CORRECTED, newer.reason))
    return found


def slip_step(*, lowest: Decimal | None, highest: Decimal | None) -> Decimal | None:
    """Return the step from the last value beyond which a typed one is asked about; nothing without known bounds."""
    if lowest is None or highest is None:
        return None
    return (highest - lowest) * _SLIP_SHARE


def is_slip(value: Decimal, *, last: Decimal | None, step: Decimal | None) -> bool:
    """Return whether a typed value is so far from the last one that it may be a slip of the finger."""
    if last is None or step is None:
        return False
    return abs(value - last) > step or value * _SLIP_TIMES < last or value > last * _SLIP_TIMES
