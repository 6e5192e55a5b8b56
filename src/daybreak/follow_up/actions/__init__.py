"""Every write of follow-up: invitations and their links, answers, tasks."""

from daybreak.follow_up.actions.answers import (
    IncompleteAnswers,
    NotTaken,
    Receipt,
    answer,
    note_answers,
)
from daybreak.follow_up.actions.invitations import (
    MAY_BE_HANDED_OVER,
    NothingToAnswer,
    after_session,
    call_off,
    hand_over_link,
    invite,
)
from daybreak.follow_up.actions.tasks import (
    NotSaid,
    TaskClosed,
    close_task,
    escalate_overdue,
    raise_task,
    take_task,
)

__all__ = [
    "MAY_BE_HANDED_OVER",
    "IncompleteAnswers",
    "NotSaid",
    "NotTaken",
    "NothingToAnswer",
    "Receipt",
    "TaskClosed",
    "after_session",
    "answer",
    "call_off",
    "close_task",
    "escalate_overdue",
    "hand_over_link",
    "invite",
    "note_answers",
    "raise_task",
    "take_task",
]
