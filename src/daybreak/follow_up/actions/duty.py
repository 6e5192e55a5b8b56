"""Who is on duty gets a message about each task that asks for somebody; where nobody takes it, the next one does.

The task is the queue: whatever was killed between a task and its message, the next round tells who has not been told.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from daybreak.follow_up.carriers import is_set_up
from daybreak.follow_up.models import DUTY, EMAIL, TEXT, TOLD, Message, Task, TaskStep
from daybreak.follow_up.queries.safety import safety_at
from daybreak.follow_up.queries.tasks import OpenTask, open_tasks
from daybreak.follow_up.rules.duty import to_tell
from daybreak.follow_up.rules.messages import LONGEST_TEXT, address_for, tells_too_much
from daybreak.follow_up.rules.tasks import roles_asked
from daybreak.identity.public import Forgotten, seal_text
from daybreak.kernel.keys import key_from
from daybreak.kernel.moments import day_of
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, record_one
from daybreak.people.public import Turn, account_emails, on_duty, site_named, who_hold
from daybreak.rulebook.public import Safety

TaskAddress = Callable[[str, UUID], str]
TRIED_FOR = timedelta(days=1)


@one_step()
def tell_on_duty(scope: Scope, *, at: datetime, address: TaskAddress) -> list[TaskStep]:
    """Queue a message about each task that still asks for somebody, to each who is to be told by now and was not.

    `address` makes the address of a task from site and key. Nobody is told twice of one task.
    """
    waiting = [each for each in open_tasks(scope) if each.still_asks(at)]
    safety = safety_at(scope.site)
    if not any(safety.passes_on(each.task.priority).by_message for each in waiting):
        return []
    turns = on_duty(scope, at=at)
    told = [
        _tell(scope, each.task, account, turns, at=at, address=address)
        for each in waiting
        for account in _to_tell(scope, safety, each, turns, at)
        if account not in each.told
    ]
    return [step for step in told if step]


def _to_tell(scope: Scope, safety: Safety, each: OpenTask, turns: tuple[Turn, ...], at: datetime) -> list[UUID]:
    passed_on = safety.passes_on(each.task.priority)
    if not passed_on.by_message:
        return []
    return to_tell(
        asked=roles_asked(safety, each.task.priority, raised_at=each.task.raised_at, at=at),
        chain=passed_on.to,
        on_duty=[(turn.rank, turn.account) for turn in turns],
        holders=who_hold(scope, passed_on.to, on=day_of(at, site_named(scope.site).time_zone)),
    )


def _tell(
    scope: Scope, task: Task, account: UUID, turns: tuple[Turn, ...], *, at: datetime, address: TaskAddress
) -> TaskStep | None:
    key = key_from("told", scope.site, str(task.key), str(account))
    number = next((address_for(TEXT, turn.telephone) for turn in turns if turn.account == account), "")
    by_text = bool(number) and is_set_up(TEXT)
    to = number if by_text else account_emails([account])[account]
    try:
        sealed = [
            seal_text(scope, task.patient_key, each, fact=key) for each in (to, _words(address(scope.site, task.key)))
        ]
    except Forgotten:  # nobody can call back somebody whose name is gone
        return None
    record_one(
        Message(
            site=scope.site,
            key=key,
            patient_key=task.patient_key,
            kind=DUTY,
            channel=TEXT if by_text else EMAIL,
            sealed_to=sealed[0],
            sealed_words=sealed[1],
            wanted_at=at,
            until=at + TRIED_FOR,
        )
    )
    return record_one(
        TaskStep(
            site=scope.site, key=key, patient_key=task.patient_key, task_key=task.key, step=TOLD, told=account,
            done_at=at,
        )
    )  # fmt: skip


def _words(where: str) -> str:
    """Return the words for a lock screen: that somebody asks, and where; never who, and never about what."""
    asks = _("You are asked for at the clinic. Please sign in and take it; if nobody does, the next person is asked.")
    said = f"{asks}\n{where}"
    return asks if tells_too_much(where) or len(said) > LONGEST_TEXT else said
