"""A serious adverse event is told to those whom the site's definition names: a task for each, with its deadline."""

from datetime import datetime, timedelta
from uuid import UUID

from daybreak.follow_up.actions.tasks import raise_task
from daybreak.follow_up.models import Task
from daybreak.kernel.keys import key_from
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step
from daybreak.rulebook.public import owed
from daybreak.treat.public import event_history, reporting_at

KIND = "serious_adverse_event"


@one_step()
def raise_notices(scope: Scope, *, event: UUID, at: datetime) -> list[Task]:
    """Open a task for each notice that an adverse event owes, and return them; nothing where it is not serious.

    The hours count from `at`, when the site recorded it as serious. Each notice is one task of the event, however often
    its course is told; what a later telling adds is added.
    """
    history = event_history(scope, event)
    told = next((each for each in history if each.key == event), None)
    if told is None:
        return []
    return [
        raise_task(
            scope,
            key=key_from("notice", scope.site, str(history[0].key), notice.id),
            patient=told.patient_key,
            kind=KIND,
            priority=notice.priority,
            because=f"Serious adverse event: tell {notice.to} within {notice.within_hours} hours.",
            at=at,
            event=event,
            due_at=at + timedelta(hours=notice.within_hours),
        )
        for notice in owed(reporting_at(scope.site), told.criteria)
    ]
