"""Every write to measure. Each is atomic, and a retry of the same fact changes nothing."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from daybreak.identity.public import seal_text
from daybreak.kernel.keys import key_from
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import Recorded, announce, one_step, record, record_one
from daybreak.measure.definitions import fact_definition, house_unit, library
from daybreak.measure.models import (
    ALLERGY_STATUS,
    MEDICINE_KINDS,
    MEDICINE_STATUS,
    NONE_KNOWN,
    Allergy,
    AnswerSet,
    Measurement,
    Medicine,
    Score,
)
from daybreak.measure.queries import allergies
from daybreak.measure.rules import HouseValue, ImplausibleMeasurement, NewMeasurement, in_house_unit
from daybreak.rulebook.public import Instrument, Result, band_of, score


class NothingAnswered(Refusal):
    """A questionnaire came back without a single answer."""


class ImpossibleTotal(Refusal):
    """A total that the instrument cannot give."""


class NotAnAllergy(Refusal):
    """The words do not describe an allergy, or contradict one that is recorded."""


class NotAMedicine(Refusal):
    """The words do not describe a medicine."""


def record_answers(
    scope: Scope,
    *,
    key: UUID,
    patient: UUID,
    instrument: str,
    answers: Mapping[str, int],
    answered_at: datetime,
    by: str,
    session: UUID | None = None,
    version: int | None = None,
) -> AnswerSet:
    """Store the answers (item to value; absent means not answered) and every score that they allow.

    Raises ImpossibleAnswer for an answer that the instrument does not offer, NothingAnswered for none at all,
    UnknownDefinition for an instrument that is not held, KeyReused when the key returns with other answers.
    """
    questionnaire = library().instrument(instrument, version)
    result = score(questionnaire, answers)
    if not answers:
        raise NothingAnswered(f"{questionnaire.title}: no question was answered, so there is nothing to store.")
    given = AnswerSet(
        site=scope.site,
        key=key,
        patient_key=patient,
        instrument=questionnaire.id,
        version=questionnaire.version,
        fingerprint=questionnaire.fingerprint,
        answers=dict(answers),
        answered_at=answered_at,
        by=by,
        session_key=session,
    )
    with one_step():
        record_one(given)
        if rows := _score_rows(given, result):
            record(rows)
        if given.stored_now:
            announce("answers recorded", site=scope.site, key=key, at=answered_at)
    return given


def _score_rows(given: AnswerSet, result: Result) -> list[Score]:
    return [
        Score(
            site=given.site,
            key=key_from(given.site, str(given.key), each.id),
            patient_key=given.patient_key,
            answers_key=given.key,
            instrument=given.instrument,
            version=given.version,
            fingerprint=given.fingerprint,
            name=each.id,
            value=each.value,
            band=each.band.name if each.band else "",
            prorated=each.prorated,
            cut_offs=[cut.model_dump(mode="json") for cut in result.cut_offs if cut.score == each.id],
            answered_at=given.answered_at,
            by=given.by,
        )
        for each in result.scores
        if each.value is not None
    ]


def record_total(
    scope: Scope, *, key: UUID, patient: UUID, instrument: str, value: Decimal, answered_at: datetime, by: str
) -> Score:
    """Store the total of an instrument whose items did not come with it; raise ImpossibleTotal outside its
    range.
    """
    questionnaire = library().instrument(instrument)
    total = questionnaire.scores[0]
    value = Decimal(value)
    if not value.is_finite() or not total.lowest <= value <= total.highest:
        raise ImpossibleTotal(
            f"{questionnaire.title}: {value} lies outside {total.lowest} to {total.highest}, so it cannot be its total."
        )
    return record_one(
        _total(scope, questionnaire, key=key, patient=patient, value=value, answered_at=answered_at, by=by)
    )


def _total(
    scope: Scope,
    questionnaire: Instrument,
    *,
    key: UUID,
    patient: UUID,
    value: Decimal,
    answered_at: datetime,
    by: str,
) -> Score:
    total = questionnaire.scores[0]
    band = band_of(total, value)
    return Score(
        site=scope.site,
        key=key,
        patient_key=patient,
        answers_key=None,
        instrument=questionnaire.id,
        version=questionnaire.version,
        fingerprint=questionnaire.fingerprint,
        name=total.id,
        value=value,
        band=band.name if band else "",
        prorated=False,
        cut_offs=[cut.model_dump(mode="json") for cut in questionnaire.cut_offs if cut.score == total.id],
        answered_at=answered_at,
        by=by,
    )


def read_measurement(new: NewMeasurement, *, bounded: bool = True) -> HouseValue:
    """Return a measurement in the house's unit, or the sentence that says why it cannot be right. Stores
    nothing.

    The vocabulary's bounds are made for what is measured here and now. History from elsewhere may be read
    without them (`bounded=False`: a grown patient's weight as a child) by a caller with bounds of its own.
    """
    held = library()
    definition = fact_definition(held, new.sign) if bounded else None
    return in_house_unit(new.value, new.unit, into=house_unit(held, new.sign), definition=definition)


def record_measurements(scope: Scope, facts: Sequence[NewMeasurement], *, bounded: bool = True) -> Recorded:
    """Store measurements in one step and say what became of each; raise ImplausibleMeasurement (and store
    none) if any cannot be right.
    """
    readings = {new.key: read_measurement(new, bounded=bounded) for new in facts}
    if troubles := {key: house.trouble for key, house in readings.items() if house.trouble}:
        raise ImplausibleMeasurement(troubles)
    return record([_measurement(scope, new, readings[new.key]) for new in facts]) if facts else Recorded()


def _measurement(scope: Scope, new: NewMeasurement, house: HouseValue) -> Measurement:
    if house.value is None:
        raise ImplausibleMeasurement({new.key: house.trouble or ""})
    return Measurement(
        site=scope.site,
        key=new.key,
        patient_key=new.patient,
        sign=new.sign,
        value=round(house.value, 4),
        unit=house.unit,
        given_value=round(new.value, 4),
        given_unit=new.unit,
        measured_at=new.measured_at,
    )


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
) -> Medicine:
    """Record a medicine; `ended_on` is the first day without it. Raises NotAMedicine."""
    if not display.strip():
        raise NotAMedicine("Say which medicine it is.")
    if kind not in MEDICINE_KINDS or status not in MEDICINE_STATUS:
        raise NotAMedicine(f"“{kind}”, “{status}” does not describe how a medicine is taken.")
    if started_on and ended_on and ended_on < started_on:
        raise NotAMedicine("The medicine ends before it starts: check the two days.")
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
