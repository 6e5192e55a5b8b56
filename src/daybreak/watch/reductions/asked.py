"""From frozen rows to the cells of an open question: everybody alike in what is compared, counted, adjusted for."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from daybreak.rulebook.public import AskedOutcome, CodeList, Cohort, ComparedGroup, Confounder, Measure, Question
from daybreak.watch.questions.cells import CONTROL, MAIN, Adjusting, Cells
from daybreak.watch.questions.comparing import Counted
from daybreak.watch.reductions.asked_rows import rows_of
from daybreak.watch.reductions.narrowing import Tables

ELSEWHERE = 2


@dataclass(frozen=True, slots=True)
class Named:
    """The definitions that a question names: its cohort, measure and lists of medicines."""

    cohort: Cohort | None
    measure: Measure | None
    medicines: Mapping[str, CodeList]


def asked(tables: Tables, question: Question, named: Named) -> Counted:
    """This function will count the people of a question by group, outcomes and confounders."""
    if question.exposure is None:
        raise ValueError(f"{question.id} compares nobody.")
    rows, left_out = rows_of(tables, question, named)
    exposure = rows.exposure
    group = ibis.cases(
        (exposure.isnull(), ibis.null("int8")),
        (_in(exposure, question.exposure.group), ibis.literal(1, "int8")),
        (_in(exposure, question.exposure.compared_with), ibis.literal(0, "int8")),
        else_=ibis.literal(ELSEWHERE, "int8"),
    )
    columns = {"group": group, MAIN: rows.outcome.cast("int8"), CONTROL: _control(rows, question.negative_control)}
    for each in question.sensitivity:
        if each.line is not None:
            columns[f"line_{each.line}"] = rows[f"line_{each.line}"].cast("int8")
    for each in question.confounders:
        columns[f"by_{each.variable}"] = _level(rows, each)
    by_person = {"person": rows.person} if question.people.rows == "checks" else {}
    chosen = rows.select(**columns, place=rows.site, **by_person)
    counted = chosen.group_by(list(chosen.columns)).agg(people=chosen.count())
    return _read(counted.order_by(list(chosen.columns)).to_pyarrow(), question, left_out)


def _in(exposure: ir.Value, group: ComparedGroup) -> ir.BooleanValue:
    if group.one_of:
        return exposure.isin(list(group.one_of))
    inside = ibis.literal(True)
    if group.from_ is not None:
        inside = inside & (exposure >= float(group.from_))
    if group.below is not None:
        inside = inside & (exposure < float(group.below))
    return inside


def _control(rows: ir.Table, control: AskedOutcome | None) -> ir.Value:
    bound = float(control.from_) if control is not None and control.from_ is not None else 0.0
    return (rows.pressure >= bound).cast("int8")


def _level(rows: ir.Table, each: Confounder) -> ir.Value:
    """Return a confounder's level: a word, or the number of bands that begin at or below the value; -1 if unknown."""
    value = rows[each.variable]
    if not each.bands_from:
        return value.fill_null("unknown")
    band = sum((ibis.ifelse(value >= float(start), 1, 0) for start in each.bands_from), ibis.literal(0))
    return ibis.ifelse(value.isnull(), -1, band).cast("int64")


def _read(table: pa.Table, question: Question, left_out: dict[str, int]) -> Counted:
    people = table["people"].to_numpy().astype(np.float64)
    group = _numbers(table, "group")
    unrecorded, neither = np.isnan(group), group == ELSEWHERE
    kept = ~(unrecorded | neither)
    outcomes = {name: _numbers(table, name) for name in (MAIN, CONTROL)}
    outcomes |= {name: _numbers(table, name) for name in table.column_names if name.startswith("line_")}
    places, site = np.unique(np.asarray(table["place"].to_pylist(), dtype=object).astype(str), return_inverse=True)
    cluster = None
    if "person" in table.column_names:
        _, cluster = np.unique(np.asarray(table["person"].to_pylist(), dtype=object).astype(str), return_inverse=True)
    elif question.method.cluster == "site":
        cluster = site
    whole = Cells(
        group=group,
        outcomes=outcomes,
        adjusting=tuple(_adjusting(table, each) for each in question.confounders),
        site=site,
        places=tuple(str(place) for place in places),
        people=people,
        cluster=cluster,
    )
    return Counted(
        cells=whole.where(kept),
        eligible=int(people.sum()),
        neither=int(people[neither].sum()),
        unrecorded=int(people[unrecorded].sum()),
        left_out=left_out,
    )


def _adjusting(table: pa.Table, each: Confounder) -> Adjusting:
    values = table[f"by_{each.variable}"].to_pylist()
    if not each.bands_from:
        names = sorted(set(values))
        return Adjusting(each.variable, tuple(names), np.array([names.index(word) for word in values], dtype=np.int64))
    starts = [f"{start.normalize():f}" for start in each.bands_from]
    between = (f"{low} to below {high}" for low, high in pairwise(starts))
    levels = ("unknown", f"below {starts[0]}", *between, f"{starts[-1]} or more")
    return Adjusting(each.variable, levels, np.array(values, dtype=np.int64) + 1)


def _numbers(table: pa.Table, name: str) -> np.ndarray:
    return table[name].cast(pa.float64()).to_numpy(zero_copy_only=False)
