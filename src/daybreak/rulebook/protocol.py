"""The form of a protocol. Data chooses among these rules and fills in numbers, words and references."""

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt, model_validator

from daybreak.rulebook.facts import FactDefinition
from daybreak.rulebook.form import Definition, Form, Number, Sentence, Sourced, Value, Word

Otherwise = Literal["inform", "review", "postpone", "refuse"]
Priority = Literal["high", "medium", "low"]
Whole = Annotated[StrictInt, Field(ge=1)]
NUMERIC_TESTS = ("below", "at_most", "at_least", "between")
OTHER_TESTS = ("is_", "one_of", "count_of", "consented_to", "certified_in")


class Gate(Form):
    """One test of one fact.

    `within_days` and `within_minutes` are tests of its age, alone or beside another test.
    """

    ask: Word
    unit: str = ""
    below: Number | None = None
    at_most: Number | None = None
    at_least: Number | None = None
    between: tuple[Number, Number] | None = None
    is_: StrictBool | Sentence | None = Field(default=None, alias="is")
    one_of: tuple[Sentence, ...] | None = None
    count_of: Sentence | None = None
    consented_to: Word | None = None
    certified_in: Word | None = None
    within_days: Whole | None = None
    within_minutes: Whole | None = None

    @cached_property
    def test(self) -> str:
        """The name of the one test; `within` where only the age counts."""
        return next((name for name in (*OTHER_TESTS, *NUMERIC_TESTS) if getattr(self, name) is not None), "within")

    @model_validator(mode="after")
    def _one_test(self) -> "Gate":
        numeric = [name for name in NUMERIC_TESTS if getattr(self, name) is not None]
        other = [name for name in OTHER_TESTS if getattr(self, name) is not None]
        if self.count_of is not None:
            _demand(
                numeric in (["at_least"], ["at_most"]) and len(other) == 1 and not self.unit,
                "count_of goes with at_least or at_most, without a unit",
            )
            return self
        fresh = self.within_days is not None or self.within_minutes is not None
        _demand(
            len(numeric) + len(other) == 1 or (fresh and not numeric and not other),
            "a gate has exactly one test",
        )
        _demand(bool(numeric) == bool(self.unit), "a number has a unit, and nothing else has one")
        _demand(
            self.between is None or self.between[0] < self.between[1],
            "between can never be met: its ends are the wrong way round",
        )
        return self


class Criterion(Sourced):
    """A question with its gate, or with a group of gates (`all`, `any`, `none`), and what follows where it
    is not met.
    """

    id: Word
    question: Sentence
    gate: Gate | None = None
    all_: tuple[Gate, ...] = Field(default=(), alias="all")
    any_: tuple[Gate, ...] = Field(default=(), alias="any")
    none_: tuple[Gate, ...] = Field(default=(), alias="none")
    otherwise: Otherwise
    override: Literal["nobody", "clinician", "two_clinicians"] = "clinician"
    advice: str = ""

    @cached_property
    def gates(self) -> tuple[Gate, ...]:
        """Every gate of the criterion, in order."""
        return (self.gate,) if self.gate else (*self.all_, *self.any_, *self.none_)

    @cached_property
    def group(self) -> Literal["one", "all", "any", "none"]:
        """How its gates are joined."""
        return "one" if self.gate else "all" if self.all_ else "any" if self.any_ else "none"

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, data: object) -> object:
        """Let the gate stand flat in the criterion, as clinicians write it."""
        if not isinstance(data, dict) or "ask" not in data:
            return data
        names = {field.alias or name for name, field in Gate.model_fields.items()}
        rest = {key: value for key, value in data.items() if key not in names}
        return {**rest, "gate": {key: value for key, value in data.items() if key in names}}

    @model_validator(mode="after")
    def _whole(self) -> "Criterion":
        groups = [bool(self.gate), bool(self.all_), bool(self.any_), bool(self.none_)]
        _demand(sum(groups) == 1, "a criterion has one gate (ask = …) or one group: all, any or none")
        consent = any(gate.consented_to for gate in self.gates)
        _demand(
            not consent or self.override == "nobody",
            'consent cannot be overridden: write override = "nobody"',
        )
        return self


class Duty(Sourced):
    """Something to be done that no fact decides; shown to the reader, never evaluated."""

    id: Word
    text: Sentence
    stage: Literal["screening", "before_each_dose", "during", "after", "follow_up"]


class Sign(Sourced):
    """How often a sign is read.

    Every so many minutes, or at named minutes after the start, with some grace before overdue.
    """

    sign: Word
    unit: Sentence
    every_minutes: Whole | None = None
    at_minutes: tuple[Whole, ...] = ()
    grace_minutes: Annotated[StrictInt, Field(ge=0)]

    @model_validator(mode="after")
    def _one_plan(self) -> "Sign":
        _demand(
            (self.every_minutes is None) == bool(self.at_minutes),
            "a sign has either every_minutes or at_minutes",
        )
        return self


class Limit(Sourced):
    """A value of a sign, or a change from the baseline, that calls for someone."""

    id: Word
    sign: Word
    unit: Sentence
    above: Number | None = None
    at_least: Number | None = None
    below: Number | None = None
    at_most: Number | None = None
    rise_above: Number | None = None
    fall_above: Number | None = None
    priority: Priority
    advise: Sentence

    @cached_property
    def test(self) -> str:
        """The name of its one test."""
        return next(name for name in LIMIT_TESTS if getattr(self, name) is not None)

    @model_validator(mode="after")
    def _one_test(self) -> "Limit":
        _demand(sum(getattr(self, name) is not None for name in LIMIT_TESTS) == 1, "a limit has exactly one test")
        return self


LIMIT_TESTS = ("above", "at_least", "below", "at_most", "rise_above", "fall_above")


class Watch(Form):
    """What is read, and what calls for someone, in one stage of a session."""

    signs: tuple[Sign, ...] = Field(min_length=1)
    limits: tuple[Limit, ...] = ()


class Recovery(Watch):
    """After the dose.

    The watch goes on, for at least `minimum_observation_minutes` from the end of the dose.
    """

    minimum_observation_minutes: Whole
    source: Literal["label", "rems", "guideline", "practice", "site"]
    reference: Sentence
    verified: StrictBool = True
    note: str = ""


class DoseRule(Sourced):
    """How large a dose is and how long it takes. Rounding is always down, never above what was wished."""

    rule: Literal["per_kilogram"]
    drug: Word
    route: Literal["intravenous"]
    amount: Annotated[Number, Field(gt=0)]
    unit: Literal["mg/kg"]
    at_most: Annotated[Number, Field(gt=0)] | None = None
    round_to: Annotated[Number, Field(gt=0)]
    over_minutes: Whole
    volume_round_to: Annotated[Number, Field(gt=0)]
    rate_round_to: Annotated[Number, Field(gt=0)]


class FollowUp(Sourced):
    """When an instrument is due: before or after each session, or repeatedly after the last one."""

    id: Word
    instrument: Word
    anchor: Literal["before_session", "after_session", "after_last_session"]
    offset_hours: Annotated[StrictInt, Field(ge=0)]
    every_hours: Whole | None = None
    until_hours: Whole | None = None
    opens_hours_before: Annotated[StrictInt, Field(ge=0)]
    closes_hours_after: Annotated[StrictInt, Field(ge=0)]

    @model_validator(mode="after")
    def _whole(self) -> "FollowUp":
        _demand(
            (self.every_hours is None) == (self.until_hours is None),
            "every_hours and until_hours go together",
        )
        _demand(self.every_hours is None or self.anchor == "after_last_session", "only after_last_session repeats")
        return self


class Expected(Form):
    """What an example expects; only what is named is compared."""

    decision: Literal["allow", "ask", "postpone", "refuse", "review"] | None = None
    because: Word | None = None
    unknown: tuple[Word, ...] | None = None
    breaches: tuple[Word, ...] | None = None
    dose_mg: Number | None = None
    volume_ml: Number | None = None
    rate_ml_per_hour: Number | None = None


Stage = Literal["screening", "before_each_dose", "before_leaving"]


class ProtocolExample(Form):
    """A worked example. `base` names an example whose facts it starts from; `without` takes facts away."""

    name: Sentence
    stage: Literal["screening", "before_each_dose", "before_leaving", "during", "after", "dose"]
    base: str = ""
    given: dict[Word, Value] = {}
    without: tuple[Word, ...] = ()
    days_ago: dict[Word, StrictInt] = {}
    minutes_ago: dict[Word, StrictInt] = {}
    baseline: dict[Word, Number] = {}
    expect: Expected


class Protocol(Definition):
    """Who may be treated, with what, watched how, and followed up when."""

    vocabulary: Sentence
    facts: tuple[FactDefinition, ...] = ()
    screening: tuple[Criterion, ...] = Field(min_length=1)
    before_each_dose: tuple[Criterion, ...] = Field(min_length=1)
    before_leaving: tuple[Criterion, ...] = Field(min_length=1)
    dose: DoseRule
    during: Watch
    after: Recovery
    follow_up: tuple[FollowUp, ...] = ()
    duties: tuple[Duty, ...] = ()
    examples: tuple[ProtocolExample, ...] = Field(min_length=1)

    def criteria(self, stage: Stage) -> tuple[Criterion, ...]:
        """Return the criteria of `stage` in the file's order."""
        found: tuple[Criterion, ...] = getattr(self, stage)
        return found

    @cached_property
    def facts_by_name(self) -> dict[str, FactDefinition]:
        """The definition of every fact, by its name."""
        return {fact.id: fact for fact in self.facts}

    def fact(self, name: str) -> FactDefinition:
        """Return the definition of the fact `name`, own or shared; raise KeyError for a stranger."""
        return self.facts_by_name[name]

    def facts_of(self, stage: Stage) -> tuple[FactDefinition, ...]:
        """Return the facts that the criteria of `stage` ask, once each, in the order they are asked."""
        names = dict.fromkeys(gate.ask for criterion in self.criteria(stage) for gate in criterion.gates)
        return tuple(self.fact(name) for name in names)


def _demand(holds: bool, otherwise: str) -> None:
    if not holds:
        raise ValueError(otherwise)
