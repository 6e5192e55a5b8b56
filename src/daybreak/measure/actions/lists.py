"""Writes of allergies and medicines. Unknown is never none, and what ended stays as it was."""

from datetime import date, datetime
from uuid import UUID

from daybreak.identity.public import is_before_birth, seal_text
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import record_one
from daybreak.measure.models import (
    ALLERGY_STATUS,
    MEDICINE_KINDS,
    MEDICINE_STATUS,
    NONE_KNOWN,
    Allergy,
    Medicine,
)
from daybreak.measure.queries import allergies, medicines
from daybreak.measure.rules import UNBORN


class NotAnAllergy(Refusal):
    """The words do not describe an allergy, or contradict one that is recorded."""


class NotAMedicine(Refusal):
    """The words do not describe a medicine; `field` names what to look at."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


def record_allergy(
    scope: Scope,
    *,
    key: UUID,
    patient: UUID,
    substance: str,
    code: str = "",
    system: str = "",
    status: str = "active",
    noted_at: datetime,
    corrects: UUID | None = None,
) -> Allergy:
    """Record a substance that the patient does not tolerate; `corrects` names the entry it replaces. Raises
    NotAnAllergy.
    """
    if not substance.strip():
        raise NotAnAllergy("Say which substance the patient does not tolerate.")
    if status not in ALLERGY_STATUS or status == NONE_KNOWN:
        raise NotAnAllergy(f"“{status}” does not say whether the allergy still stands.")
    return record_one(
        Allergy(
            site=scope.site,
            key=key,
            corrects=corrects,
            patient_key=patient,
            substance=seal_text(scope, patient, substance.strip(), fact=key),
            code=code,
            system=system,
            status=status,
            noted_at=noted_at,
        )
    )


def record_no_known_allergies(scope: Scope, *, key: UUID, patient: UUID, noted_at: datetime) -> Allergy:
    """Record that the patient was asked and knows of no allergy; raise NotAnAllergy while an active one is
    recorded.
    """
    known = allergies(scope, patient)
    if known.state == "known":
        raise NotAnAllergy(
            f"An allergy is recorded: {', '.join(known.substances)}. "
            "If it no longer stands, mark it as not active first."
        )
    return record_one(
        Allergy(
            site=scope.site,
            key=key,
            patient_key=patient,
            substance=seal_text(scope, patient, "", fact=key),
            status=NONE_KNOWN,
            noted_at=noted_at,
        )
    )


def record_medicine(
    scope: Scope,
    *,
    key: UUID,
    patient: UUID,
    kind: str = "statement",
    code: str = "",
    system: str = "",
    display: str,
    started_on: date | None = None,
    ended_on: date | None = None,
    status: str = "active",
    noted_at: datetime,
    corrects: UUID | None = None,
    by_hand: bool = False,
) -> Medicine:
    """Record a medicine; `ended_on` is the first day without it. Raises NotAMedicine; typed `by_hand`, also where it is
    on the list as current (another system's prescriptions and statements each stay what they are).
    """
    if not display.strip():
        raise NotAMedicine("Say which medicine it is.", field="display")
    if kind not in MEDICINE_KINDS or status not in MEDICINE_STATUS:
        raise NotAMedicine(f"“{kind}”, “{status}” does not describe how a medicine is taken.")
    if started_on and ended_on and ended_on < started_on:
        raise NotAMedicine("The medicine ends before it starts: check the two days.", field="ended_on")
    for field, day in (("started_on", started_on), ("ended_on", ended_on)):
        if day and is_before_birth(scope, patient, on=day):
            raise NotAMedicine(UNBORN, field=field)
    if by_hand and status == "active" and corrects is None:
        _demand_not_listed(scope, patient, display, key)
    return record_one(
        Medicine(
            site=scope.site,
            key=key,
            corrects=corrects,
            patient_key=patient,
            kind=kind,
            code=code,
            system=system,
            display=seal_text(scope, patient, display.strip(), fact=key),
            started_on=started_on,
            ended_on=ended_on,
            status=status,
            noted_at=noted_at,
        )
    )


def _demand_not_listed(scope: Scope, patient: UUID, display: str, key: UUID) -> None:
    """Two entries for one medicine would be read as two medicines."""
    current = [each for each in medicines(scope, patient) if each.status == "active" and each.key != key]
    if any(_plain(each.display) == _plain(display) for each in current):
        raise NotAMedicine(
            f"“{display.strip()}” is on the list already, as taken now. If something about it changed, "
            "mark that entry as stopped first, then add what is taken instead.",
            field="display",
        )


def _plain(words: str) -> str:
    """The same words, however they are spaced or capitalised."""
    return "".join(words.split()).casefold()
