"""The form of a course over time: its phases, its follow-up, its reports, its duties."""

from functools import cached_property
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StrictInt, model_validator

from daybreak.rulebook.form import Blankable, Form, Sentence, Sourced, Word, demand
from daybreak.rulebook.gate import SESSIONS, Criterion, Gate, Otherwise, Whole, days_of, demand_period, flat_gate

_LENGTHS = ("offset", "every", "until")
_ROOM = ("opens_{unit}_before", "closes_{unit}_after")
_HOURS = {"days": 24, "weeks": 168}


class Phase(Sourced, Blankable):
    """A part of the course and how often sessions are given in it: so many times in so many weeks, every so
    many days, or on named days (day 1 is the first session's, week 1 is days 1 to 7).

    With `otherwise`, a session that would come more often is a criterion before each dose.
    """

    may_be_blank: ClassVar[frozenset[str]] = frozenset({"times", "every_weeks", "every_days"})

    id: Word
    title: Sentence
    from_day: Whole | None = None
    until_day: Whole | None = None
    from_week: Whole | None = None
    until_week: Whole | None = None
    times: Whole | None = None
    every_weeks: Whole | None = None
    up_to_every_weeks: Whole | None = None
    every_days: Whole | None = None
    on_days: tuple[Whole, ...] = ()
    otherwise: Otherwise | None = None
    advice: str = ""

    @cached_property
    def days(self) -> tuple[int, int | None]:
        """The first and the last day of the phase; None for a phase without end."""
        return days_of(self.from_day, self.until_day, self.from_week, self.until_week) or (1, None)

    @cached_property
    def criterion(self) -> Criterion | None:
        """The rule that no session comes more often than the phase says, where it has an `otherwise`."""
        if self.otherwise is None or self.blanks:
            return None
        test: dict[str, object] = {"on_days": self.on_days} if self.on_days else {"days_apart": self.every_days}
        if self.times and self.every_weeks:
            test = {"at_most": self.times, "in_days": 7 * self.every_weeks}
        table = {
            "id": self.id,
            "question": f"Is this session within the schedule ({self.title})?",
            "ask": SESSIONS,
            **test,
            "from_day": self.days[0],
            "until_day": self.days[1],
            "otherwise": self.otherwise,
            "advice": self.advice,
            "source": self.source,
            "reference": self.reference,
            "verified": self.verified,
            "note": self.note,
        }
        return Criterion.model_validate(table)

    @model_validator(mode="after")
    def _whole(self) -> "Phase":
        demand(self.says("times") == self.says("every_weeks"), "times and every_weeks go together")
        plans = [self.says("times"), self.says("every_days"), bool(self.on_days)]
        demand(sum(plans) == 1, "a phase has times with every_weeks, or every_days, or on_days")
        longest = self.up_to_every_weeks
        demand(
            longest is None or (self.every_weeks is not None and longest > self.every_weeks),
            "up_to_every_weeks is a longer interval than every_weeks",
        )
        demand_period(self.days)
        first, last = self.days
        demand(
            all(first <= day and (last is None or day <= last) for day in self.on_days),
            "on_days can never be met: a day lies outside the phase",
        )
        return self


TASK_SET = "cognition_tasks"  # asked for like an instrument: the house's short tasks, which no file words


class FollowUp(Sourced):
    """When an instrument is due: before or after each session, or repeatedly after the first or the last one. With
    `every_sessions`, after each so-many-th session of the course only: as exposure adds up.

    Every length may be given in hours, days or weeks: `offset_days = 7` is `offset_hours = 168`.
    """

    id: Word
    instrument: Word
    anchor: Literal["before_session", "after_session", "after_first_session", "after_last_session"]
    offset_hours: Annotated[StrictInt, Field(ge=0)]
    every_hours: Whole | None = None
    until_hours: Whole | None = None
    every_sessions: Whole | None = None
    opens_hours_before: Annotated[StrictInt, Field(ge=0)]
    closes_hours_after: Annotated[StrictInt, Field(ge=0)]

    @model_validator(mode="before")
    @classmethod
    def _in_hours(cls, data: object) -> object:
        return in_hours(data)

    @model_validator(mode="after")
    def _whole(self) -> "FollowUp":
        demand(
            (self.every_hours is None) == (self.until_hours is None),
            "every_hours and until_hours go together",
        )
        demand(
            self.every_hours is None or self.anchor in ("after_first_session", "after_last_session"),
            "only after_first_session and after_last_session repeat",
        )
        demand(
            self.every_sessions is None or self.anchor == "after_session",
            "every_sessions goes with after_session",
        )
        return self


class ReportField(Form):
    """One field of a report. `fact` names the fact that fills it, where there is one."""

    id: Word
    title: Sentence
    kind: Literal["yes_no", "number", "choice", "words", "date", "text"]
    unit: str = ""
    choices: tuple[Sentence, ...] = ()
    fact: Word | None = None


class Report(Sourced, Blankable):
    """A form that is owed to somebody after each session, within so many days; a gate says when it is owed."""

    may_be_blank: ClassVar[frozenset[str]] = frozenset({"due_days"})

    id: Word
    title: Sentence
    to: Sentence
    due_days: Whole | None = None
    gate: Gate | None = None
    fields: tuple[ReportField, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, data: object) -> object:
        return flat_gate(data)

    @model_validator(mode="after")
    def _said(self) -> "Report":
        demand(self.says("due_days"), "“due_days” is missing")
        return self


class Duty(Sourced):
    """Something to be done that no fact decides; shown to the reader, never evaluated."""

    id: Word
    text: Sentence
    stage: Literal["screening", "before_each_dose", "during", "after", "follow_up"]


def in_hours(data: object) -> object:
    """Return a table whose lengths in days or weeks are turned into hours."""
    if not isinstance(data, dict):
        return data
    turned = dict(data)
    for unit, hours in _HOURS.items():
        names = [(f"{name}_{unit}", f"{name}_hours") for name in _LENGTHS]
        names += [(name.format(unit=unit), name.format(unit="hours")) for name in _ROOM]
        for key, wanted in names:
            value = turned.get(key)
            if isinstance(value, int) and not isinstance(value, bool):
                demand(wanted not in turned, f"{key} and {wanted} say the same twice")
                turned[wanted] = turned.pop(key) * hours
    return turned
