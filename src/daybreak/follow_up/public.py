"""The door of follow-up."""

from daybreak.follow_up.actions import (
    IncompleteAnswers,
    NothingToAnswer,
    NotSaid,
    NotTaken,
    Receipt,
    TaskClosed,
    after_session,
    answer,
    call_off,
    close_task,
    escalate_overdue,
    hand_over_link,
    invite,
    raise_task,
    take_task,
)
from daybreak.follow_up.jobs import escalate, on_answers_recorded, on_session_discharged, on_session_planned
from daybreak.follow_up.models import Invitation, Task, TaskStep
from daybreak.follow_up.queries.course import course_so_far
from daybreak.follow_up.queries.invitations import (
    Asked,
    Due,
    Visit,
    all_asked,
    asked,
    due,
    opened_by,
    recently_answered,
)
from daybreak.follow_up.queries.tasks import OpenTask, open_tasks
from daybreak.follow_up.rules.course import CourseSoFar
from daybreak.follow_up.rules.invitations import State

__all__ = [
    "Asked",
    "CourseSoFar",
    "Due",
    "IncompleteAnswers",
    "Invitation",
    "NotSaid",
    "NotTaken",
    "NothingToAnswer",
    "OpenTask",
    "Receipt",
    "State",
    "Task",
    "TaskClosed",
    "TaskStep",
    "Visit",
    "after_session",
    "all_asked",
    "answer",
    "asked",
    "call_off",
    "close_task",
    "course_so_far",
    "due",
    "escalate",
    "escalate_overdue",
    "hand_over_link",
    "invite",
    "on_answers_recorded",
    "on_session_discharged",
    "on_session_planned",
    "open_tasks",
    "opened_by",
    "raise_task",
    "recently_answered",
    "take_task",
]
