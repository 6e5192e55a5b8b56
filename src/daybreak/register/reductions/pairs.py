"""Reports of drugs and events, reduced to the number of reports with each pair, each drug and each event."""

from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np


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
        both = rows.group_by([drug, event]).agg(n=rows.count())
        told = both.mutate(
            with_drug=both.n.sum().over(group_by=drug),
            with_event=both.n.sum().over(group_by=event),
            reports=both.n.sum(),
        )
    else:
        both = rows.group_by([drug, event]).agg(n=rows[report].nunique())
        drugs = rows.group_by(drug).agg(with_drug=rows[report].nunique())
        events = rows.group_by(event).agg(with_event=rows[report].nunique())
        told = both.join(drugs, drug).join(events, event).mutate(reports=rows[report].nunique().as_scalar())
    table = told.order_by([drug, event]).to_pyarrow()
    return Pairs(
        drug=table[drug].to_pylist(),
        event=table[event].to_pylist(),
        n=table["n"].to_numpy(),
        with_drug=table["with_drug"].to_numpy(),
        with_event=table["with_event"].to_numpy(),
        reports=table["reports"][0].as_py(),
    )
