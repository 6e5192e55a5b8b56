"""Adverse events in the time for which people were under observation, as counts and as person-years.

Observation begins with a person's first session. It ends with the last that was heard of the person (a session, a
questionnaire, a check, a task, an event), or at the close of the day on which it is recorded to have ended, where that
came first. A snapshot says of nobody how long ago that was (docs/decisions): time in which nobody was heard of is in no
denominator, so that silence is not read as safety.
"""

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir

from daybreak.register.public import worked_out
from daybreak.stats.public import design_effect
from daybreak.watch.counts import ANY_EVENT, SERIOUS_EVENT, PersonTime, TimedCounts
from daybreak.watch.reductions.clustering import placed
from daybreak.watch.reductions.narrowing import MINUTES_A_DAY, Tables, started

MINUTES_A_YEAR = 365.25 * MINUTES_A_DAY
# Tables of which each row says that somebody heard of a person.
HEARD = ("score", "check", "cognition", "event")
ALWAYS = (ANY_EVENT, SERIOUS_EVENT)


def person_time(tables: Tables) -> PersonTime:
    """This function will sum the time observed, and count the events in it: any, serious ones, and by term the most
    frequent first.
    """
    spans = worked_out(observed(tables).mutate(band=0))
    told = worked_out(_events(tables, spans))
    apart = _by_kind(told.filter(told.in_time != told.in_session)).group_by("kind")
    beside = apart.agg(people=lambda t: t.person.nunique()).to_pyarrow().to_pylist()
    found = _bands(spans, told, 1, {row["kind"]: int(row["people"]) for row in beside})
    return found[0]


def person_time_by_sessions(tables: Tables, from_sessions: Sequence[int]) -> tuple[PersonTime, ...]:
    """This function will do so for the time in which people had had so many sessions: from their first to the start of
    number `from_sessions`[0], from there to the next, and so on. Nobody's time counts under sessions not yet held.
    """
    edges, begun = [1, *from_sessions], placed(tables)
    reached = begun.filter(begun.nth.isin(edges))
    band = sum((ibis.ifelse(reached.nth >= edge, 1, 0) for edge in from_sessions), ibis.literal(0))
    order = ibis.window(group_by="person", order_by="nth")
    steps = reached.select("person", band=band, begins=reached.minute, following=reached.minute.lead().over(order))
    whole = observed(tables)
    both = steps.join(whole.select("person", last="until"), "person")
    spans = both.select("person", "band", "begins", until=ibis.least(both.following.fill_null(both.last), both.last))
    spans = worked_out(spans.filter(spans.until > spans.begins))
    return _bands(spans, _events(tables, spans), len(edges), {})


def observed(tables: Tables) -> ir.Table:
    """Return for each treated person the minute in which observation `begins`, and the one from which it is over."""
    begun, end = started(tables), tables["end"]
    first = begun.group_by("person").agg(begins=begun.minute.min())
    held = begun.select("person", at=ibis.greatest(begun.ended_minute.fill_null(begun.minute), begun.minute))
    heard = ibis.union(held, *(tables[name].select("person", at=tables[name].minute) for name in HEARD))
    last = heard.group_by("person").agg(last=heard.at.max())
    ended = end.group_by("person").agg(ended=end.minute.min())
    told = first.join(last, "person").left_join(ended, "person")
    # A day of end is a date: what happened on it still counts.
    until = ibis.least(told.last + 1, told.ended.fill_null(told.last) + MINUTES_A_DAY)
    return told.select("person", "begins", until=ibis.greatest(until, told.begins))


def _events(tables: Tables, spans: ir.Table) -> ir.Table:
    """Return the events of people under observation: whether in the time of a span, and in a started session."""
    event = tables["event"]
    inside = started(tables).select("session", was_started=ibis.literal(True))
    told = event.left_join(inside, "session").select(
        "person",
        "minute",
        "serious",
        term=event.term.fill_null("other"),
        in_session=ibis._.was_started.fill_null(False),
    )
    both = told.join(spans, "person")
    return both.mutate(
        in_time=(both.minute >= both.begins) & (both.minute < both.until),
        years=(both.until - both.begins) / MINUTES_A_YEAR,
    )


def _by_kind(events: ir.Table) -> ir.Table:
    """Return each event once for each kind that it counts for."""
    wanted = ("person", "band", "years")
    return ibis.union(
        events.select(*wanted, kind=ibis.literal(ANY_EVENT)),
        events.filter(events.serious).select(*wanted, kind=ibis.literal(SERIOUS_EVENT)),
        events.select(*wanted, kind=events.term),
    )


def _bands(spans: ir.Table, events: ir.Table, bands: int, apart: Mapping[str, int]) -> tuple[PersonTime, ...]:
    years = (spans.until - spans.begins) / MINUTES_A_YEAR
    held = spans.group_by("band").agg(people=spans.count(), years=years.sum(), squares=(years * years).sum())
    each = _by_kind(events.filter(events.in_time))
    of_one = each.group_by("person", "band", "kind").agg(k=each.count(), years=each.years.max())
    summed = of_one.group_by("band", "kind").agg(
        events=of_one.k.sum(),
        people=of_one.count(),
        k2=(of_one.k * of_one.k).sum(),
        kt=(of_one.k * of_one.years).sum(),
    )
    totals = {row["band"]: row for row in held.to_pyarrow().to_pylist()}
    counted = {(row["band"], row["kind"]): row for row in summed.to_pyarrow().to_pylist()}
    return tuple(_counts(band, totals.get(band), counted, apart) for band in range(bands))


def _counts(
    band: int,
    total: Mapping[str, float] | None,
    counted: Mapping[tuple[int, str], Mapping[str, float]],
    apart: Mapping[str, int],
) -> PersonTime:
    terms = {kind for at, kind in counted if at == band} | (set(apart) if not band else set())
    rows = {kind: counted.get((band, kind)) for kind in (*ALWAYS, *terms)}
    kinds = [_kind(kind, row, total, apart.get(kind, 0)) for kind, row in rows.items()]
    kinds.sort(key=lambda each: (each.kind not in ALWAYS, ALWAYS.index(each.kind) if each.kind in ALWAYS else 0,
                                 -each.events, each.kind))  # fmt: skip
    return PersonTime(int(total["people"]) if total else 0, float(total["years"]) if total else 0.0, tuple(kinds))


def _kind(kind: str, row: Mapping[str, float] | None, total: Mapping[str, float] | None, apart: int) -> TimedCounts:
    if row is None or total is None:
        return TimedCounts(kind, 0, 0, apart)
    # The square of (events less expected), summed over people: those without an event are in `squares`.
    each = row["events"] / total["years"]
    squares = row["k2"] - 2 * each * row["kt"] + each * each * total["squares"]
    return TimedCounts(
        kind, int(row["events"]), int(row["people"]), apart, float(design_effect(squares, row["events"]))
    )
