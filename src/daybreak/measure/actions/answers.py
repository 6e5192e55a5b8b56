"""Writes of questionnaires: answers with the scores they allow, totals that came alone, and their corrections."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from daybreak.kernel.keys import key_from
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import announce, one_step, record, record_one
from daybreak.measure.definitions import instrument_at
from daybreak.measure.models import AnswerSet, Score
from daybreak.measure.queries import answer_set, score_row, scores_of
from daybreak.rulebook.public import Instrument, Result, band_of, score

F = TypeVar("F", AnswerSet, Score)


class NothingAnswered(Refusal):
    """A questionnaire came back without a single answer."""


class ImpossibleTotal(Refusal):
    """A total that the instrument cannot give."""


class NotAskedThatWay(Refusal):
    """A look-back window or a rater that the instrument does not have."""


class NotCorrectable(Refusal):
    """What should be corrected is not there, belongs to another instrument, or was corrected before."""


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
    look_back_days: int | None = None,
    corrects: UUID | None = None,
) -> AnswerSet:
    """Store the answers (item to value; absent means not answered) and every score that they allow.

    `corrects` names the answers that these replace: their scores are replaced too, and taken back where the new ones
    allow none. Raises ImpossibleAnswer for an answer that the instrument does not offer, NothingAnswered for none at
    all, NotAskedThatWay, NotCorrectable, UnknownDefinition for an instrument that is not held, KeyReused when the key
    returns with other answers.
    """
    questionnaire = instrument_at(scope.site, instrument, version, on=answered_at.date())
    result = score(questionnaire, answers)
    if not answers:
        raise NothingAnswered(f"{questionnaire.title}: no question was answered, so there is nothing to store.")
    old = _to_correct(scope, patient, questionnaire, corrects, key) if corrects else None
    given = AnswerSet(
        site=scope.site,
        key=key,
        corrects=corrects,
        patient_key=patient,
        instrument=questionnaire.id,
        version=questionnaire.version,
        fingerprint=questionnaire.fingerprint,
        answers=dict(answers),
        answered_at=answered_at,
        by=by,
        rater=questionnaire.rater,
        look_back_days=_look_back(questionnaire, look_back_days),
        session_key=session or (old.session_key if old else None),
    )
    with one_step():
        record_one(given)
        if given.stored_now and (rows := _score_rows(given, result, scores_of(scope, corrects) if corrects else ())):
            record(rows)
        if given.stored_now:
            announce("answers recorded", site=scope.site, key=key, at=answered_at)
    return given


def retract_answers(scope: Scope, *, patient: UUID, answers: UUID) -> None:
    """Take back answers that were entered in error, with their scores; raise NotCorrectable. The rows stay."""
    old = answer_set(scope, patient=patient, key=answers)
    if old is None:
        raise NotCorrectable("These answers are not there, or were corrected before.")
    with one_step():
        record_one(_taken_back(old))
        if rows := scores_of(scope, answers):
            record([_taken_back(row) for row in rows])


def record_total(
    scope: Scope,
    *,
    key: UUID,
    patient: UUID,
    instrument: str,
    value: Decimal,
    answered_at: datetime,
    by: str,
    name: str | None = None,
    rater: str | None = None,
    look_back_days: int | None = None,
    corrects: UUID | None = None,
) -> Score:
    """Store a score of an instrument whose items did not come with it: its first one, or the one called `name`.

    Raises ImpossibleTotal outside its range or between the numbers it can be, NotAskedThatWay, NotCorrectable.
    """
    questionnaire = instrument_at(scope.site, instrument, None, on=answered_at.date())
    total = questionnaire.score_named(name) if name else questionnaire.scores[0]
    value = Decimal(value)
    if not value.is_finite() or not total.lowest <= value <= total.highest:
        raise ImpossibleTotal(
            f"{questionnaire.title}: {value} lies outside {total.lowest} to {total.highest}, so it cannot be its total."
        )
    if total.rule in ("sum", "maximum") and value != value.to_integral_value():
        raise ImpossibleTotal(f"{questionnaire.title}: {value} is not a whole number, so it cannot be its total.")
    if corrects and score_row(scope, patient=patient, key=corrects, instrument=questionnaire.id) is None:
        raise NotCorrectable("This score is not there, or was corrected before.")
    band = band_of(total, value)
    row = Score(
        site=scope.site,
        key=key,
        corrects=corrects,
        patient_key=patient,
        answers_key=None,
        instrument=questionnaire.id,
        version=questionnaire.version,
        fingerprint=questionnaire.fingerprint,
        name=total.id,
        value=value,
        band=band.name if band else "",
        prorated=False,
        cut_offs=_cut_offs(questionnaire.cut_offs, total.id),
        answered_at=answered_at,
        by=by,
        rater=_rater(questionnaire, rater),
        look_back_days=_look_back(questionnaire, look_back_days),
    )
    with one_step():
        stored = record_one(row)
        if stored.stored_now:
            announce("total recorded", site=scope.site, key=key, at=answered_at)
    return stored


def retract_total(scope: Scope, *, patient: UUID, score: UUID) -> None:
    """Take back a total that was entered in error; raise NotCorrectable. The row stays."""
    old = score_row(scope, patient=patient, key=score)
    if old is None or old.answers_key is not None:
        raise NotCorrectable("This total is not there, was corrected before, or belongs to answers.")
    record_one(_taken_back(old))


def _score_rows(given: AnswerSet, result: Result, old: Iterable[Score]) -> list[Score]:
    before = {row.name: row for row in old}
    new = [
        Score(
            site=given.site,
            key=key_from(given.site, str(given.key), each.id),
            corrects=before[each.id].key if each.id in before else None,
            patient_key=given.patient_key,
            answers_key=given.key,
            instrument=given.instrument,
            version=given.version,
            fingerprint=given.fingerprint,
            name=each.id,
            value=each.value,
            band=each.band.name if each.band else "",
            prorated=each.prorated,
            cut_offs=_cut_offs(result.cut_offs, each.id),
            answered_at=given.answered_at,
            by=given.by,
            rater=given.rater,
            look_back_days=given.look_back_days,
        )
        for each in result.scores
        if each.value is not None
    ]
    kept = {row.name for row in new}
    return [*new, *(_taken_back(row) for name, row in before.items() if name not in kept)]


def _taken_back(row: F) -> F:
    """Return the row that says of `row` that it never counted."""
    same = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    for written_by_database in ("batch", "recorded_at", "recorded_by", "content_hash"):
        del same[written_by_database]
    taken_back = {"key": key_from(row.site, str(row.key), "retracted"), "corrects": row.key, "retracted": True}
    return type(row)(**{**same, **taken_back})


def _cut_offs(cut_offs: Iterable, name: str) -> list[dict[str, object]]:
    return [cut.model_dump(mode="json", exclude_none=True) for cut in cut_offs if cut.score == name]


def _to_correct(scope: Scope, patient: UUID, questionnaire: Instrument, corrects: UUID, key: UUID) -> AnswerSet | None:
    old = answer_set(scope, patient=patient, key=corrects)
    if old is not None and old.instrument == questionnaire.id:
        return old
    if (again := answer_set(scope, patient=patient, key=key)) is not None and again.corrects == corrects:
        return again  # the same correction, sent twice
    raise NotCorrectable("These answers are not there, or were corrected before.")


def _look_back(questionnaire: Instrument, days: int | None) -> int:
    windows = (questionnaire.look_back_days, *questionnaire.other_look_back_days)
    if days is not None and days not in windows:
        said = ", ".join(map(str, sorted(windows)))
        raise NotAskedThatWay(f"{questionnaire.title} looks back over so many days: {said}. It does not over {days}.")
    return questionnaire.look_back_days if days is None else days


def _rater(questionnaire: Instrument, rater: str | None) -> str:
    if rater is not None and rater not in ("patient", "clinician", "nurse"):
        raise NotAskedThatWay(f"“{rater}” does not say who rated.")
    return rater or questionnaire.rater
