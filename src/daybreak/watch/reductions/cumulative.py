"""Harm against cumulative exposure, as counts and as time at risk.

Exposure is what had been given before: of a session its place among the person's, of the time between two checks the
sessions before the first of them. So nobody counts as much exposed before having been so, and no time is immortal.
"""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from daybreak.rulebook.public import CumulativeExposure, Measure
from daybreak.stats.public import design_effect
from daybreak.watch.counts import CheckCounts, SessionCounts
from daybreak.watch.reductions.clustering import placed
from daybreak.watch.reductions.narrowing import MINUTES_A_DAY, Tables

DAYS_A_YEAR = 365.25
PRESSURE = "severe_pressure"


def session_counts(tables: Tables, exposure: CumulativeExposure, kind: str) -> tuple[SessionCounts, ...]:
    """This function will count for each band of sessions those with a severe pressure, or with an event of a term, of
    those that could have shown it: of pressures, sessions with one that was read after the start.
    """
    told = placed(tables)
    if kind == PRESSURE:
        read = _pressures(tables["reading"], exposure)
        told = told.inner_join(read, "session")
    else:
        events = tables["event"]
        chosen = events.filter(events.term == kind)
        seen = chosen.group_by("session").agg(seen=chosen.count() > 0)
        told = told.left_join(seen, "session")
    banded = told.select("person", seen=told.seen.fill_null(False).cast("int64"), band=_band(told.nth, exposure))
    people = banded.group_by("person", "band").agg(n=banded.count(), k=banded.seen.sum())
    summed = people.group_by("band").agg(
        sessions=people.n.sum(),
        seen=people.k.sum(),
        people=people.count(),
        people_seen=(people.k > 0).sum(),
        k2=(people.k * people.k).sum(),
        kn=(people.k * people.n).sum(),
        n2=(people.n * people.n).sum(),
    )
    rows = {row["band"]: row for row in summed.to_pyarrow().to_pylist()}
    return tuple(_session_counts(rows.get(band)) for band in range(len(exposure.from_sessions) + 1))


def check_counts(
    tables: Tables, exposure: CumulativeExposure, checked: str, measure: Measure | None
) -> tuple[CheckCounts, ...]:
    """This function will sum, for each band of sessions held before a check, the time until the next one and those in
    whom that one was the first to be worse; and the change since the first check, each person's last in the band.
    """
    spans = _spans(tables, checked, measure)
    at_risk = spans.filter(spans.before == 0, spans.nth > 1)
    by_risk = (
        at_risk.mutate(band=_band(at_risk.exposed + 1, exposure))
        .group_by("band")
        .agg(
            events=lambda t: t.worse.sum(),
            days=lambda t: (t.minute - t.previous).sum() / MINUTES_A_DAY,
            people=lambda t: t.person.nunique(),
        )
    )
    later = spans.filter(spans.nth > 1)
    later = later.mutate(band=_band(later.held + 1, exposure), change=later.value - later.first_value)
    last = later.group_by("person", "band").agg(change=later.change.argmax(later.minute))
    by_change = last.group_by("band").agg(
        mean=last.change.mean(), sd=last.change.std(how="sample"), changed=last.count()
    )
    risks = {row["band"]: row for row in by_risk.to_pyarrow().to_pylist()}
    changes = {row["band"]: row for row in by_change.to_pyarrow().to_pylist()}
    return tuple(_check_counts(risks.get(band), changes.get(band)) for band in range(len(exposure.from_sessions) + 1))


def _spans(tables: Tables, checked: str, measure: Measure | None) -> ir.Table:
    """Return each check of a kind with the one before it, the person's first, whether it is worse than the first, how
    many before it were, and how many sessions had been held before it and before the one before.
    """
    check = tables["check"]
    kept = check.filter(check.checked == checked, check.value.notnull())
    begun = placed(tables)
    both = kept.select("person", "key", "minute").join(begun.select("person", at=begun.minute), "person")
    held = both.filter(both.at < both.minute).group_by("key").agg(held=lambda t: t.count())
    order = ibis.window(group_by="person", order_by=["minute", "key"])
    told = kept.left_join(held, "key").select("person", "key", "minute", "value", held=ibis._.held.fill_null(0))
    told = told.mutate(
        nth=ibis.row_number().over(order) + 1,
        previous=told.minute.lag().over(order),
        exposed=told.held.lag().over(order),
        first_value=told.value.first().over(order),
        first_minute=told.minute.first().over(order),
    )
    told = told.mutate(worse=_worse(told, measure).cast("int64"))
    earlier = ibis.window(group_by="person", order_by=["minute", "key"], preceding=(None, 1))
    return told.mutate(before=told.worse.sum().over(earlier).fill_null(0))


def _worse(told: ir.Table, measure: Measure | None) -> ir.BooleanValue:
    if measure is None:
        return ibis.literal(False)
    rule = measure.rule
    if rule.fall_at_least is not None:
        return told.first_value - told.value >= float(rule.fall_at_least)
    return told.value - told.first_value >= float(rule.rise_at_least or 0)


def _pressures(reading: ir.Table, exposure: CumulativeExposure) -> ir.Table:
    limits = {"systolic_pressure": exposure.systolic_at_least, "diastolic_pressure": exposure.diastolic_at_least}
    read = reading.filter(reading.sign.isin(list(limits)), reading.unit == "mm[Hg]", reading.highest.notnull())
    over = ibis.cases(*((read.sign == sign, read.highest >= limit) for sign, limit in limits.items()), else_=False)
    return read.mutate(over=over).group_by("session").agg(seen=ibis._.over.any())


def _band(sessions: ir.IntegerValue, exposure: CumulativeExposure) -> ir.IntegerValue:
    """Return the band of the session of that number, from 0."""
    return sum((ibis.ifelse(sessions >= each, 1, 0) for each in exposure.from_sessions), ibis.literal(0))


def _session_counts(row: dict[str, int] | None) -> SessionCounts:
    if row is None:
        return SessionCounts(0, 0, 0, 0, 1.0)
    share = row["seen"] / row["sessions"]
    apart = row["k2"] - 2 * share * row["kn"] + share * share * row["n2"]
    effect = float(design_effect(apart, row["seen"] * (1 - share)))
    return SessionCounts(row["sessions"], row["seen"], row["people"], row["people_seen"], effect)


def _check_counts(risk: dict[str, float] | None, change: dict[str, float] | None) -> CheckCounts:
    risk, change = risk or {}, change or {}
    return CheckCounts(
        people=int(risk.get("people") or 0),
        worse=int(risk.get("events") or 0),
        years=float(risk.get("days") or 0) / DAYS_A_YEAR,
        changed=int(change.get("changed") or 0),
        mean_change=change.get("mean"),
        sd_change=change.get("sd"),
    )


def labels(exposure: CumulativeExposure) -> Sequence[tuple[int, int | None]]:
    """Return the first and last session of each band; the last band has no end."""
    edges = [1, *exposure.from_sessions]
    return [(edge, edges[at + 1] - 1 if at + 1 < len(edges) else None) for at, edge in enumerate(edges)]
