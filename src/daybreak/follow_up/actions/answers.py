"""Answers from a patient.

They and the task that they call for are one transaction: both exist, or neither.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from daybreak.follow_up.actions.tasks import one_at_a_time, raise_task
from daybreak.follow_up.models import Answered, Invitation, Task
from daybreak.follow_up.queries.invitations import Asked, all_asked, answers_of, asked
from daybreak.follow_up.queries.tasks import task as task_of
from daybreak.follow_up.rules.invitations import State
from daybreak.kernel.keys import key_from
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, put_in_tray, record_one
from daybreak.measure.public import AnswerSet, library, record_answers
from daybreak.rulebook.public import Flag, score, unanswered

# Answers that a member of staff took more than this long ago are history: nobody is called for them now.
CALLS_WITHIN = timedelta(days=2)

SECOND = "Other answers came after these questions had been answered."
CALLED_OFF = "Answers came after these questions had been called off."
TOO_LATE = "Answers came long after these questions had ended."


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


@one_step()
def answer(scope: Scope, *, key: UUID, invitation: UUID, answers: Mapping[str, int], at: datetime) -> Receipt:
    """Store a patient's answers to an invitation, with a task for each flag that they raise.

    `key` was made with the page: the same answers sent again are the same fact. Answers that cannot simply
    count (others came before, the invitation was called off, or it ended long ago) are kept for a person to
    settle, and still call for someone: no answer is lost.
    Raises NotTaken, IncompleteAnswers, ImpossibleAnswer; nothing is stored then.
    """
    one_at_a_time(scope, invitation)
    found = asked(scope, invitation)
    if found is None or at < found.invitation.opens_at:
        raise NotTaken("These questions are not open for answers.")
    questionnaire = library().instrument(found.invitation.instrument, found.invitation.version)
    raised = score(questionnaire, answers).raised
    if missing := unanswered(questionnaire, answers):
        raise IncompleteAnswers(missing)
    given = {"key": key, "answers": answers, "flags": raised, "at": at}
    if found.answered is not None:
        if not _is_the_same(scope, found.answered, key, answers):
            _keep_for_a_person(scope, found.invitation, trouble=SECOND, **given)
    elif found.called_off is not None:
        _keep_for_a_person(scope, found.invitation, trouble=CALLED_OFF, **given)
    elif not found.takes_answers(at):
        _keep_for_a_person(scope, found.invitation, trouble=TOO_LATE, **given)
    else:
        _keep_first(scope, found.invitation, **given)
    return Receipt(calls_for_someone=bool(raised), was_answered_before=found.answered is not None)


def _keep_first(
    scope: Scope,
    row: Invitation,
    *,
    key: UUID,
    answers: Mapping[str, int],
    flags: tuple[Flag, ...],
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
    _mark_answered(scope, row, given)
    for flag in flags:
        _call(scope, row.patient_key, flag, of=given.key, at=at, answer_set=given.key, invitation=row.key)


def _mark_answered(scope: Scope, row: Invitation, given: AnswerSet) -> Answered:
    return record_one(
        Answered(
            site=scope.site,
            key=key_from("answered", scope.site, str(row.key)),
            patient_key=row.patient_key,
            invitation_key=row.key,
            answer_set_key=given.key,
            answered_at=given.answered_at,
        )
    )


def _is_the_same(scope: Scope, first: Answered, key: UUID, answers: Mapping[str, int]) -> bool:
    return first.answer_set_key == key and answers_of(scope, first) == dict(answers)


def _keep_for_a_person(
    scope: Scope,
    row: Invitation,
    *,
    trouble: str,
    key: UUID,
    answers: Mapping[str, int],
    flags: tuple[Flag, ...],
    at: datetime,
) -> None:
    """Keep the answers once in the tray, with a task to settle them; they are never scored silently."""
    content = {"invitation": str(row.key), "answer_set": str(key), "answers": dict(answers)}
    sent = json.dumps(content, sort_keys=True)
    settle = key_from("answers to settle", scope.site, sent)
    if task_of(scope, settle) is not None:
        return
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
    for flag in flags:
        _call(scope, row.patient_key, flag, of=settle, at=at, invitation=row.key)


def _call(
    scope: Scope,
    patient: UUID,
    flag: Flag,
    *,
    of: UUID,
    at: datetime,
    answer_set: UUID | None = None,
    invitation: UUID | None = None,
) -> Task:
    """Call a clinician for a raised flag, once for each set of answers (`of`) and flag."""
    key = key_from("flag", scope.site, str(of), flag.id)
    return raise_task(
        scope,
        key=key,
        patient=patient,
        kind=flag.id,
        priority="high",
        because=flag.text,
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
    every = all_asked(scope, patient=given.patient_key)
    has_answered = any(each.answered and each.answered.answer_set_key == given.key for each in every)
    for each in [] if has_answered else every:
        if _is_answered_by(each, given):
            one_at_a_time(scope, each.invitation.key)
            if asked(scope, each.invitation.key).answered is None:
                _mark_answered(scope, each.invitation, given)
            break
    if at - given.answered_at > CALLS_WITHIN:
        return
    questionnaire = library().instrument(given.instrument, given.version)
    for flag in score(questionnaire, given.answers).raised:
        _call(scope, given.patient_key, flag, of=given.key, at=at, answer_set=given.key)


def _is_answered_by(each: Asked, given: AnswerSet) -> bool:
    open_then = each.state(given.answered_at) in (State.OPEN, State.LATE)
    return open_then and each.invitation.instrument == given.instrument
