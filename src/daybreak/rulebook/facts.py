"""Facts: what a rule may ask, and what is known about a patient at a moment."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import Field, model_validator

from daybreak.kernel.refusal import Refusal
from daybreak.kernel.units import convert, written
from daybreak.rulebook.form import Definition, Form, Number, Sentence, Value, Word

_CANNOT_BE = ": that cannot be right. Check the value and its unit."
FactValue = bool | int | Decimal | str | date | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A value with its unit (UCUM.

    Empty where it has none) and the moment it was true. `source` names the record it is from.
    """

    value: FactValue
    unit: str = ""
    at: datetime | None = None
    source: str = ""


class FactDefinition(Form):
    """A question that rules may ask: its wording, its form, who can answer it, and what cannot be right.

    `asked` is for a form; `measured` comes from a measurement; `computed` is put together from records
    of other rooms. `molar_mass` (g/mol) lets a mass in a volume be read as the amount that `unit` counts.
    """

    id: Word
    question: Sentence
    kind: Literal["yes_no", "number", "choice", "words", "date", "moments"]
    unit: str = ""
    choices: tuple[str, ...] = ()
    lowest: Number | None = None
    highest: Number | None = None
    molar_mass: Annotated[Number, Field(gt=0)] | None = None
    supplied_by: tuple[Literal["patient", "coordinator", "nurse", "clinician", "system"], ...] = Field(min_length=1)
    how: Literal["asked", "measured", "computed"] = "asked"
    help: str = ""

    @model_validator(mode="after")
    def _whole(self) -> "FactDefinition":
        if (self.kind == "number") != bool(self.unit):
            raise ValueError("a number has a unit, and nothing else has one")
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError("a choice names its choices, and nothing else does")
        return self


class FactExample(Form):
    """One value and whether it can be right."""

    name: Sentence
    given: dict[str, Value]
    expect: Literal["accepted", "refused"]


class Vocabulary(Definition):
    """A shared list of the facts that protocols may ask."""

    facts: tuple[FactDefinition, ...]
    examples: tuple[FactExample, ...] = Field(min_length=1)


def trouble_with(definition: FactDefinition, fact: Fact) -> str | None:
    """Return why `fact` cannot be what `definition` asks for, as a sentence, or None where it can."""
    value = fact.value
    if definition.kind == "yes_no":
        return None if isinstance(value, bool) else "The answer is neither yes nor no."
    if definition.kind == "number":
        return _trouble_with_number(definition, fact)
    if definition.kind == "choice":
        return None if value in definition.choices else f"“{value}” is not one of: {', '.join(definition.choices)}."
    if definition.kind == "moments":
        return _trouble_with_moments(value)
    wanted: type = tuple if definition.kind == "words" else date
    return None if isinstance(value, wanted) else "The answer does not have the form that the question asks for."


def number_in(fact: Fact, unit: str) -> Decimal:
    """Return the fact's number in `unit`; raise UnknownUnit or NoNumber where there is none to be had."""
    value = fact.value
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
        raise NoNumber("The value is not a number.")
    return convert(Decimal(value), unit=fact.unit, into=unit)


class NoNumber(Refusal):
    """A value that is not a number where a number is asked for."""


def _trouble_with_number(definition: FactDefinition, fact: Fact) -> str | None:
    try:
        value = number_in(fact, definition.unit)
    except Refusal as refusal:
        return str(refusal)
    if definition.lowest is not None and value < definition.lowest:
        return f"{_much(value, definition.unit)} is below {definition.lowest}{_CANNOT_BE}"
    if definition.highest is not None and value > definition.highest:
        return f"{_much(value, definition.unit)} is above {definition.highest}{_CANNOT_BE}"
    return None


def _much(value: Decimal, unit: str) -> str:
    return f"{value} {written(unit)}".strip()


@lru_cache(maxsize=4096)
def moments_in(words: tuple[str, ...]) -> tuple[datetime, ...]:
    """Return the moments that `words` spell, the earliest first; raise ValueError for what spells none."""
    return tuple(sorted(map(datetime.fromisoformat, words)))


def _trouble_with_moments(value: FactValue) -> str | None:
    """Moments are words in the form of ISO 8601, each with its offset from UTC."""
    try:
        holds = isinstance(value, tuple) and all(moment.tzinfo for moment in moments_in(value))
    except (ValueError, TypeError):
        holds = False
    return None if holds else "The answer is not a list of moments, each with its offset from UTC."
