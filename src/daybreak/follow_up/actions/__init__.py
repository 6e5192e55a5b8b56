"""Every write of follow-up: invitations and their links, answers, tasks."""

from daybreak.follow_up.actions.answers import (
    IncompleteAnswers,
    NotTaken,
    Receipt,
    answer,
    note_answers,
)
from daybreak.follow_up.actions.continuing import ask_where_worse, keep_up
from daybreak.follow_up.actions.duty import tell_on_duty
from daybreak.follow_up.actions.help import ask_for_help
from daybreak.follow_up.actions.invitations import (
    MAY_BE_HANDED_OVER,
    NothingToAnswer,
    after_session,
    call_off,
    hand_over_link,
    invite,
)
from daybreak.follow_up.actions.messages import (
    NotToBeMessaged,
    TellsTooMuch,
    deliver_waiting,
    send_questions,
    send_text,
    why_not,
    withdraw_links,
)
from daybreak.follow_up.actions.notices import raise_notices
from daybreak.follow_up.actions.observation import NotAChange, change_observation, heed_death, note_attempt
from daybreak.follow_up.actions.reminders import ask_by_message
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
    "NotAChange",
    "NotSaid",
    "NotTaken",
    "NotToBeMessaged",
    "NothingToAnswer",
    "Receipt",
    "TaskClosed",
    "TellsTooMuch",
    "after_session",
    "answer",
    "ask_by_message",
    "ask_for_help",
    "ask_where_worse",
    "call_off",
    "change_observation",
    "close_task",
    "deliver_waiting",
    "escalate_overdue",
    "hand_over_link",
    "heed_death",
    "invite",
    "keep_up",
    "note_answers",
    "note_attempt",
    "raise_notices",
    "raise_task",
    "send_questions",
    "send_text",
    "take_task",
    "tell_on_duty",
    "why_not",
    "withdraw_links",
]
