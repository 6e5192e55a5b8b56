"""The tables of follow-up."""

from daybreak.follow_up.models.cognition import TaskRun
from daybreak.follow_up.models.invitations import Answered, CalledOff, Invitation, Link
from daybreak.follow_up.models.messages import (
    CHANNELS,
    DUTY,
    EMAIL,
    ESCORT,
    FAILED,
    GIVEN_UP,
    QUESTIONS,
    REMINDER,
    SENT,
    TEXT,
    LinksWithdrawn,
    LinkTrace,
    Message,
    MessageStep,
    WrongLink,
)
from daybreak.follow_up.models.observation import Attempt, Observation
from daybreak.follow_up.models.own_page import OwnPage, OwnPageEnded, OwnPasskey, OwnPin, OwnTry
from daybreak.follow_up.models.tasks import CLOSED, ESCALATED, MISTAKEN, PRIORITIES, TAKEN, TOLD, Task, TaskStep

__all__ = [
    "CHANNELS",
    "CLOSED",
    "DUTY",
    "EMAIL",
    "ESCALATED",
    "ESCORT",
    "FAILED",
    "GIVEN_UP",
    "MISTAKEN",
    "PRIORITIES",
    "QUESTIONS",
    "REMINDER",
    "SENT",
    "TAKEN",
    "TEXT",
    "TOLD",
    "Answered",
    "Attempt",
    "CalledOff",
    "Invitation",
    "Link",
    "LinkTrace",
    "LinksWithdrawn",
    "Message",
    "MessageStep",
    "Observation",
    "OwnPage",
    "OwnPageEnded",
    "OwnPasskey",
    "OwnPin",
    "OwnTry",
    "Task",
    "TaskRun",
    "TaskStep",
    "WrongLink",
]
