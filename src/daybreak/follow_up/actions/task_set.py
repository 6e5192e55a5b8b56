"""The tasks of cognition, done by a patient alone who came by a link: kept once, however many phones send them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from daybreak.follow_up.actions.answers import NotTaken, Receipt, keep_for_a_person, mark_answered, trouble_with
from daybreak.follow_up.actions.cognition import note_task_runs, run_key
from daybreak.follow_up.actions.tasks import one_at_a_time
from daybreak.follow_up.models import TaskRun
from daybreak.follow_up.queries.invitations import asked
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step
from daybreak.rulebook.public import TASK_SET


@one_step()
def answer_tasks(
    scope: Scope,
    *,
    key: UUID,
    invitation: UUID,
    device: str,
    timing: Mapping[str, object],
    runs: Sequence[Mapping[str, object]],
    at: datetime,
    is_withdrawn: bool = False,
) -> Receipt:
    """Keep the runs that a phone sends for an invitation to the tasks of cognition. They call for nobody.

    `key` was made with the page: the same runs sent again are the same facts. Runs that cannot simply count (others
    came before, the invitation was called off or ended long ago, the link `is_withdrawn`, the patient died) are kept
    for a person.
    Raises NotTaken where there is no such invitation or it is not open yet, and NotARun.
    """
    one_at_a_time(scope, invitation)
    found = asked(scope, invitation)
    if found is None or found.invitation.instrument != TASK_SET or at < found.invitation.opens_at:
        raise NotTaken("These tasks are not open.")
    row = found.invitation
    trouble = trouble_with(found, at, is_withdrawn=is_withdrawn)
    if found.answered is not None and _are_theirs(scope, row.key, key):
        return Receipt(calls_for_someone=False, was_answered_before=True)
    if trouble:
        sent = {"key": str(key), "device": device, "timing": dict(timing), "runs": [dict(each) for each in runs]}
        keep_for_a_person(scope, row, trouble=trouble, content={"invitation": str(row.key), **sent}, at=at)
    else:
        note_task_runs(
            scope, key=key, patient=row.patient_key, device=device, timing=timing, runs=runs, at=at, invitation=row.key
        )
        mark_answered(scope, row, answer_set=None, at=at)
    return Receipt(calls_for_someone=False, was_answered_before=found.answered is not None)


def _are_theirs(scope: Scope, invitation: UUID, key: UUID) -> bool:
    """Return whether the runs that answered an invitation are those that were sent under this key."""
    first = TaskRun.objects.filter(site=scope.site, invitation_key=invitation).first()
    return first is not None and first.key == run_key(scope, key, first.task)
