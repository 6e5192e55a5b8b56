"""“I need help now”: a patient's call, which is a task and nothing else, kept whatever became of the link."""

from datetime import datetime
from uuid import UUID

from daybreak.follow_up.actions.tasks import note_mistake, one_at_a_time, raise_task
from daybreak.follow_up.models import Task
from daybreak.follow_up.queries.tasks import open_tasks
from daybreak.follow_up.queries.tasks import task as task_of
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step

HELP = "asked_for_help"
PRESSED = "The patient pressed “I need help now”."
LATE = "The patient pressed “I need help now” {minutes} minutes before it arrived: the device had no network."
SAID_WHEN_LATER_THAN_MINUTES = 5
LONGEST_MINUTES = 60 * 24 * 30


@one_step()
def ask_for_help(
    scope: Scope,
    *,
    key: UUID,
    patient: UUID,
    at: datetime,
    waited_minutes: int = 0,
    invitation: UUID | None = None,
    mistaken: bool = False,
) -> Task:
    """Ask for somebody, since the patient pressed the button; the same `key` again is the same call.

    `waited_minutes` is how long the device kept the call. A call that nobody has taken yet answers for one that is
    pressed again; once somebody took it, or it was said to be a mistake, a new press is a new call. `mistaken`: the
    patient says that this very call was pressed by mistake. That is noted, and a person still closes the task.
    """
    one_at_a_time(scope, patient)
    task = _called(scope, key, patient, mistaken=mistaken) or _call(
        scope, key, patient, at, waited_minutes=waited_minutes, invitation=invitation
    )
    if mistaken:
        note_mistake(scope, task, at=at)
    return task


def _called(scope: Scope, key: UUID, patient: UUID, *, mistaken: bool) -> Task | None:
    """Return the task that this press belongs to, or nothing where it is a call of its own."""
    if known := task_of(scope, key):
        return known
    calls = [each for each in open_tasks(scope, patient=patient) if each.task.kind == HELP]
    ringing = [each for each in calls if each.taken_at is None and each.mistaken_at is None]
    return next((each.task for each in (*ringing, *(calls if mistaken else ()))), None)


def _call(
    scope: Scope, key: UUID, patient: UUID, at: datetime, *, waited_minutes: int, invitation: UUID | None
) -> Task:
    late = min(waited_minutes, LONGEST_MINUTES)
    return raise_task(
        scope,
        key=key,
        patient=patient,
        kind=HELP,
        priority="high",
        because=LATE.format(minutes=late) if late > SAID_WHEN_LATER_THAN_MINUTES else PRESSED,
        at=at,
        invitation=invitation,
    )
