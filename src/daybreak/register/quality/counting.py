"""From frozen rows to the counts of each check, as expressions. Each row is judged as by the rulebook's `well_of`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from daybreak.kernel.refusal import Refusal
from daybreak.register.description import Column
from daybreak.register.quality.needs import Needs
from daybreak.register.tables import TABLES, table
from daybreak.rulebook.public import Quality, QualityCheck

MINUTES_A_DAY, MINUTES_AN_HOUR = 1440, 60
Tables = Mapping[str, ir.Table]
Absent = Collection[tuple[str, str]]


class NotDescribed(Refusal):
    """A check looks at a table or a column that the register does not describe."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many are well, of how many, and of how many people they are."""

    well: int
    of: int
    people: int


def counted(tables: Tables, quality: Quality, needs: Needs) -> dict[str, dict[str, Counts]]:
    """This function will count for each check (by id) and each site what is well; a site without anything to ask is
    left out. Raises NotDescribed.
    """
    absent = _absent(tables)
    return {check.id: _by_site(judged(tables, check, needs, absent=absent)) for check in quality.checks}


def judged(tables: Tables, check: QualityCheck, needs: Needs, *, absent: Absent = ()) -> ir.Table:
    """This function will give the rows that a check asks of, with `well` and `of`: two counts, or 1 of 1 and 0 of 1.
    Columns that are `absent` were described after the snapshot was made, and are not asked. Raises NotDescribed.
    """
    _demand_described(check)
    rows = tables[check.table]
    rows = rows.filter(_all([rows[name].notnull() for name in check.where_filled]), _only(rows, check.only))
    if check.kind == "counted":
        well, of = (rows[name] for name in check.columns)
        rows = rows.mutate(well=well, of=of)
        return rows.filter(rows.well.notnull(), rows.of.notnull())
    rows = _verdicts(rows, tables, check, needs, absent)
    rows = rows.filter(rows.verdict.notnull())
    return rows.mutate(well=rows.verdict.cast("int64"), of=ibis.literal(1, "int64"))


def _by_site(rows: ir.Table) -> dict[str, Counts]:
    found = rows.group_by("site").agg(well=rows.well.sum(), of=rows.of.sum(), people=rows.person.nunique())
    return {
        row["site"]: Counts(int(row["well"]), int(row["of"]), int(row["people"]))
        for row in found.to_pyarrow().to_pylist()
        if row["of"]
    }


def _verdicts(rows: ir.Table, tables: Tables, check: QualityCheck, needs: Needs, absent: Absent) -> ir.Table:
    """Return the rows with `verdict`: whether each is well, or nothing where the check cannot ask it."""
    columns = [rows[name] for name in check.columns]
    if check.kind == "filled":
        return rows.mutate(verdict=_all([column.notnull() for column in columns]))
    if check.kind == "in_order":
        return rows.mutate(verdict=columns[0] <= columns[1])
    if check.kind == "fits":
        described = [each for each in table(check.table).columns if (check.table, each.name) not in absent]
        return rows.mutate(verdict=_all([_fits(rows[each.name], each) for each in described]))
    if check.kind == "within_bounds":
        return _within(rows, check, needs)
    if check.other is not None:
        other = tables[check.other.table]
        beside = other.filter(_only(other, check.other.only)).select(there=other[check.other.by]).distinct()
        return _with_other(rows, beside, check.other.by)
    return _scored(rows, tables, check, needs)


def _with_other(rows: ir.Table, beside: ir.Table, by: str) -> ir.Table:
    joined = rows.left_join(beside, rows[by] == beside.there)
    return joined.mutate(verdict=joined.there.notnull())


def _fits(value: ir.Column, column: Column) -> ir.BooleanValue:
    """Return whether a value is as its column is described; what may be empty is."""
    holds: list[ir.BooleanValue] = []
    if column.values:
        holds.append(value.isin(column.values))
    if column.at_least is not None:
        holds.append(value >= column.at_least)
    if column.at_most is not None:
        holds.append(value <= column.at_most)
    return ibis.ifelse(value.isnull(), column.may_be_empty, _all(holds))


def _within(rows: ir.Table, check: QualityCheck, needs: Needs) -> ir.Table:
    """Return the rows with whether their values lie within the bounds of their instrument, or of their sign."""
    if check.bounds == "instrument":
        by: tuple[str, ...] = ("instrument", "instrument_version", "name")
        held: list[tuple[object, ...]] = [(*key, *bounds) for key, bounds in needs.scores.items()]
    else:
        by = ("sign", "unit")
        held = [(*key, *bounds) for key, bounds in needs.signs.items()]
    heads = (*(f"of_{name}" for name in by), "least", "most")
    known = ibis.memtable(pa.table(dict(zip(heads, map(list, zip(*held, strict=True)), strict=True))))
    joined = rows.left_join(known, [rows[name] == known[f"of_{name}"] for name in by])
    values = [joined[name] for name in check.columns]
    inside = [value.isnull() | value.between(joined.least, joined.most) for value in values]
    told = reduce(lambda one, other: one | other, [value.notnull() for value in values])
    return joined.mutate(verdict=ibis.ifelse(joined.least.notnull() & told, _all(inside), None))


def _scored(people: ir.Table, tables: Tables, check: QualityCheck, needs: Needs) -> ir.Table:
    """Return the people with whether a score of the measure was there before the first or after the last session."""
    session, score, measure = tables["session"], tables["score"], needs.measures[str(check.measure)]
    begun = session.filter(session.minute.notnull())
    treated = begun.group_by("person").agg(first=begun.minute.min(), last=begun.minute.max())
    score = score.filter(score.instrument == measure.instrument, score.name == measure.score)
    both = treated.join(score.select("person", answered=score.minute), "person")
    one, other = needs.within(check)
    if check.kind == "scored_before":
        inside = both.answered.between(both["first"] - one * MINUTES_A_DAY, both["first"])
        seen = both.group_by("person").agg(inside=inside.any())
        joined = treated.left_join(seen, "person")
        return people.join(joined.select("person", verdict=ibis.coalesce(joined.inside, False)), "person")
    begins, ends = both["last"] + one * MINUTES_AN_HOUR, both["last"] + other * MINUTES_AN_HOUR
    inside = (both.answered >= begins) & (both.answered < ends)
    seen = both.group_by("person").agg(verdict=inside.any(), later=(both.answered >= ends).any())
    return people.join(seen.filter(seen.later), "person")


def _all(holds: list[ir.BooleanValue]) -> ir.BooleanValue:
    return reduce(and_, holds, ibis.literal(True))


def _only(rows: ir.Table, words: Mapping[str, str]) -> ir.BooleanValue:
    return _all([rows[name] == word for name, word in words.items()])


def _absent(tables: Tables) -> set[tuple[str, str]]:
    """Return the columns that no row of any site has, though they are never empty: described after the freeze."""
    found: set[tuple[str, str]] = set()
    for described in TABLES:
        held = tables[described.name]
        never = [column.name for column in described.columns if not column.may_be_empty]
        counts = held.agg(**{name: held[name].count() for name in never}).to_pyarrow().to_pylist()[0]
        found |= {(described.name, name) for name in never if not counts[name]}
    return found


def _demand_described(check: QualityCheck) -> None:
    named = [(check.table, name) for name in (*check.columns, *check.where_filled, *check.only)]
    if check.other is not None:
        named += [(check.other.table, name) for name in (check.other.by, *check.other.only)]
    known = {each.name: {column.name for column in each.columns} for each in TABLES}
    if check.table not in known:
        raise NotDescribed(f"The check “{check.id}” looks at “{check.table}”, and the register has no such table.")
    for where, name in named:
        if name not in known.get(where, ()):
            raise NotDescribed(
                f"The check “{check.id}” looks at “{where}.{name}”: the register does not describe that."
            )
