"""Answers from a patient.

They and the task that they call for are one transaction: both exist, or neither.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from daybreak.follow_up.actions.tasks import one_at_a_time, raise_task
from daybreak.follow_up.models import Answered, Invitation, Task
from daybreak.follow_up.queries.invitations import Asked, answers_of, asked, still_asked
from daybreak.follow_up.queries.safety import worsening_in
from daybreak.follow_up.queries.tasks import task as task_of
from daybreak.follow_up.rules.invitations import State
from daybreak.kernel.keys import key_from
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, put_in_tray, record_one
from daybreak.measure.public import AnswerSet, library, record_answers
from daybreak.rulebook.public import Result, score, unanswered

# Answers that a member of staff took more than this long ago are history: nobody is called for them now.
CALLS_WITHIN = timedelta(days=2)
SHARP_WORSENING = "sharp_worsening"

SECOND = "Other answers came after these questions had been answered."
CALLED_OFF = "Answers came after these questions had been called off."
TOO_LATE = "Answers came long after these questions had ended."
WITHDRAWN = "Answers came by a link that had been withdrawn."
DIED = "Answers came after a death had been recorded."


class NotTaken(Refusal):
    """The invitation is not there, or not open yet."""


class IncompleteAnswers(Refusal):
    """Questions without an answer; `.missing` holds their items."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        self.missing = missing
        super().__init__("Some questions have no answer yet.")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of the answers.

    `calls_for_someone`: a member of staff was called, and the patient is told whom to call.
    """

    calls_for_someone: bool
    was_answered_before: bool


@dataclass(frozen=True, slots=True)
class Call:
    """What an answer calls for: the kind of the task, its priority, and why, in fixed words."""

    kind: str
    priority: str
    because: str


def answer(
    scope: Scope,
    *,
    key: UUID,
    invitation: UUID,
    answers: Mapping[str, int],
    at: datetime,
    is_withdrawn: bool = False,
) -> Receipt:
    """Store a patient's answers to an invitation, with a task for each flag that they raise, and for a sharp worsening.

    `key` was made with the page: the same answers sent again are the same fact. Answers that cannot simply
    count (others came before, the invitation was called off, it ended long ago, the link `is_withdrawn`, or the patient
    has died) are kept for a person to settle, and still call for someone: no answer is lost.
    Raises NotTaken and ImpossibleAnswer, and nothing is stored then. Raises IncompleteAnswers: the answers are not
    stored, but what they say already has called for someone.
    """
    with one_step():
        receipt, missing = _answer(scope, key, invitation, dict(answers), at=at, is_withdrawn=is_withdrawn)
    if missing:
        raise IncompleteAnswers(missing)
    return receipt


def _answer(
    scope: Scope, key: UUID, invitation: UUID, answers: dict[str, int], *, at: datetime, is_withdrawn: bool
) -> tuple[Receipt, tuple[str, ...]]:
    one_at_a_time(scope, invitation)
    found = asked(scope, invitation)
    if found is None or at < found.invitation.opens_at:
        raise NotTaken("These questions are not open for answers.")
    questionnaire = library().instrument(found.invitation.instrument, found.invitation.version)
    result = score(questionnaire, answers)
    missing = unanswered(questionnaire, answers)
    row, calls = found.invitation, _calls(scope, result, patient=found.invitation.patient_key, key=key, at=at)
    receipt = Receipt(calls_for_someone=bool(calls), was_answered_before=found.answered is not None)
    if missing:
        for call in calls:
            _call(scope, row.patient_key, call, of=key, at=at, invitation=row.key)
    elif trouble := trouble_with(found, at, is_withdrawn=is_withdrawn):
        if found.answered is None or not _is_the_same(scope, found.answered, key, answers):
            content = {"invitation": str(row.key), "answer_set": str(key), "answers": answers}
            settle = keep_for_a_person(scope, row, trouble=trouble, content=content, at=at)
            for call in calls if settle else ():
                _call(scope, row.patient_key, call, of=settle, at=at, invitation=row.key)
    else:
        _keep_first(scope, row, key=key, answers=answers, calls=calls, at=at)
    return receipt, missing


def trouble_with(found: Asked, at: datetime, *, is_withdrawn: bool) -> str:
    """Return why answers cannot simply count, or nothing."""
    if found.answered is not None:
        return SECOND
    if found.called_off is not None:
        return CALLED_OFF
    if is_withdrawn:
        return WITHDRAWN
    if found.has_died:
        return DIED
    return "" if found.takes_answers(at) else TOO_LATE


def _calls(scope: Scope, result: Result, *, patient: UUID, key: UUID, at: datetime) -> list[Call]:
    flagged = [Call(flag.id, "high", flag.text) for flag in result.raised]
    worse = worsening_in(scope, result, patient=patient, answers=key, at=at)
    return [*flagged, *([Call(SHARP_WORSENING, worse.priority, worse.text)] if worse else [])]


def _keep_first(
    scope: Scope,
    row: Invitation,
    *,
    key: UUID,
    answers: Mapping[str, int],
    calls: Sequence[Call],
    at: datetime,
) -> None:
    given = record_answers(
        scope,
        key=key,
        patient=row.patient_key,
        instrument=row.instrument,
        version=row.version,
        answers=answers,
        answered_at=at,
        by="patient",
        session=row.session_key,
    )
    mark_answered(scope, row, answer_set=given.key, at=given.answered_at)
    for call in calls:
        _call(scope, row.patient_key, call, of=given.key, at=at, answer_set=given.key, invitation=row.key)


def mark_answered(scope: Scope, row: Invitation, *, answer_set: UUID | None, at: datetime) -> Answered:
    """Note that an invitation was answered: by this set of answers, or by the runs of its tasks."""
    return record_one(
        Answered(
            site=scope.site,
            key=key_from("answered", scope.site, str(row.key)),
            patient_key=row.patient_key,
            invitation_key=row.key,
            answer_set_key=answer_set,
            answered_at=at,
        )
    )


def _is_the_same(scope: Scope, first: Answered, key: UUID, answers: Mapping[str, int]) -> bool:
    return first.answer_set_key == key and answers_of(scope, first) == dict(answers)


def keep_for_a_person(
    scope: Scope, row: Invitation, *, trouble: str, content: Mapping[str, object], at: datetime
) -> UUID | None:
    """Keep what came once in the tray, with a task to settle it: it never counts silently. Return the key of the task,
    or nothing where it was kept before.
    """
    sent = json.dumps(content, sort_keys=True)
    settle = key_from("answers to settle", scope.site, sent)
    if task_of(scope, settle) is not None:
        return None
    put_in_tray(
        site=scope.site,
        about=Invitation._meta.db_table,
        about_key=row.key,
        reason=trouble,
        content=content,
        received_at=at,
    )
    raise_task(
        scope,
        key=settle,
        patient=row.patient_key,
        kind="answers to settle",
        priority="low",
        because=f"{trouble} They wait in the tray.",
        at=at,
        invitation=row.key,
    )
    return settle


def _call(
    scope: Scope,
    patient: UUID,
    call: Call,
    *,
    of: UUID,
    at: datetime,
    answer_set: UUID | None = None,
    invitation: UUID | None = None,
) -> Task:
    """Call for someone once for each set of answers (`of`) and kind."""
    key = key_from("flag", scope.site, str(of), call.kind)
    return raise_task(
        scope,
        key=key,
        patient=patient,
        kind=call.kind,
        priority=call.priority,
        because=call.because,
        at=at,
        answer_set=answer_set,
        invitation=invitation,
    )


@one_step()
def note_answers(scope: Scope, *, given: AnswerSet, at: datetime) -> None:
    """Take note of answers that came another way (in the clinic): they answer an open invitation, and their
    flags call for someone.

    Answers that are older than two days when they arrive are history and call for nobody.
    """
    every = still_asked(scope, patient=given.patient_key)
    has_answered = any(each.answered and each.answered.answer_set_key == given.key for each in every)
    for each in [] if has_answered else every:
        if _is_answered_by(each, given):
            one_at_a_time(scope, each.invitation.key)
            if asked(scope, each.invitation.key).answered is None:
                mark_answered(scope, each.invitation, answer_set=given.key, at=given.answered_at)
            break
    if at - given.answered_at > CALLS_WITHIN:
        return
    questionnaire = library().instrument(given.instrument, given.version)
    result = score(questionnaire, given.answers)
    for call in _calls(scope, result, patient=given.patient_key, key=given.key, at=given.answered_at):
        _call(scope, given.patient_key, call, of=given.key, at=at, answer_set=given.key)


def _is_answered_by(each: Asked, given: AnswerSet) -> bool:
    open_then = each.state(given.answered_at) in (State.OPEN, State.LATE)
    return open_then and each.invitation.instrument == given.instrument
