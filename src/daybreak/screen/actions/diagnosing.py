"""Diagnoses by their codes."""

from datetime import date, datetime
from uuid import UUID

from daybreak.identity.public import seal_text
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import record_one
from daybreak.screen.models import DIAGNOSIS_STATUS, Diagnosis


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
