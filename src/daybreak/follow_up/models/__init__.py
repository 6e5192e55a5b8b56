"""The tables of follow-up."""

from daybreak.follow_up.models.invitations import Answered, CalledOff, Invitation, Link
from daybreak.follow_up.models.tasks import CLOSED, ESCALATED, PRIORITIES, TAKEN, Task, TaskStep

__all__ = [
    "CLOSED",
    "ESCALATED",
    "PRIORITIES",
    "TAKEN",
    "Answered",
    "CalledOff",
    "Invitation",
    "Link",
    "Task",
    "TaskStep",
]
