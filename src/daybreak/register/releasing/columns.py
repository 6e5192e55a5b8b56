"""Which columns a profile lets out, and in which form. Pure.

A profile is an allow-list of the one description of tables: what it does not name does not leave, and so a column that
is added to the description leaves with nobody until somebody has classified it and a new version of a profile names
it. What it names must fit what the column is: `misfits` says each that does not.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from daybreak.kernel.classification import Class
from daybreak.kernel.refusal import Refusal
from daybreak.register.description import Column, Table, Taken
from daybreak.register.tables import TABLES
from daybreak.rulebook.public import Profile, did_you_mean

KEYS = (Taken.PERSON, Taken.KEY, Taken.KEY_OF)


class NotAProfile(Refusal):
    """A profile that does not fit the description of tables."""


class Made(StrEnum):
    """How a column of a release is made from the frozen one."""

    SAME = "as it was frozen"
    KEY = "a random key, made for this release alone"
    SITE = "a random word in place of the site, made for this release alone"
    AGE = "the age, with the oldest as one group"
    DATE = "the date (UTC)"
    MOMENT = "the moment, to the minute (UTC)"


@dataclass(frozen=True, slots=True)
class Released:
    """A column as it leaves, the frozen column it comes from, and how it is made."""

    column: Column
    frozen: Column
    made: Made


@dataclass(frozen=True, slots=True)
class ReleasedTable:
    """A table as it leaves."""

    frozen: Table
    columns: tuple[Released, ...]

    @property
    def table(self) -> Table:
        """Return its description, for the dictionary: sorted anew, so that no order tells whose row is whose."""
        columns = tuple(each.column for each in self.columns)
        return replace(self.frozen, columns=columns, sorted_by=tuple(column.name for column in self.sorting()))

    def sorting(self) -> tuple[Column, ...]:
        """Return the columns that the rows are sorted by: the new keys first, then everything else in turn."""
        ordered = sorted(self.columns, key=lambda each: (each.frozen.name != "person", each.made is not Made.KEY))
        return tuple(each.column for each in ordered)


def released_tables(profile: Profile) -> tuple[ReleasedTable, ...]:
    """Return the tables of a profile in the order of the description; raise NotAProfile where it does not fit."""
    if wrong := list(misfits(profile)):
        raise NotAProfile(f"The profile “{profile.title}” does not fit the tables: {'; '.join(wrong)}.")
    return tuple(
        ReleasedTable(table, tuple(_released(profile, table.column(name)) for name in profile.tables[table.name]))
        for table in TABLES
        if table.name in profile.tables
    )


def misfits(profile: Profile) -> Iterator[str]:
    """Yield, in words, each column of a profile that may not leave so, and each that is not there."""
    known = {table.name: table for table in TABLES}
    for name, columns in profile.tables.items():
        if name not in known:
            yield f"there is no table “{name}”{did_you_mean(name, known)}"
            continue
        there = {column.name: column for column in known[name].columns}
        for column in columns:
            if column not in there:
                yield f"“{name}” has no column “{column}”{did_you_mean(column, there)}"
            elif reason := _why_not(profile, known[name], there[column]):
                yield f"“{name}.{column}” {reason}"


def _why_not(profile: Profile, table: Table, column: Column) -> str:
    if column.classification is Class.IDENTITY:
        return "is part of a name"
    if profile.times == "days" and column.taken is Taken.MINUTES:
        return "is finer than a day"
    if not table.of_people and profile.times != "dates" and column.classification is Class.QUASI:
        return "tells the calendar's time"
    if not table.of_people and profile.sites != "kept" and column.taken is Taken.COUNT:
        return "counts the people of a site, which would tell the site"
    return ""


def _released(profile: Profile, column: Column) -> Released:
    made = _made(profile, column)
    said = {
        Made.SAME: column,
        Made.KEY: column,
        Made.SITE: replace(column, meaning="The clinic, under a word made for this release."),
        Made.AGE: replace(column, meaning=f"The age at the first session; {profile.oldest} means that or older."),
        Made.DATE: replace(column, name=_named(column, "day", "date"), type="text", unit=""),
        Made.MOMENT: replace(column, name=_named(column, "minute", "at"), type="text", unit=""),
    }[made]
    return Released(said, column, made)


def _made(profile: Profile, column: Column) -> Made:
    if column.taken in KEYS:
        return Made.KEY
    if column.taken is Taken.SITE and profile.sites == "renamed":
        return Made.SITE
    if column.taken is Taken.AGE:
        return Made.AGE
    if profile.times != "days" and column.taken in (Taken.DAYS, Taken.MINUTES):
        return Made.DATE if column.taken is Taken.DAYS else Made.MOMENT
    return Made.SAME


def _named(column: Column, ending: str, other: str) -> str:
    return column.name.removesuffix(ending) + other
