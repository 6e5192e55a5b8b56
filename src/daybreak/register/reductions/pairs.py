"""Reports of drugs and events, reduced to the number of reports with each pair, each drug and each event."""

from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Pairs:
    """Counts of reports: with each pair, with its drug, with its event, and all."""

    drug: list[str]
    event: list[str]
    n: np.ndarray
    with_drug: np.ndarray
    with_event: np.ndarray
    reports: int


def pairs(rows: ir.Table, *, report: str | None = "report", drug: str = "drug", event: str = "event") -> Pairs:
    """This function will count reports by drug and event; several rows of one report, with all its drugs and events,
    count once. Without `report` each row is a report of its own.
    """
    if report is None:
        table = rows.group_by([drug, event]).agg(n=rows.count()).order_by([drug, event]).to_pyarrow()
        n = table["n"].to_numpy()
        with_drug, with_event, reports = _totals(table[drug], n), _totals(table[event], n), int(n.sum())
    else:
        both = rows.group_by([drug, event]).agg(n=rows[report].nunique())
        drugs = rows.group_by(drug).agg(with_drug=rows[report].nunique())
        events = rows.group_by(event).agg(with_event=rows[report].nunique())
        told = both.join(drugs, drug).join(events, event).mutate(reports=rows[report].nunique().as_scalar())
        table = told.order_by([drug, event]).to_pyarrow()
        n, with_drug, with_event = (table[name].to_numpy() for name in ("n", "with_drug", "with_event"))
        reports = table["reports"][0].as_py()
    return Pairs(table[drug].to_pylist(), table[event].to_pylist(), n, with_drug, with_event, reports)


def _totals(names: pa.ChunkedArray, n: np.ndarray) -> np.ndarray:
    """Return for each pair how many reports its name has in all pairs together."""
    place = names.combine_chunks().dictionary_encode(null_encoding="encode").indices.to_numpy()
    return np.bincount(place, n).astype(np.int64)[place]
