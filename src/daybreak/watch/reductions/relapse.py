"""Time from the first observed response to the first observed relapse, as an event table."""

import ibis.expr.types as ir

from daybreak.register.public import worked_out
from daybreak.rulebook.public import Measure
from daybreak.watch.counts import RelapseCounts
from daybreak.watch.reductions.narrowing import MINUTES_A_DAY, Tables, inductions, started
from daybreak.watch.reductions.outcome import baselines, scores_of


def relapse_counts(tables: Tables, measure: Measure, *, untreated_after: int | None = None) -> RelapseCounts:
    """This function will reduce scores to an event table, each person's course decided as by the rulebook's
    `first_observed_relapse`.

    It follows people whatever treatment they had (treatment policy); with `untreated_after` only until the first
    session after the response and an induction of so many days, as if nobody had been treated again (hypothetical: it
    holds where those who were would have fared like those who were not).
    """
    treated = started(tables).select("person").distinct()
    scores = scores_of(tables, measure).semi_join(treated, "person")
    before = baselines(scores, measure)
    usable = before.filter(before.baseline > 0)
    later = _later(scores, usable, measure)
    first = worked_out(later.group_by("person").agg(responded=later.minute.min(where=later.holds)))
    courses = _courses(later, first, None if untreated_after is None else _again(tables, untreated_after))
    after = courses.mutate(day=((courses.until - courses.responded) // MINUTES_A_DAY).cast("int64"))
    table = after.group_by("day").agg(relapsed=after.relapsed.sum(), people=after.count()).order_by("day")
    rows = table.to_pyarrow().to_pylist()
    all_treated, with_baseline = _count(treated), _count(usable.semi_join(treated, "person"))
    seen = _count(first)
    return RelapseCounts(
        days=tuple(row["day"] for row in rows),
        relapsed=tuple(row["relapsed"] for row in rows),
        left=tuple(row["people"] - row["relapsed"] for row in rows),
        no_response=seen - sum(row["people"] for row in rows),
        no_score=with_baseline - seen,
        no_baseline=all_treated - with_baseline,
        treated_again=_treated_again(tables, courses),
        between=_between(courses),
    )


def _later(scores: ir.Table, usable: ir.Table, measure: Measure) -> ir.Table:
    """Return the scores after the first session, each with whether it holds the response."""
    both = scores.join(usable, "person")
    both = both.filter(both.minute > 0)
    bound = float(measure.rule.response_fall_percent or 0)
    return both.select("person", "minute", holds=(both.baseline - both.value) * 100 >= both.baseline * bound)


def _again(tables: Tables, within_days: int) -> ir.Table:
    """Return the sessions after each person's induction."""
    ended = inductions(tables, within_days=within_days)
    both = started(tables).select("person", "minute").join(ended, "person")
    return both.filter(both.minute > both.last_minute).select("person", again=both.minute)


def _courses(later: ir.Table, first: ir.Table, again: ir.Table | None) -> ir.Table:
    """Return for each who responded `first`: when, until when observed, and whether until a relapse. What lies after
    the first session in `again` that follows the response is not looked at.
    """
    since = later.join(first.filter(first.responded.notnull()), "person")
    since = since.filter(since.minute >= since.responded)
    if again is not None:
        both = again.join(first, "person")
        ends = both.filter(both.again > both.responded).group_by("person").agg(again=both.again.min())
        since = since.left_join(ends, "person").drop("person_right")
        since = since.filter(since.again.isnull() | (since.minute <= since.again))
    since = worked_out(since.select("person", "minute", "holds", "responded"))
    relapses = since.group_by("person").agg(lost=since.minute.min(where=~since.holds))
    kept = since.filter(since.holds).join(relapses, "person")
    kept = kept.filter(kept.lost.isnull() | (kept.minute < kept.lost))
    ends = kept.group_by("person").agg(responded=kept.responded.min(), last=kept.minute.max(), lost=kept.lost.min())
    return worked_out(ends.mutate(until=ends.lost.coalesce(ends.last), relapsed=ends.lost.notnull().cast("int64")))


def _between(courses: ir.Table) -> tuple[tuple[int, int | None, int], ...]:
    days = courses.mutate(
        held=((courses["last"] - courses.responded) // MINUTES_A_DAY).cast("int64"),
        seen=((courses.lost - courses.responded) // MINUTES_A_DAY).cast("int64"),
    )
    counted = days.group_by("held", "seen").agg(people=days.count()).to_pyarrow().to_pylist()
    found = ((row["held"], row["seen"], row["people"]) for row in counted)
    return tuple(sorted(found, key=lambda row: (row[0], row[1] is None, row[1] or 0)))


def _treated_again(tables: Tables, courses: ir.Table) -> int:
    session = started(tables).select("person", "minute")
    both = session.join(courses, "person")
    return int(
        both.filter(both.minute > both.responded, both.minute <= both.until).person.nunique().to_pyarrow().as_py()
    )


def _count(table: ir.Table) -> int:
    return int(table.count().to_pyarrow().as_py())
