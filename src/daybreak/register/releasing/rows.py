"""The rows of a release: a snapshot's, under new random keys, in a new order, in the form that a profile allows.

Nothing that is made here is kept: neither which new key stands for which old one, nor by how much the dates of a
person were moved.
"""

import secrets
from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from daybreak.register.description import Column, Taken
from daybreak.register.folders import Dataset
from daybreak.register.pseudonyms import random_keys
from daybreak.register.releasing.columns import Made, Released, ReleasedTable
from daybreak.register.tables import PEOPLE, TABLES
from daybreak.rulebook.public import DAYS_IN_A_YEAR, Profile

MINUTE, DAY_IN_MINUTES = 60, 1440


def released_rows(
    frozen: Dataset, tables: tuple[ReleasedTable, ...], profile: Profile, *, anchors: pa.Table | None
) -> dict[str, ir.Table]:
    """Return each table of a release as an expression, sorted by its new keys.

    `anchors` gives the second from which each person's times are counted; only profiles with dates need it.
    """
    keys = {name: _new_keys(frozen, name) for name in ("person", *_keyed(tables))}
    people = _people(frozen, keys["person"], profile, anchors)
    words = _new_words(frozen.manifest.sites)
    return {each.frozen.name: _rows(frozen, each, keys, people, words) for each in tables}


def _keyed(tables: tuple[ReleasedTable, ...]) -> set[str]:
    """Return the tables whose rows need new keys: those that leave with one, and those that a column refers to."""
    return {
        column.frozen.refers or each.frozen.name
        for each in tables
        for column in each.columns
        if column.made is Made.KEY and column.frozen.name != "person"
    } - {"person"}


def _new_keys(frozen: Dataset, table: str) -> ir.Table:
    """Return `old` and `new` for each row's own key. The new ones are random: which row gets which says nothing."""
    name = next(column.name for each in TABLES if each.name == table for column in each.columns if _own(column))
    old = frozen.tables[table].select(old=name).to_pyarrow()
    return ibis.memtable(old.append_column("new", pa.array(random_keys(len(old)), pa.string())))


def _own(column: Column) -> bool:
    return column.taken is Taken.KEY


def _new_words(sites: tuple[str, ...]) -> ir.Table:
    new = pa.array(random_keys(len(sites)), pa.string())
    return ibis.memtable(pa.table({"old": pa.array(sites, pa.string()), "new": new}))


def _people(frozen: Dataset, keys: ir.Table, profile: Profile, anchors: pa.Table | None) -> ir.Table:
    """Return for each person: the new key, the last day that is told, and the second that their dates count from,
    moved by a random length of time where the profile says so.
    """
    found = keys.left_join(_last_days(frozen), keys.old == _last_days(frozen).who).select("old", "new", "last_day")
    if anchors is None:
        return found.mutate(anchor=ibis.null("int64"), age_from=ibis.literal(profile.oldest))
    moved = _moved(anchors, profile.shift_days)
    return found.inner_join(moved, found.old == moved.who).select(
        "old", "new", "last_day", "anchor", age_from=ibis.literal(profile.oldest)
    )


def _moved(anchors: pa.Table, shift_days: int | None) -> ir.Table:
    starts = anchors["anchor"].to_pylist()
    if shift_days is not None:
        most = shift_days * DAY_IN_MINUTES
        starts = [start + MINUTE * (secrets.randbelow(2 * most + 1) - most) for start in starts]
    return ibis.memtable(pa.table({"who": anchors["person"], "anchor": pa.array(starts, pa.int64())}))


def _last_days(frozen: Dataset) -> ir.Table:
    """Return the last day on which anything is told of each person."""
    told = [
        frozen.tables[table.name].select(who="person", day=_in_days(frozen.tables[table.name], column))
        for table in TABLES
        for column in table.columns
        if table.of_people and table is not PEOPLE and column.taken in (Taken.DAYS, Taken.MINUTES)
    ]
    return ibis.union(*told).group_by("who").aggregate(last_day=lambda rows: rows.day.max())


def _in_days(rows: ir.Table, column: Column) -> ir.Value:
    value = rows[column.name]
    return value if column.taken is Taken.DAYS else (value / DAY_IN_MINUTES).floor().cast("int64")


def _rows(
    frozen: Dataset, each: ReleasedTable, keys: Mapping[str, ir.Table], people: ir.Table, words: ir.Table
) -> ir.Table:
    rows = frozen.tables[each.frozen.name]
    if each.frozen.of_people:
        who = people.rename(who_old="old", who_new="new")
        rows = rows.inner_join(who, rows.person == who.who_old)
    for column in each.columns:
        if column.made is Made.SITE:
            place = words.rename(site_old="old", site_new="new")
            rows = rows.inner_join(place, rows.site == place.site_old)
        elif column.made is Made.KEY and column.frozen.name != "person":
            table = column.frozen.refers or each.frozen.name
            new = keys[table].rename({f"{column.frozen.name}_old": "old", f"{column.frozen.name}_new": "new"})
            rows = rows.left_join(new, rows[column.frozen.name] == new[f"{column.frozen.name}_old"])
    told = rows.select(**{column.column.name: _value(rows, column, each) for column in each.columns})
    return told.order_by([told[column.name] for column in each.sorting()])


def _value(rows: ir.Table, column: Released, each: ReleasedTable) -> ir.Value:
    name = column.frozen.name
    if column.made is Made.KEY:
        return rows.who_new if name == "person" else rows[f"{name}_new"]
    if column.made is Made.SITE:
        return rows.site_new
    if column.made is Made.AGE:
        years = (rows.last_day.fill_null(0).clip(lower=0) / DAYS_IN_A_YEAR).ceil()
        return ibis.ifelse(rows.age + years >= rows.age_from, rows.age_from, rows.age)
    if column.made in (Made.DATE, Made.MOMENT):
        moment = (rows.anchor + _minutes(rows, column, each) * MINUTE).as_timestamp("s")
        return moment.strftime("%Y-%m-%d" if column.made is Made.DATE else "%Y-%m-%dT%H:%MZ")
    return rows[name]


def _minutes(rows: ir.Table, column: Released, each: ReleasedTable) -> ir.Value:
    """Return the minute of a time: a day's own minute, where there is one, tells on which date it lies."""
    name = column.frozen.name
    if column.made is Made.MOMENT:
        return rows[name]
    twin = f"{name.removesuffix('day')}minute"
    there = any(other.name == twin for other in each.frozen.columns)
    return rows[twin] if there else rows[name] * DAY_IN_MINUTES
