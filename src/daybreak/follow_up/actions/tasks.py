"""Tasks: raised with a clock, taken by somebody, escalated when nobody does, closed with what was done."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from daybreak.follow_up.models import CLOSED, ESCALATED, MISTAKEN, TAKEN, Task, TaskStep
from daybreak.follow_up.queries.safety import safety_at
from daybreak.follow_up.queries.tasks import steps_of, task_with_steps, tasks_to_pass_on
from daybreak.follow_up.queries.tasks import task as task_of
from daybreak.follow_up.rules.tasks import roles_asked, take_by
from daybreak.identity.public import seal_text
from daybreak.kernel.keys import key_from
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, record_one


class TaskClosed(Refusal):
    """Somebody has closed the task already."""


class NotSaid(Refusal):
    """A task was to be closed without what was done."""


class NoSuchTask(Refusal):
    """The site has no such task."""


def raise_task(
    scope: Scope,
    *,
    key: UUID,
    patient: UUID,
    kind: str,
    priority: str,
    because: str,
    at: datetime,
    answer_set: UUID | None = None,
    invitation: UUID | None = None,
    event: UUID | None = None,
    due_at: datetime | None = None,
) -> Task:
    """Ask for somebody, with a clock that begins at `at`; the same `key` again is the same task.

    `because` is made of fixed words, never of typed ones.
    """
    return task_of(scope, key) or record_one(
        Task(
            site=scope.site,
            key=key,
            patient_key=patient,
            kind=kind,
            priority=priority,
            because=because,
            raised_at=at,
            take_by=take_by(safety_at(scope.site), priority, at),
            answer_set_key=answer_set,
            invitation_key=invitation,
            event_key=event,
            due_at=due_at,
        )
    )


@one_step()
def take_task(scope: Scope, *, key: UUID, task: UUID, at: datetime) -> TaskStep:
    """Take a task as the scope's actor; raise TaskClosed when it is closed.

    Taking it over from somebody is allowed and seen.
    """
    asked, known = _still_open(scope, task, key)
    return known or _step(scope, asked, key=key, step=TAKEN, at=at)


@one_step()
def close_task(
    scope: Scope,
    *,
    key: UUID,
    task: UUID,
    what_was_done: str,
    at: datetime,
    reported_to: str = "",
    reported_at: datetime | None = None,
) -> TaskStep:
    """Close a task with what was done; raise NotSaid without it, TaskClosed when somebody was faster.

    A task with a deadline is closed only with to whom it was reported and when.
    """
    asked, known = _still_open(scope, task, key)
    if known:
        return known
    said = what_was_done.strip()
    if not said:
        raise NotSaid("Write what was done: a task is closed only with that.")
    if asked.due_at is not None:
        if not reported_to.strip() or reported_at is None or reported_at > at:
            raise NotSaid("Say to whom it was reported, and when: a report that was owed is closed only with that.")
        said = f"Reported to {reported_to.strip()}. {said}"
    sealed = seal_text(scope, asked.patient_key, said, fact=key)
    return _step(scope, asked, key=key, step=CLOSED, at=at, what_was_done=sealed, reported_at=reported_at)


def note_mistake(scope: Scope, asked: Task, *, at: datetime) -> None:
    """Note that the patient says a call was pressed by mistake, once. The task stays until somebody closes it."""
    key = key_from("mistaken", scope.site, str(asked.key))
    if not any(step.key == key for step in steps_of(scope, task=asked.key)):
        _step(scope, asked, key=key, step=MISTAKEN, at=at)


@one_step()
def escalate_overdue(scope: Scope, *, at: datetime) -> list[Task]:
    """Ask one role more for each task that nobody has taken in its time, as the site's definition says, and return
    the tasks for which somebody was asked now. Each role is asked once; then the task rings on until it is taken. One
    whose deadline has passed is passed on whoever took it.
    """
    safety, asked_now = safety_at(scope.site), []
    last = {each.priority: each.to[-1] for each in safety.passed_on}
    for each in tasks_to_pass_on(scope, last=last):
        asked = each.task
        roles = roles_asked(safety, asked.priority, raised_at=asked.raised_at, at=at)
        new = [] if not each.still_asks(at) else [role for role in roles[1:] if role not in each.asked_roles]
        for role in new:
            key = key_from("escalated", scope.site, str(asked.key), role)
            _step(scope, asked, key=key, step=ESCALATED, at=at, asked_role=role)
        asked_now += [asked] if new else []
    return asked_now


def _step(scope: Scope, asked: Task, *, key: UUID, step: str, at: datetime, **more: object) -> TaskStep:
    return record_one(
        TaskStep(
            site=scope.site,
            key=key,
            patient_key=asked.patient_key,
            task_key=asked.key,
            step=step,
            done_by=scope.actor,
            done_at=at,
            **more,
        )
    )


def _still_open(scope: Scope, task: UUID, key: UUID) -> tuple[Task, TaskStep | None]:
    """Hold the task for this transaction and return it, with the step `key` if it is there already (a page
    sent twice).
    """
    one_at_a_time(scope, task)
    asked, steps = task_with_steps(scope, task)
    if asked is None:
        raise NoSuchTask("There is no such task at this site.")
    known = next((step for step in steps if step.key == key), None)
    if known is None and any(step.step == CLOSED for step in steps):
        raise TaskClosed("Somebody has closed this task already. What was done stands beside it.")
    return asked, known


def one_at_a_time(scope: Scope, thing: UUID) -> None:
    """Let one transaction at a time work on `thing` at this site; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"follow_up/{scope.site}/{thing}"])
