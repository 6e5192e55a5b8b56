"""The form of the disclosure policy: which numbers about groups of people may be shown to others, and how."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StrictInt, model_validator

from daybreak.rulebook.form import Definition, Form, Sentence, Sourced, Word, demand
from daybreak.rulebook.lines import Path

SUPPRESSED = "suppressed"


class Cells(Sourced):
    """Groups of fewer people than `fewest` are not told, nor what would reveal them."""

    fewest: Annotated[StrictInt, Field(ge=2)]


class Rounding(Sourced):
    """What is told is told to the nearest `to`; a half goes up."""

    to: Annotated[StrictInt, Field(ge=1)]


class Grid(Sourced):
    """In anything public, lengths of time are told in steps of `days`, and dates in steps of `weeks`."""

    days: Annotated[StrictInt, Field(ge=1)]
    weeks: Annotated[StrictInt, Field(ge=1)]


class Telling(Form):
    """A way of telling people apart in tables that are told to anybody: by a `word` of their own row or of their first
    session, or by a number in bands, each from its number up to the next.
    """

    id: Word
    title: Sentence
    by: Literal["sex", "age", "route", "sessions"]
    words: dict[str, Sentence] = {}
    bands_from: tuple[StrictInt, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> "Telling":
        demand(bool(self.words) != bool(self.bands_from), "either “words” or “bands_from” say the categories")
        demand(list(self.bands_from) == sorted(set(self.bands_from)), "bands rise")
        return self


class ToldTable(Form):
    """A table of people that is made at each freeze and told to anybody: by one or two ways of telling them apart."""

    id: Word
    title: Sentence
    by: tuple[Word, ...] = Field(min_length=1, max_length=2)


class DisclosureExample(Form):
    """A number of people by itself, and how it is told: a number, or “suppressed”."""

    name: Sentence
    people: StrictInt
    told: StrictInt | str


class Disclosure(Definition):
    """The one policy for everything that leaves as numbers about groups."""

    cells: Cells
    rounding: Rounding
    grid: Grid
    telling: tuple[Telling, ...] = ()
    tables: tuple[ToldTable, ...] = ()
    examples: tuple[DisclosureExample, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> "Disclosure":
        known = {each.id for each in self.telling}
        strangers = sorted({name for table in self.tables for name in table.by} - known)
        demand(not strangers, f"nothing tells people apart by {', '.join(strangers)}")
        demand(self.rounding.to < self.cells.fewest, "numbers are rounded to less than the smallest group that is told")
        return self


def told(policy: Disclosure, people: int) -> int | None:
    """Return how a number of people is told where nothing else reveals it; None where it is suppressed."""
    if 0 < people < policy.cells.fewest:
        return None
    return rounded(policy, people)


def rounded(policy: Disclosure, people: int) -> int:
    """Return a number of people to the nearest step of the policy."""
    step = policy.rounding.to
    return (2 * people + step) // (2 * step) * step


def step_of_days(policy: Disclosure, days: int) -> int:
    """Return the beginning of the step in which a length of time is told in public."""
    return days // policy.grid.days * policy.grid.days


def disclosure_wrongs(policy: Disclosure) -> Iterator[tuple[Path, str]]:
    """Yield the examples of a policy that come out otherwise."""
    for index, each in enumerate(policy.examples):
        found = told(policy, each.people)
        got = SUPPRESSED if found is None else found
        if got != each.told:
            yield ("examples", index), f"example “{each.name}”: it is {got}, not {each.told}"
