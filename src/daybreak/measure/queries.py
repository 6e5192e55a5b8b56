"""Every read of measure."""

from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from daybreak.identity.public import open_text
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import standing, told_once
from daybreak.measure.models import Allergy, AnswerSet, Measurement, Medicine, Score
from daybreak.measure.rules import Allergies, AllergyNoted, what_is_known


@dataclass(frozen=True, slots=True)
class AllergyEntry:
    """One allergy with its words."""

    key: UUID
    substance: str
    code: str
    system: str
    status: str
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class MedicineEntry:
    """One medicine with its words."""

    key: UUID
    kind: str
    display: str
    code: str
    system: str
    started_on: date | None
    ended_on: date | None
    status: str
    noted_at: datetime


def scores(scope: Scope, *, patient: UUID, instrument: str | None = None) -> list[Score]:
    """Return the patient's scores, oldest first, of one instrument or of all."""
    found = standing(Score).filter(site=scope.site, patient_key=patient)
    if instrument:
        found = found.filter(instrument=instrument)
    return list(found.order_by("answered_at", "key"))


def answer_sets(scope: Scope, *, patient: UUID, instrument: str | None = None) -> list[AnswerSet]:
    """Return the patient's answers to questionnaires, oldest first."""
    found = standing(AnswerSet).filter(site=scope.site, patient_key=patient)
    if instrument:
        found = found.filter(instrument=instrument)
    return list(found.order_by("answered_at", "key"))


def measurements(scope: Scope, *, patient: UUID, signs: Collection[str] | None = None) -> list[Measurement]:
    """Return the patient's measurements outside sessions, oldest first."""
    found = standing(Measurement).filter(site=scope.site, patient_key=patient)
    if signs is not None:
        found = found.filter(sign__in=signs)
    return list(found.order_by("measured_at", "key"))


def newest_measurements(scope: Scope, *, patient: UUID) -> dict[str, Measurement]:
    """Return the newest measurement of each sign."""
    found: QuerySet[Measurement] = standing(Measurement).filter(site=scope.site, patient_key=patient)
    return {row.sign: row for row in found.order_by("sign", "measured_at", "key")}


def allergy_entries(scope: Scope, patient: UUID) -> list[AllergyEntry]:
    """Return every standing statement about allergies with its words, newest first."""
    rows = standing(Allergy).filter(site=scope.site, patient_key=patient).order_by("-noted_at", "key")
    return [
        AllergyEntry(
            key=row.key,
            substance=open_text(scope, patient, row.substance),
            code=row.code,
            system=row.system,
            status=row.status,
            noted_at=row.noted_at,
        )
        for row in rows
    ]


def allergies(scope: Scope, patient: UUID) -> Allergies:
    """Return what is known about the patient's allergies; nobody having asked is “unknown”."""
    return what_is_known(AllergyNoted(e.substance, e.status, e.noted_at) for e in allergy_entries(scope, patient))


def medicines(scope: Scope, patient: UUID) -> list[MedicineEntry]:
    """Return the patient's medicines with their words, newest first."""
    rows = standing(Medicine).filter(site=scope.site, patient_key=patient).order_by("-noted_at", "key")
    return [
        MedicineEntry(
            key=row.key,
            kind=row.kind,
            display=open_text(scope, patient, row.display),
            code=row.code,
            system=row.system,
            started_on=row.started_on,
            ended_on=row.ended_on,
            status=row.status,
            noted_at=row.noted_at,
        )
        for row in rows
    ]


# What each form records, and the moment that a second sending of it shares with the first.
_TOLD = {
    "answers": (AnswerSet, "answered_at"),
    "measurement": (Measurement, "measured_at"),
    "allergy": (Allergy, "noted_at"),
    "medicine": (Medicine, "noted_at"),
}


def once(scope: Scope, what: str, *, key: UUID, at: datetime) -> AbstractContextManager[datetime]:
    """Hold the key of a form that may be sent twice and give the moment of its first sending (see
    `told_once`).
    """
    model, moment = _TOLD[what]
    return told_once(model, site=scope.site, key=key, moment=moment, at=at)
