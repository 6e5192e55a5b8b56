"""Tasks as they stand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, QuerySet, Value, When

from daybreak.follow_up.models import CLOSED, ESCALATED, MISTAKEN, TAKEN, TOLD, Task, TaskStep
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import Read, rows, standing, together


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task that nobody has closed."""

    task: Task
    taken_by: UUID | None
    taken_at: datetime | None
    escalated_at: datetime | None
    asked_roles: tuple[str, ...] = ()
    told: tuple[UUID, ...] = ()
    mistaken_at: datetime | None = None

    def is_overdue(self, at: datetime) -> bool:
        """Return whether its clock ran out before somebody took it, or its deadline has passed."""
        return self.is_late(at) or (self.taken_at is None and at >= self.task.take_by)

    def still_asks(self, at: datetime) -> bool:
        """Return whether somebody is still to come: nobody took it, or its deadline has passed."""
        return self.taken_at is None or self.is_late(at)

    def is_late(self, at: datetime) -> bool:
        """Return whether its deadline has passed, whoever took it."""
        return self.task.due_at is not None and at >= self.task.due_at


def task(scope: Scope, key: UUID) -> Task | None:
    """Return a task of the site, or nothing."""
    return next(iter(rows(Read(Task, {"site": scope.site, "key": key}))), None)


def steps_of(scope: Scope, *, task: UUID) -> list[TaskStep]:
    """Return what was done about a task, oldest first."""
    return rows(Read(TaskStep, {"site": scope.site, "task_key": task}, by=("done_at", "key")))


def task_told_by(scope: Scope, message: UUID) -> UUID | None:
    """Return the task that a message to a member of staff is about, or nothing."""
    step = standing(TaskStep).filter(site=scope.site, key=message, step=TOLD).first()
    return step.task_key if step else None


def task_with_steps(scope: Scope, key: UUID) -> tuple[Task | None, list[TaskStep]]:
    """Return a task of the site, or nothing, and what was done about it, oldest first."""
    itself = Read(Task, {"site": scope.site, "key": key})
    steps = Read(TaskStep, {"site": scope.site, "task_key": key}, by=("done_at", "key"))
    found, done = together(itself, steps)
    return next(iter(found), None), done


def open_tasks(scope: Scope, *, patient: UUID | None = None) -> list[OpenTask]:
    """Return the tasks that nobody has closed: by priority, then the one whose clock runs out first."""
    if patient is None:
        return _unclosed(scope, _without_closing(scope))
    return _unclosed(scope, rows(Read(Task, {"site": scope.site, "patient_key": patient})))


def tasks_to_pass_on(scope: Scope, *, last: Mapping[str, str]) -> list[OpenTask]:
    """Return the tasks that nobody has closed and for which somebody is still to be asked: all but those that ring
    already for the `last` role of their priority. A task that rings costs nothing until it is closed.
    """
    role = Case(*(When(priority=priority, then=Value(role)) for priority, role in last.items()))
    asked = TaskStep.objects.filter(site=OuterRef("site"), task_key=OuterRef("key"), step=ESCALATED)
    ringing = Exists(asked.filter(asked_role=OuterRef("last")))
    return _unclosed(scope, _without_closing(scope).alias(last=role).filter(~ringing))


def _without_closing(scope: Scope) -> QuerySet[Task]:
    closed = TaskStep.objects.filter(site=OuterRef("site"), task_key=OuterRef("key"), step=CLOSED)
    return standing(Task).filter(~Exists(closed), site=scope.site)


def _unclosed(scope: Scope, found: Iterable[Task]) -> list[OpenTask]:
    tasks = list(found)
    of_these = {"site": scope.site, "task_key": [task.key for task in tasks]}
    by_task: dict[UUID, list[TaskStep]] = defaultdict(list)
    for step in rows(Read(TaskStep, of_these, by=("done_at", "key"))) if tasks else ():
        by_task[step.task_key].append(step)
    opened = [_open_task(each, by_task[each.key]) for each in tasks if not _is_closed(by_task[each.key])]
    order = {"high": 0, "medium": 1, "low": 2}
    return sorted(opened, key=lambda each: (order[each.task.priority], each.task.take_by, each.task.key))


def _is_closed(steps: list[TaskStep]) -> bool:
    return any(step.step == CLOSED for step in steps)


def _open_task(task: Task, steps: list[TaskStep]) -> OpenTask:
    mistaken = next((s for s in steps if s.step == MISTAKEN), None)
    taken = next((s for s in reversed(steps) if s.step == TAKEN), None)
    escalated = next((s for s in steps if s.step == ESCALATED), None)
    return OpenTask(
        task=task,
        taken_by=taken.done_by if taken else None,
        taken_at=taken.done_at if taken else None,
        escalated_at=escalated.done_at if escalated else None,
        asked_roles=tuple(s.asked_role for s in steps if s.step == ESCALATED),
        mistaken_at=mistaken.done_at if mistaken else None,
        told=tuple(s.told for s in steps if s.step == TOLD),
    )
