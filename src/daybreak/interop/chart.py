"""Takes the facts about one patient in, each through the door of its room."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from uuid import UUID

from daybreak.interop.fhir.intake import NEW, SAME, Outcome, refused
from daybreak.interop.fhir.records import (
    AllergyRecord,
    AnswersRecord,
    ConditionRecord,
    KeyParts,
    MeasurementRecord,
    MedicineRecord,
    Record,
    When,
)
from daybreak.interop.knock import Run, answered
from daybreak.interop.measurements import take_measurements
from daybreak.interop.rules import (
    allergy_status,
    allergy_words,
    diagnosis_status,
    diagnosis_words,
    first_day_without,
    gives_total,
    medicine_status,
    medicine_words,
    noted,
    rater,
    whole_day,
)
from daybreak.ledger.public import Fact, KeyReused, one_step
from daybreak.measure.public import (
    AllergyEntry,
    MedicineEntry,
    allergy_entries,
    library,
    medicines,
    record_allergy,
    record_answers,
    record_medicine,
    record_no_known_allergies,
    record_total,
)
from daybreak.rulebook.public import Instrument
from daybreak.screen.public import DiagnosisEntry, diagnoses, record_diagnosis


class Chart:
    """One patient's facts on their way into the rooms."""

    def __init__(self, run: Run, patient: UUID) -> None:
        self._run, self._scope, self._patient = run, run.scope, patient
        self._noted: dict[type[Record], dict[UUID, datetime]] = {}

    def take(self, records: Sequence[Record]) -> list[Outcome]:
        """Hand the records to their rooms and return the outcome of each, in order."""
        measured = [record for record in records if isinstance(record, MeasurementRecord)]
        told: dict[KeyParts, Outcome] = take_measurements(self._run, self._patient, measured)
        others = [record for record in records if not isinstance(record, MeasurementRecord)]
        for record in sorted(others, key=_says_that_there_is_none):
            told[record.key_parts] = answered(partial(self._taken, record))
        return [told[record.key_parts] for record in records]

    def _taken(self, record: Record) -> Outcome:
        match record:
            case ConditionRecord():
                return _told(self._diagnosis(record))
            case AllergyRecord(none_known=True):
                return self._no_known_allergy(record)
            case AllergyRecord():
                return _told(self._allergy(record))
            case MedicineRecord():
                return _told(self._medicine(record))
            case AnswersRecord():
                return self._answers(record)
        return refused(f"Daybreak has no room for a {type(record).__name__}.")

    def _diagnosis(self, record: ConditionRecord) -> Fact:
        return record_diagnosis(
            self._scope,
            key=self._run.key(*record.key_parts),
            patient=self._patient,
            code=record.code,
            system=record.system,
            display=diagnosis_words(record),
            onset_on=whole_day(record.onset),
            status=diagnosis_status(record),
            noted_at=self._noted_at(record, record.recorded, record.onset),
        )

    def _allergy(self, record: AllergyRecord) -> Fact:
        return record_allergy(
            self._scope,
            key=self._run.key(*record.key_parts),
            patient=self._patient,
            substance=allergy_words(record),
            code=record.code,
            system=record.system,
            status=allergy_status(record),
            noted_at=self._noted_at(record, record.recorded, None),
        )

    def _no_known_allergy(self, record: AllergyRecord) -> Outcome:
        """Take the statement once: an allergy that was found later does not undo that it was made."""
        key = self._run.key(*record.key_parts)
        if any(entry.key == key and not entry.substance for entry in allergy_entries(self._scope, self._patient)):
            return SAME
        at = self._noted_at(record, record.recorded, None)
        return _told(record_no_known_allergies(self._scope, key=key, patient=self._patient, noted_at=at))

    def _medicine(self, record: MedicineRecord) -> Fact:
        return record_medicine(
            self._scope,
            key=self._run.key(*record.key_parts),
            patient=self._patient,
            kind=record.kind.value,
            code=record.code,
            system=record.system,
            display=medicine_words(record),
            started_on=whole_day(record.started),
            ended_on=first_day_without(record.ended),
            status=medicine_status(record),
            noted_at=self._noted_at(record, None, record.started),
        )

    def _answers(self, record: AnswersRecord) -> Outcome:
        """Take the answers, and the total as it was stated where they do not give it: both or none."""
        states_total = record.total is not None and not gives_total(self._instrument(record), record.answers)
        if not (record.answers and states_total):
            return _told(self._total(record) if states_total else self._answer_set(record))
        try:
            with one_step():
                return _told(self._answer_set(record), self._total(record))
        except KeyReused:
            return refused("It was imported before with other answers or another total.")

    def _answer_set(self, record: AnswersRecord) -> Fact:
        return record_answers(
            self._scope,
            key=self._run.key(*record.key_parts),
            patient=self._patient,
            instrument=record.instrument,
            answers=record.answers,
            answered_at=record.answered_at.start(self._run.zone),
            by=rater(self._instrument(record)),
            version=record.version,
        )

    def _total(self, record: AnswersRecord) -> Fact:
        return record_total(
            self._scope,
            key=self._run.key(*record.key_parts, "total"),
            patient=self._patient,
            instrument=record.instrument,
            value=Decimal(record.total or 0),
            answered_at=record.answered_at.start(self._run.zone),
            by=rater(self._instrument(record)),
        )

    def _instrument(self, record: AnswersRecord) -> Instrument:
        return library().instrument(record.instrument, record.version)

    def _noted_at(self, record: Record, recorded: When | None, began: When | None) -> datetime:
        """Return when a fact was noted. One that bears no date was noted when it first came; a second run
        finds that again.
        """
        if stated := noted(recorded, began, self._run.zone):
            return stated
        kind = type(record)
        if kind not in self._noted:
            self._noted[kind] = {entry.key: entry.noted_at for entry in self._entries(kind)}
        return self._noted[kind].get(self._run.key(*record.key_parts), self._run.at)

    def _entries(self, kind: type[Record]) -> Sequence[DiagnosisEntry | AllergyEntry | MedicineEntry]:
        if kind is ConditionRecord:
            return diagnoses(self._scope, patient=self._patient)
        return (allergy_entries if kind is AllergyRecord else medicines)(self._scope, self._patient)


def _told(*stored: Fact) -> Outcome:
    return NEW if any(fact.stored_now for fact in stored) else SAME


def _says_that_there_is_none(record: Record) -> bool:
    """Put statements that there is no allergy behind the allergies, so that a contradiction is seen whatever
    the order.
    """
    return isinstance(record, AllergyRecord) and record.none_known
