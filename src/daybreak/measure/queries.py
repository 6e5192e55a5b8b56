"""Every read of measure."""

from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet

from daybreak.identity.public import is_before_birth, open_text
from daybreak.kernel.moments import day_of
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import Read, rows, standing, told_once
from daybreak.measure.models import Allergy, AnswerSet, LabResult, Measurement, Medicine, Score
from daybreak.measure.rules import Allergies, AllergyNoted, what_is_known
from daybreak.people.public import site_named

F = TypeVar("F", AnswerSet, Score, Measurement, LabResult)


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
    return rows(Read(Score, _of(scope, patient, instrument), by=("answered_at", "key")))


def scores_of_each(scope: Scope, patients: Collection[UUID], *, instrument: str) -> dict[UUID, list[Score]]:
    """Return the scores of one instrument, oldest first, of those of the patients who have any, in one query."""
    theirs = {"site": scope.site, "patient_key": list(patients), "retracted": False, "instrument": instrument}
    found: dict[UUID, list[Score]] = {}
    for row in rows(Read(Score, theirs, by=("answered_at", "key"))):
        found.setdefault(row.patient_key, []).append(row)
    return found


def answer_sets(scope: Scope, *, patient: UUID, instrument: str | None = None) -> list[AnswerSet]:
    """Return the patient's answers to questionnaires, oldest first."""
    return rows(Read(AnswerSet, _of(scope, patient, instrument), by=("answered_at", "key")))


def _of(scope: Scope, patient: UUID, instrument: str | None) -> dict[str, object]:
    theirs: dict[str, object] = {"site": scope.site, "patient_key": patient, "retracted": False}
    return theirs | ({"instrument": instrument} if instrument else {})


def answer_set(scope: Scope, *, patient: UUID, key: UUID) -> AnswerSet | None:
    """Return one standing set of answers of the patient, or None."""
    return _one(AnswerSet, scope, patient, key)


def score_row(scope: Scope, *, patient: UUID, key: UUID, instrument: str | None = None) -> Score | None:
    """Return one standing score of the patient, or None where there is none, or it is another instrument's."""
    found = _one(Score, scope, patient, key)
    return None if found and instrument and found.instrument != instrument else found


def scores_of(scope: Scope, answers: UUID) -> list[Score]:
    """Return the standing scores that one set of answers gave."""
    return list(standing(Score).filter(site=scope.site, answers_key=answers, retracted=False).order_by("name"))


def measurement(scope: Scope, *, patient: UUID, key: UUID) -> Measurement | None:
    """Return one standing measurement of the patient, or None."""
    return _one(Measurement, scope, patient, key)


def lab_result(scope: Scope, *, patient: UUID, key: UUID) -> LabResult | None:
    """Return one standing laboratory result of the patient, or None."""
    return _one(LabResult, scope, patient, key)


def lab_results(scope: Scope, *, patient: UUID, test: str | None = None) -> list[LabResult]:
    """Return the patient's laboratory results, oldest first."""
    found = standing(LabResult).filter(site=scope.site, patient_key=patient, retracted=False)
    if test:
        found = found.filter(test=test)
    return list(found.order_by("collected_at", "key"))


def lab_results_of_each(scope: Scope, patients: Collection[UUID], *, tests: Collection[str]) -> list[LabResult]:
    """Return the results of these tests of each patient, oldest first."""
    theirs = {"site": scope.site, "patient_key__in": patients, "test__in": tests, "retracted": False}
    return list(standing(LabResult).filter(**theirs).order_by("collected_at", "key"))


def _one(model: type[F], scope: Scope, patient: UUID, key: UUID) -> F | None:
    found = standing(model).filter(site=scope.site, patient_key=patient, key=key, retracted=False)
    return found.first()


def measurements(scope: Scope, *, patient: UUID, signs: Collection[str] | None = None) -> list[Measurement]:
    """Return the patient's measurements outside sessions, oldest first."""
    found = standing(Measurement).filter(site=scope.site, patient_key=patient, retracted=False)
    if signs is not None:
        found = found.filter(sign__in=signs)
    return list(found.order_by("measured_at", "key"))


def newest_measurements(scope: Scope, *, patient: UUID) -> dict[str, Measurement]:
    """Return the newest measurement of each sign."""
    found: QuerySet[Measurement] = standing(Measurement).filter(site=scope.site, patient_key=patient, retracted=False)
    return {row.sign: row for row in found.order_by("sign", "-measured_at", "-key").distinct("sign")}


def is_unborn_at(scope: Scope, patient: UUID, moment: datetime) -> bool:
    """Return whether the patient was not born yet on the site's day of a moment."""
    place = site_named(scope.site)
    return place is not None and is_before_birth(scope, patient, on=day_of(moment, place.time_zone))


def allergy_entries(scope: Scope, patient: UUID) -> list[AllergyEntry]:
    """Return every standing statement about allergies with its words, newest first."""
    noted = rows(Read(Allergy, {"site": scope.site, "patient_key": patient}, by=("-noted_at", "key")))
    return [
        AllergyEntry(
            key=row.key,
            substance=open_text(scope, patient, row.substance),
            code=row.code,
            system=row.system,
            status=row.status,
            noted_at=row.noted_at,
        )
        for row in noted
    ]


def allergies(scope: Scope, patient: UUID) -> Allergies:
    """Return what is known about the patient's allergies; nobody having asked is “unknown”."""
    return what_is_known(AllergyNoted(e.substance, e.status, e.noted_at) for e in allergy_entries(scope, patient))


def medicines(scope: Scope, patient: UUID) -> list[MedicineEntry]:
    """Return the patient's medicines with their words, newest first."""
    noted = rows(Read(Medicine, {"site": scope.site, "patient_key": patient}, by=("-noted_at", "key")))
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
        for row in noted
    ]


# What each form records, and the moment that a second sending of it shares with the first.
_TOLD = {
    "answers": (AnswerSet, "answered_at"),
    "measurement": (Measurement, "measured_at"),
    "allergy": (Allergy, "noted_at"),
    "medicine": (Medicine, "noted_at"),
    "lab": (LabResult, "collected_at"),
    "total": (Score, "answered_at"),
}


def once(scope: Scope, what: str, *, key: UUID, at: datetime) -> AbstractContextManager[datetime]:
    """Hold the key of a form that may be sent twice and give the moment of its first sending (see
    `told_once`).
    """
    model, moment = _TOLD[what]
    return told_once(model, site=scope.site, key=key, moment=moment, at=at)
