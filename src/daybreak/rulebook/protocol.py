"""The form of a protocol. Data chooses among these rules and fills in numbers, words and references."""

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, StrictInt, field_validator

from daybreak.rulebook.bedside import Recovery, Watch
from daybreak.rulebook.course import Duty, FollowUp, Phase, Report
from daybreak.rulebook.dosing import CoMedication, DoseExpected, DoseRule
from daybreak.rulebook.facts import FactDefinition
from daybreak.rulebook.form import Definition, Form, Number, Sentence, Value, Word
from daybreak.rulebook.gate import Criterion, Whole
from daybreak.rulebook.presence import Equipment, TeamRole, TeamRoleName

Stage = Literal["screening", "before_each_dose", "before_leaving", "before_going_on"]
STAGES: tuple[Stage, ...] = ("screening", "before_each_dose", "before_leaving", "before_going_on")


class Expected(DoseExpected):
    """What an example expects; only what is named is compared."""

    decision: Literal["allow", "ask", "review", "postpone", "refuse", "stop"] | None = None
    because: Word | None = None
    unknown: tuple[Word, ...] | None = None
    breaches: tuple[Word, ...] | None = None
    missing: tuple[Word, ...] | None = None


class ProtocolExample(Form):
    """A worked example. `base` names an example whose facts it starts from; `without` takes facts away.

    `sessions_days_ago` and `sessions_hours_ago` say when the earlier sessions were (an empty list: none yet).
    In an example of a dose, `session` is its number, `chosen` the amount that the clinician picked, `last` that of the
    session before, `weight_used` the body weight that was chosen.
    """

    name: Sentence
    stage: Literal[
        "screening", "before_each_dose", "before_leaving", "before_going_on", "during", "after", "dose", "team"
    ]
    base: str = ""
    given: dict[Word, Value] = {}
    without: tuple[Word, ...] = ()
    days_ago: dict[Word, StrictInt] = {}
    minutes_ago: dict[Word, StrictInt] = {}
    sessions_days_ago: tuple[StrictInt, ...] | None = None
    sessions_hours_ago: tuple[StrictInt, ...] | None = None
    baseline: dict[Word, Number] = {}
    session: Whole = 1
    chosen: Number | None = None
    last: Number | None = None
    weight_used: Literal["actual", "ideal"] = "actual"
    hours: Annotated[StrictInt, Field(ge=0)] | None = None
    present: tuple[TeamRoleName, ...] = ()
    expect: Expected


class Protocol(Definition):
    """Who may be treated, with what, watched how, and followed up when."""

    vocabulary: tuple[Sentence, ...] = Field(min_length=1)
    facts: tuple[FactDefinition, ...] = ()
    screening: tuple[Criterion, ...] = Field(min_length=1)
    before_each_dose: tuple[Criterion, ...] = Field(min_length=1)
    before_leaving: tuple[Criterion, ...] = Field(min_length=1)
    before_going_on: tuple[Criterion, ...] = ()
    team: tuple[TeamRole, ...] = ()
    equipment: tuple[Equipment, ...] = ()
    dose: DoseRule
    co_medication: tuple[CoMedication, ...] = ()
    schedule: tuple[Phase, ...] = ()
    during: Watch
    after: Recovery
    follow_up: tuple[FollowUp, ...] = ()
    reports: tuple[Report, ...] = ()
    duties: tuple[Duty, ...] = ()
    examples: tuple[ProtocolExample, ...] = Field(min_length=1)

    @field_validator("vocabulary", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        """Let a single vocabulary stand without brackets."""
        return (value,) if isinstance(value, str) else value

    def criteria(self, stage: Stage) -> tuple[Criterion, ...]:
        """Return the criteria of `stage` in the file's order; before each dose, those of the schedule stand last."""
        found: tuple[Criterion, ...] = getattr(self, stage)
        if stage != "before_each_dose":
            return found
        return (*found, *(phase.criterion for phase in self.schedule if phase.criterion is not None))

    @cached_property
    def facts_by_name(self) -> dict[str, FactDefinition]:
        """The definition of every fact, by its name."""
        return {fact.id: fact for fact in self.facts}

    def fact(self, name: str) -> FactDefinition:
        """Return the definition of the fact `name`, own or shared; raise KeyError for a stranger."""
        return self.facts_by_name[name]

    def facts_of(self, stage: Stage, *, on_day: int | None = None) -> tuple[FactDefinition, ...]:
        """Return the facts that the criteria of `stage` ask, once each, in the order they are asked.

        With `on_day`, a day of the course (from 1), the criteria that do not apply on it are left out.
        """
        asking = [each for each in self.criteria(stage) if on_day is None or each.applies_on(on_day)]
        names = dict.fromkeys(name for criterion in asking for name in criterion.asks)
        return tuple(self.fact(name) for name in names)
