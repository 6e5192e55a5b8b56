"""From frozen rows to the counts of a cohort's table, as expressions. Each person is decided as by the rulebook's
`member`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from daybreak.register.engine import worked_out
from daybreak.register.reductions.event_tables import event_tables
from daybreak.rulebook.public import REASONS, Cohort, CohortLine
from daybreak.stats.public import EventTable

MINUTES_A_DAY = 1440
# Of two scores of one minute the order is by value; no score comes near this.
_ABOVE_ANY_SCORE = 10_000


@dataclass(frozen=True, slots=True)
class CohortCounts:
    """How many people were treated, why some are not in the cohort, how many are, how many of these meet each line
    that is a share, and of those in response when it was lost or last seen, in whole days.
    """

    treated: int
    left_out: dict[str, int]
    analysed: int
    met: dict[str, int]
    in_response: int
    course: EventTable | None


def cohort_counts(tables: Mapping[str, ir.Table], cohort: Cohort) -> CohortCounts:
    """This function will count the people of a snapshot's tables by what a cohort says of them."""
    scores = _scores(tables["score"], cohort)
    decided = _decided(_treated(tables["session"], cohort), scores, cohort)
    return _counted(worked_out(decided), scores, cohort)


def cohort_people(tables: Mapping[str, ir.Table], cohort: Cohort) -> ir.Table:
    """This function will give each treated person with the minutes of the first and the last session of the induction
    (`first`, `last`), the baseline, the outcome score (`value`) and its minute (`found`), and `because`: why the person
    is not in the cohort, or nothing.
    """
    decided = _decided(_treated(tables["session"], cohort), _scores(tables["score"], cohort), cohort)
    return worked_out(decided)


def _counted(decided: ir.Table, scores: ir.Table, cohort: Cohort) -> CohortCounts:
    reasons = decided.group_by("because").agg(people=decided.count()).to_pyarrow().to_pylist()
    people = {row["because"]: row["people"] for row in reasons}
    inside = decided.filter(decided.because == "")
    shares = [line for line in cohort.lines if line.kind != "still_well"]
    sums = {f"line_{place}": _meets(inside, line).sum() for place, line in enumerate(shares)}
    found = inside.agg(**sums).to_pyarrow().to_pylist()[0] if sums else {}
    in_response, course = _courses(inside, scores, cohort)
    return CohortCounts(
        treated=sum(people.values()),
        left_out={reason: people[reason] for reason in REASONS if reason in people},
        analysed=people.get("", 0),
        met={line.id: int(found[f"line_{place}"] or 0) for place, line in enumerate(shares)},
        in_response=in_response,
        course=course,
    )


def _treated(session: ir.Table, cohort: Cohort) -> ir.Table:
    """Return for each treated person the sessions of the induction, and why it is none of the cohort's."""
    rule = cohort.induction
    begun = session.filter(session.minute.notnull())
    first = begun.group_by("person").agg(first_course=begun.course.argmin(begun.minute), first=begun.minute.min())
    both = begun.join(first, "person")
    early = both.filter(both.course == both.first_course, both.minute < both.first + rule.within_days * MINUTES_A_DAY)
    elsewhere = ~early.route.fill_null("").isin(rule.routes) if rule.routes else early.minute.isnull()
    people = early.group_by("person").agg(
        sessions=early.count(), first=early.minute.min(), last=early.minute.max(), elsewhere=elsewhere.sum()
    )
    span = people.last - people.first
    because = ibis.cases(
        (people.elsewhere > 0, "other_route"),
        (people.sessions < rule.sessions_at_least, "too_few_infusions"),
        (people.sessions > rule.sessions_at_most, "too_many_infusions"),
        (span < rule.span_at_least_days * MINUTES_A_DAY, "too_short"),
        (span > rule.span_at_most_days * MINUTES_A_DAY, "too_long"),
        else_="",
    )
    return people.select("person", "first", "last", because=because)


def _scores(score: ir.Table, cohort: Cohort) -> ir.Table:
    asked = score.filter(score.instrument == cohort.outcome.instrument, score.name == cohort.outcome.score)
    return asked.select("person", "minute", "value")


def _decided(treated: ir.Table, scores: ir.Table, cohort: Cohort) -> ir.Table:
    """Return each treated person with baseline, outcome and its minute, and why they are left out."""
    rule = cohort.outcome
    both = scores.join(treated.filter(treated.because == ""), "person")
    before = both.filter(
        both.minute <= both.first, both.minute >= both.first - rule.baseline_within_days * MINUTES_A_DAY
    )
    baselines = before.group_by("person").agg(
        baseline=before.value.argmax(before.minute * _ABOVE_ANY_SCORE + before.value)
    )
    since = both.minute - both.last
    after = both.filter(since >= rule.from_day * MINUTES_A_DAY, since < (rule.until_day + 1) * MINUTES_A_DAY)
    outcomes = after.group_by("person").agg(
        found=after.minute.min(), value=after.value.argmin(after.minute * _ABOVE_ANY_SCORE + after.value)
    )
    people = treated.left_join(baselines, "person").drop("person_right")
    people = people.left_join(outcomes, "person").drop("person_right")
    because = ibis.cases(
        (people.because != "", people.because),
        (people.baseline.isnull() | (people.baseline <= 0), "no_baseline"),
        (people.value.isnull(), "no_outcome"),
        else_="",
    )
    return people.select("person", "first", "last", "baseline", "value", "found", because=because)


def _meets(inside: ir.Table, line: CohortLine) -> ir.BooleanValue:
    if line.kind == "remission":
        return inside.value < float(line.below) if line.below is not None else inside.value <= float(line.at_most or 0)
    if line.kind == "worse":
        return inside.value - inside.baseline >= float(line.rise_at_least or 0)
    return _holds(inside.baseline, inside.value, float(line.fall_percent or 0))


def _holds(baseline: ir.Value, value: ir.Value, fall_percent: float) -> ir.BooleanValue:
    return (baseline - value) * 100 >= baseline * fall_percent


def _courses(inside: ir.Table, scores: ir.Table, cohort: Cohort) -> tuple[int, EventTable | None]:
    """Return how many are in response at the outcome, and when each lost it or was last seen."""
    fall = cohort.fall_percent
    if fall is None:
        return 0, None
    responding = inside.filter(_holds(inside.baseline, inside.value, fall)).select("person", "baseline", "found")
    later = scores.join(responding, "person")
    later = later.filter(later.minute >= later.found)
    lost = (~_holds(later.baseline, later.value, fall)).ifelse(later.minute, None)
    ends = later.group_by("person").agg(found=later.found.min(), last=later.minute.max(), lost=lost.min())
    days = ends.select(
        time=((ends.lost.coalesce(ends.last) - ends.found) // MINUTES_A_DAY).cast("int64"),
        event=ends.lost.notnull().cast("int64"),
    )
    people = int(responding.count().to_pyarrow().as_py())
    return people, event_tables(days)[()] if people else None
