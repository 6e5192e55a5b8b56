"""Diagnoses by their codes, and what somebody died of."""

import re
from datetime import date, datetime
from uuid import UUID

from daybreak.identity.public import is_before_birth, seal_text
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import record_one, told_once
from daybreak.screen.models import DIAGNOSIS_STATUS, MANNERS_OF_DEATH, CauseOfDeath, Diagnosis
from daybreak.screen.rules import UNBORN

ICD_10 = re.compile(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?")


class NotADiagnosis(Refusal):
    """The words do not describe a diagnosis; `field` names what to look at."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


def record_diagnosis(
    scope: Scope,
    *,
    key: UUID,
    patient: UUID,
    code: str,
    system: str,
    display: str,
    onset_on: date | None = None,
    status: str = "active",
    noted_at: datetime,
    corrects: UUID | None = None,
) -> Diagnosis:
    """Record a diagnosis by its code; `corrects` names the entry it replaces. Raises NotADiagnosis."""
    if not code or not system:
        raise NotADiagnosis("A diagnosis needs its code and the list the code is from.", field="code")
    if status not in DIAGNOSIS_STATUS:
        raise NotADiagnosis(f"“{status}” does not say whether the diagnosis still stands.")
    if onset_on and onset_on > noted_at.date():
        raise NotADiagnosis("The illness starts in the future: check the day.", field="onset_on")
    if onset_on and is_before_birth(scope, patient, on=onset_on):
        raise NotADiagnosis(UNBORN, field="onset_on")
    return record_one(
        Diagnosis(
            site=scope.site,
            key=key,
            corrects=corrects,
            patient_key=patient,
            code=code,
            system=system,
            display=seal_text(scope, patient, display.strip(), fact=key),
            onset_on=onset_on,
            status=status,
            noted_at=noted_at,
        )
    )


def record_cause_of_death(
    scope: Scope, *, key: UUID, patient: UUID, death: UUID, manner: str, code: str = "", at: datetime
) -> CauseOfDeath:
    """Record what a patient died of beside the death `death`: `manner`, one of MANNERS_OF_DEATH, and `code`, the
    underlying cause in ICD-10, where known. Raises NotADiagnosis.
    """
    said = code.strip().upper()
    if manner not in MANNERS_OF_DEATH:
        raise NotADiagnosis("Say how the death came about, or leave the cause open.", field="manner")
    if said and not ICD_10.fullmatch(said):
        raise NotADiagnosis("This is not an ICD-10 code: a letter and two digits, such as I21 or I21.9.", field="code")
    with told_once(CauseOfDeath, site=scope.site, key=key, moment="noted_at", at=at) as moment:
        return record_one(
            CauseOfDeath(
                site=scope.site,
                key=key,
                patient_key=patient,
                death_key=death,
                manner=manner,
                code=said,
                noted_at=moment,
            )
        )
