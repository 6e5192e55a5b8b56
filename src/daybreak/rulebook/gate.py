"""The form of a criterion: a question, its gates, and what follows where it is not met."""

from functools import cached_property
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StrictBool, StrictInt, model_validator

from daybreak.rulebook.form import Blankable, Number, Sentence, Sourced, Word, demand

Otherwise = Literal["inform", "review", "postpone", "refuse", "stop"]
Who = Literal["clinician", "two_clinicians", "nobody"]
Whole = Annotated[StrictInt, Field(ge=1)]
# The fact by which the days and weeks of a course are counted: the moments of the earlier sessions.
SESSIONS = "sessions_given"
NUMERIC_TESTS = ("below", "at_most", "at_least", "between")
TIME_TESTS = ("days_apart", "hours_apart", "in_days", "on_days")
OTHER_TESTS = ("is_", "one_of", "count_of", "consented_to", "certified_in", *TIME_TESTS)
AGES = ("within_days", "within_minutes")
PERIOD = ("from_day", "until_day", "from_week", "until_week")


class Gate(Blankable):
    """One test of one fact.

    `within_days` and `within_minutes` are tests of its age, alone or beside another test.
    """

    may_be_blank: ClassVar[frozenset[str]] = frozenset({*NUMERIC_TESTS, *AGES, *TIME_TESTS})

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
    days_apart: Whole | None = None
    hours_apart: Whole | None = None
    in_days: Whole | None = None
    on_days: tuple[Whole, ...] | None = None
    within_days: Whole | None = None
    within_minutes: Whole | None = None

    @cached_property
    def test(self) -> str:
        """The name of the one test; `within` where only the age counts."""
        return next((name for name in (*OTHER_TESTS, *NUMERIC_TESTS) if self.says(name)), "within")

    @model_validator(mode="after")
    def _one_test(self) -> "Gate":
        numeric = [name for name in NUMERIC_TESTS if self.says(name)]
        other = [name for name in OTHER_TESTS if self.says(name)]
        if other == ["count_of"]:
            demand(
                numeric in (["at_least"], ["at_most"]) and not self.unit,
                "count_of goes with at_least or at_most, without a unit",
            )
        elif other == ["in_days"]:
            demand(numeric == ["at_most"] and not self.unit, "in_days goes with at_most, without a unit")
        else:
            self._one_plain_test(numeric, other)
        return self

    def _one_plain_test(self, numeric: list[str], other: list[str]) -> None:
        fresh = any(self.says(name) for name in AGES)
        demand(
            len(numeric) + len(other) == 1 or (fresh and not numeric and not other),
            "a gate has exactly one test",
        )
        demand(self.one_of != () and self.on_days != (), "a list without a word can never be met")
        demand(bool(numeric) == bool(self.unit), "a number has a unit, and nothing else has one")
        demand(
            self.between is None or self.between[0] < self.between[1],
            "between can never be met: its ends are the wrong way round",
        )


class Criterion(Sourced):
    """A question with its gate, or with a group of gates (`all`, `any`, `none`), and what follows where it
    is not met.

    It may apply to a part of the course only, from a day or week up to and with another (day 1 is the first session's).
    """

    id: Word
    question: Sentence
    gate: Gate | None = None
    all_: tuple[Gate, ...] = Field(default=(), alias="all")
    any_: tuple[Gate, ...] = Field(default=(), alias="any")
    none_: tuple[Gate, ...] = Field(default=(), alias="none")
    from_day: Whole | None = None
    until_day: Whole | None = None
    from_week: Whole | None = None
    until_week: Whole | None = None
    otherwise: Otherwise
    override: Who = "clinician"
    advice: str = ""

    @cached_property
    def gates(self) -> tuple[Gate, ...]:
        """Every gate of the criterion, in order."""
        return (self.gate,) if self.gate else (*self.all_, *self.any_, *self.none_)

    @cached_property
    def group(self) -> Literal["one", "all", "any", "none"]:
        """How its gates are joined."""
        return "one" if self.gate else "all" if self.all_ else "any" if self.any_ else "none"

    @cached_property
    def period(self) -> tuple[int, int | None] | None:
        """The first and the last day of the course on which it applies (no last one: None); None for always."""
        return days_of(self.from_day, self.until_day, self.from_week, self.until_week)

    def applies_on(self, day: int) -> bool:
        """Return whether it applies on a day of the course (from 1)."""
        first, last = self.period or (1, None)
        return first <= day and (last is None or day <= last)

    @cached_property
    def asks(self) -> tuple[str, ...]:
        """The names of the facts it needs, once each."""
        named = dict.fromkeys(gate.ask for gate in self.gates)
        return tuple(named) if self.period is None else tuple(dict.fromkeys((*named, SESSIONS)))

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, data: object) -> object:
        """Let the gate stand flat in the criterion, as clinicians write it."""
        return flat_gate(data)

    @model_validator(mode="after")
    def _whole(self) -> "Criterion":
        groups = [bool(self.gate), bool(self.all_), bool(self.any_), bool(self.none_)]
        demand(sum(groups) == 1, "a criterion has one gate (ask = …) or one group: all, any or none")
        consent = any(gate.consented_to for gate in self.gates)
        demand(
            not consent or self.override == "nobody",
            'consent cannot be overridden: write override = "nobody"',
        )
        demand_period(self.period)
        return self


def flat_gate(data: object) -> object:
    """Return the table with the keys of a gate gathered under `gate`, where it has one (`ask`)."""
    if not isinstance(data, dict) or "ask" not in data:
        return data
    names = {field.alias or name for name, field in Gate.model_fields.items()} - {"blanks"}
    rest = {key: value for key, value in data.items() if key not in names}
    return {**rest, "gate": {key: value for key, value in data.items() if key in names}}


def days_of(
    from_day: int | None, until_day: int | None, from_week: int | None, until_week: int | None
) -> tuple[int, int | None] | None:
    """Return a period of a course in days, counted from 1, both ends in it; week 1 is days 1 to 7."""
    first = from_day if from_day is not None else None if from_week is None else 7 * from_week - 6
    last = until_day if until_day is not None else None if until_week is None else 7 * until_week
    return None if first is None and last is None else (first or 1, last)


def demand_period(period: tuple[int, int | None] | None) -> None:
    """Raise ValueError for a period that ends before it begins."""
    demand(
        period is None or period[1] is None or period[0] <= period[1],
        "this period can never be met: it ends before it begins",
    )
