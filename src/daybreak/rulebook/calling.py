"""The form of how alarms call: what is itself an alarm beside the protocol's limits, who is told next, and how long
sound may be paused. A site's own definition has the site's code as its id; else “bedside” holds.
"""

from typing import Annotated, Literal, get_args

from pydantic import Field, StrictInt, model_validator

from daybreak.rulebook.bedside import Priority
from daybreak.rulebook.form import Definition, Form, Role, Sentence, Sourced, demand
from daybreak.rulebook.gate import Whole

Trouble = Literal[
    "missing_reading", "silent_stream", "device_lost", "tab_asleep", "sound_blocked", "listener_dead", "clock_jumped"
]
TROUBLES: tuple[Trouble, ...] = get_args(Trouble)
PATHS: tuple[Trouble, ...] = ("device_lost", "tab_asleep", "sound_blocked", "listener_dead", "clock_jumped")
# What is dead must have called within ten seconds: beats and the watch's own round need the rest.
_AT_MOST = 6


class Watched(Sourced):
    """Something that is itself an alarm.

    `seconds` is how long it may last before it calls; for `clock_jumped`, how far a clock may move; for
    `missing_reading`, how long after the end of the protocol's grace.
    """

    id: Trouble
    priority: Priority
    seconds: Annotated[StrictInt, Field(ge=0)]
    advise: Sentence


class Escalation(Sourced):
    """Who is told when nobody takes an alarm of a priority: after each `every_seconds` one role more, in the order
    of `to`; then all of them are told until somebody takes it.
    """

    priority: Priority
    every_seconds: Whole
    to: tuple[Role, ...] = Field(min_length=1)


class Pause(Sourced):
    """For how long a named person may silence what they see."""

    seconds: Whole


class CallingExample(Form):
    """An alarm of a priority that nobody takes for so many seconds, and the roles that have been told by then."""

    name: Sentence
    priority: Priority
    after_seconds: Annotated[StrictInt, Field(ge=0)]
    told: tuple[Role, ...]


class Calling(Definition):
    """How alarms call at a site."""

    pause: Pause
    escalation: tuple[Escalation, ...]
    watched: tuple[Watched, ...]
    examples: tuple[CallingExample, ...] = Field(min_length=1)

    def of(self, trouble: Trouble) -> Watched:
        """Return what is said of one trouble."""
        return next(each for each in self.watched if each.id == trouble)

    def escalates(self, priority: Priority) -> Escalation:
        """Return who is told when nobody takes an alarm of this priority."""
        return next(each for each in self.escalation if each.priority == priority)

    @model_validator(mode="after")
    def _whole(self) -> "Calling":
        ids = [each.id for each in self.watched]
        demand(sorted(ids) == sorted(TROUBLES), f"“watched” says something once of each of: {', '.join(TROUBLES)}")
        priorities = sorted(each.priority for each in self.escalation)
        demand(priorities == ["high", "low", "medium"], "“escalation” says once who is told: high, medium, low")
        slow = [each.id for each in self.watched if each.id != "missing_reading" and each.seconds > _AT_MOST]
        demand(not slow, f"{', '.join(slow)}: seconds is at most {_AT_MOST}, so that it calls within ten seconds")
        return self


def level_after(escalation: Escalation, waited_seconds: float) -> int:
    """Return how often an alarm that nobody took has been passed on after so many seconds; at most to every role."""
    return min(len(escalation.to), max(0, int(waited_seconds // escalation.every_seconds)))


def told_at(escalation: Escalation, level: int) -> tuple[str, ...]:
    """Return the roles that are told at a level; none at level 0."""
    return escalation.to[:level]
