"""How a frozen table is described: once, and from that the freeze, the checks and the data dictionary follow.

The description is the allow-list: what it does not name never leaves the database.
"""

from dataclasses import dataclass
from enum import StrEnum

from daybreak.kernel.classification import Class


class Taken(StrEnum):
    """How a frozen value is made from what a room publishes."""

    SITE = "the site's code"
    PERSON = "the random key of the person, new in each snapshot"
    KEY = "a random key of the row, new in each snapshot"
    KEY_OF = "the random key of a row in another table"
    MINUTES = "minutes since the start of the person's first session, or since registration where there was none"
    DAYS = "whole days since the start of the person's first session, or since registration where there was none"
    AGE = "age in years, 90 and over as 90"
    ANCHOR = "what times are counted from"
    WORD = "a word of a closed list; anything that reads like free text is withheld"
    NUMBER = "the value as recorded"
    COUNT = "counted at the freeze"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, meaning, type, unit and classification, and how it is taken from the published
    column `source`.

    `values` lists every allowed word; `at_least` and `at_most` bound a number; `refers` names the table of a
    KEY_OF.
    """

    name: str
    meaning: str
    type: str
    taken: Taken
    source: str = ""
    unit: str = ""
    classification: Class = Class.CLINICAL
    may_be_empty: bool = False
    values: tuple[str, ...] = ()
    at_least: float | None = None
    at_most: float | None = None
    refers: str = ""

    @property
    def constraint(self) -> str:
        """Return what holds for every value, in words."""
        said = ["may be empty" if self.may_be_empty else "never empty"]
        if self.values:
            said.append("one of: " + ", ".join(self.values))
        if self.at_least is not None:
            said.append(f"at least {self.at_least:g}")
        if self.at_most is not None:
            said.append(f"at most {self.at_most:g}")
        if self.refers:
            said.append(f"a row of “{self.refers}”")
        return "; ".join(said)


@dataclass(frozen=True, slots=True)
class Defined:
    """The published columns that say which definition a row was made by: its id, version and fingerprint."""

    kind: str
    name: str
    version: str = "version"
    fingerprint: str = "fingerprint"


@dataclass(frozen=True, slots=True)
class Table:
    """One frozen table: the view it comes from, what one row is, its columns, the columns it is sorted by
    within a site.
    """

    name: str
    view: str
    meaning: str
    columns: tuple[Column, ...]
    sorted_by: tuple[str, ...]
    defined: tuple[Defined, ...] = ()

    @property
    def of_people(self) -> bool:
        """Return whether each row is of one person; else the rows are counts."""
        return any(column.name == "person" for column in self.columns)

    @property
    def of_sessions(self) -> bool:
        """Return whether each row belongs to a session."""
        return any(column.refers == "session" and not column.may_be_empty for column in self.columns)

    def column(self, name: str) -> Column:
        """Return the column of that name."""
        return next(column for column in self.columns if column.name == name)
