"""“I need help now”: a patient's call, which is a task and nothing else, kept whatever became of the link."""

from datetime import datetime
from uuid import UUID

from daybreak.follow_up.actions.tasks import one_at_a_time, raise_task
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
    scope: Scope, *, key: UUID, patient: UUID, at: datetime, waited_minutes: int = 0, invitation: UUID | None = None
) -> Task:
    """Ask for somebody, since the patient pressed the button; the same `key` again is the same call.

    `waited_minutes` is how long the device kept the call. A call that nobody has taken yet answers for one that is
    pressed again; once somebody took it, a new press is a new call.
    """
    one_at_a_time(scope, patient)
    if known := task_of(scope, key):
        return known
    ringing = (each.task for each in open_tasks(scope, patient=patient) if each.task.kind == HELP and not each.taken_at)
    late = min(waited_minutes, LONGEST_MINUTES)
    return next(ringing, None) or raise_task(
        scope,
        key=key,
        patient=patient,
        kind=HELP,
        priority="high",
        because=LATE.format(minutes=late) if late > SAID_WHEN_LATER_THAN_MINUTES else PRESSED,
        at=at,
        invitation=invitation,
    )
