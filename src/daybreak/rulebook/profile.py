"""The form of a privacy profile: which columns of a snapshot may leave, and what becomes of times, sites and ages.

It is an allow-list. A column that no profile names stays in the house; what a column is, and so whether a profile may
name it, the register's one description of tables says.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt, model_validator

from daybreak.rulebook.form import Definition, Form, Sentence, Sourced, Word, demand
from daybreak.rulebook.lines import Path

Times = Literal["days", "dates", "shifted_dates"]
Sites = Literal["left_out", "kept", "renamed"]
DAYS_IN_A_YEAR = 365
"""The shorter year, so that a length of time in years is never told too small."""


class Identifier(Sourced):
    """One identifier that the law names, and what it means in the register."""

    letter: Annotated[str, Field(pattern="^[A-R]$")]
    what: Sentence
    here: Sentence


class ProfileExample(Form):
    """A person's age at the first session, the last day that is told of them, and the age that is handed out."""

    name: Sentence
    age: StrictInt
    last_day: StrictInt
    told: StrictInt


class Profile(Definition):
    """How rows of people may leave the house.

    `times`: whole days since the first session; dates as they are; or dates moved by one random length of time for
    each person, at most `shift_days` either way. `sites`: in no column; under their code; or under a random word made
    for the release. Ages from `oldest` on are one group. With `agreement` a release names the document under which it
    is made, with `determination` the expert's written finding. `statement` lies beside the rows.
    """

    basis: Sourced
    times: Times
    shift_days: Annotated[StrictInt, Field(ge=30)] | None = None
    sites: Sites
    oldest: Annotated[StrictInt, Field(ge=18, le=90)]
    agreement: StrictBool
    determination: StrictBool
    statement: Sentence
    tables: dict[Word, tuple[Word, ...]] = Field(min_length=1)
    identifiers: tuple[Identifier, ...] = ()
    examples: tuple[ProfileExample, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> "Profile":
        demand(
            (self.shift_days is not None) == (self.times == "shifted_dates"), "“shift_days” belongs to shifted dates"
        )
        demand("person" in self.tables, "the table “person” is part of every profile")
        for name, columns in self.tables.items():
            demand(len(set(columns)) == len(columns), f"a column of “{name}” is named twice")
            demand(self.sites != "left_out" or "site" not in columns, f"“{name}” names the site, which is left out")
        letters = [each.letter for each in self.identifiers]
        demand(len(set(letters)) == len(letters), "an identifier is named twice")
        return self


def told_age(profile: Profile, *, age: int, last_day: int) -> int:
    """Return the age that is handed out of somebody who is told of until `last_day` after the first session.

    Days tell an age as well: who reaches the oldest group on a day that is told belongs to it from the start.
    """
    years = -(-max(last_day, 0) // DAYS_IN_A_YEAR)
    return profile.oldest if age + years >= profile.oldest else age


def profile_wrongs(profile: Profile) -> Iterator[tuple[Path, str]]:
    """Yield the examples of a profile that come out otherwise."""
    for index, each in enumerate(profile.examples):
        got = told_age(profile, age=each.age, last_day=each.last_day)
        if got != each.told:
            yield ("examples", index), f"example “{each.name}”: it is {got}, not {each.told}"
