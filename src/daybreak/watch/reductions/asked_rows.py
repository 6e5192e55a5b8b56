"""The rows of each kind of question as expressions: person, site, exposure, outcome, and what is adjusted for."""

from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from daybreak.register.public import cohort_people
from daybreak.rulebook.public import Cohort, CohortLine, Measure, Question
from daybreak.watch.reductions.asked_people import (
    dampened,
    events_within,
    first_sessions,
    sites_in_time,
    with_person,
)
from daybreak.watch.reductions.narrowing import MINUTES_A_DAY, Tables, started

if TYPE_CHECKING:
    from daybreak.watch.reductions.asked import Named

# Of what no frozen table has a column.
NOWHERE = frozenset({"failed_treatments"})
Rows = tuple[ir.Table, dict[str, int]]


def rows_of(tables: Tables, question: Question, named: "Named") -> Rows:
    """Return the rows of a question, and why others are not among them."""
    kind = question.people.rows
    if kind == "checks":
        return _checks(tables, question, named), {}
    if kind == "first_sessions":
        return _first(tables, question, named), {}
    if named.cohort is None:
        raise ValueError(f"{question.id} names no cohort.")
    return (_maintenance if kind == "maintenance" else _induction)(tables, question, named, named.cohort)


def _induction(tables: Tables, question: Question, named: "Named", cohort: Cohort) -> Rows:
    """People of the cohort; those without a score in the window stay, without an outcome."""
    decided = cohort_people(tables, cohort)
    inside = decided.filter(decided.because.isin(["", "no_outcome"]))
    rows = _with_all(inside.rename(baseline_score="baseline").drop("because"), tables, question, named)
    lines = {line.id: line for line in cohort.lines}
    told = {f"line_{each.line}": _meets(rows, lines[each.line]) for each in question.sensitivity if each.line}
    return rows.mutate(outcome=_meets(rows, lines[question.outcome.line or ""]), **told), _reasons(decided)


def _maintenance(tables: Tables, question: Question, named: "Named", cohort: Cohort) -> Rows:
    """People in response who kept it until the landmark, with two sessions at least before it."""
    decided = cohort_people(tables, cohort)
    until = decided.found + (question.people.landmark_days or 0) * MINUTES_A_DAY
    courses = responders(tables, decided.mutate(landmark=until), cohort)
    kept = courses.filter(courses.lost.isnull() | (courses.lost > courses.landmark))
    begun = started(tables).select("person", "minute")
    between = begun.join(kept.select("person", "found", "landmark"), "person")
    between = between.filter(between.minute > between.found, between.minute <= between.landmark)
    gaps = between.group_by("person").agg(sessions=between.count(), a=between.minute.min(), z=between.minute.max())
    gaps = gaps.filter(gaps.sessions > 1)
    gaps = gaps.select("person", days_between_sessions=(gaps.z - gaps.a) / (gaps.sessions - 1) / MINUTES_A_DAY)
    rows = kept.join(gaps, "person").rename(baseline_score="baseline").drop("because", "value")
    end = rows.landmark + (question.outcome.within_days or 0) * MINUTES_A_DAY
    outcome = ibis.cases((rows.lost <= end, 1), (rows.seen >= end, 0), else_=ibis.null("int64"))
    return _with_all(rows.mutate(outcome=outcome), tables, question, named), _reasons(decided)


def responders(tables: Tables, decided: ir.Table, cohort: Cohort) -> ir.Table:
    """Return the people of a cohort in response, with the minute at which a score first showed that it was `lost`, the
    last score before that (`well`), and the last score of all (`seen`).
    """
    fall = float(cohort.fall_percent or 0)
    inside = decided.filter(decided.because == "")
    inside = inside.filter((inside.baseline - inside.value) * 100 >= inside.baseline * fall)
    score = tables["score"]
    scores = score.filter(score.instrument == cohort.outcome.instrument, score.name == cohort.outcome.score)
    later = scores.select("person", "minute", total=scores.value).join(inside.select("person", "baseline", "found"),
                                                                       "person")  # fmt: skip
    later = later.filter(later.minute >= later.found)
    holds = (later.baseline - later.total) * 100 >= later.baseline * fall
    lost = later.filter(~holds).group_by("person").agg(lost=later.minute.min())
    both = later.left_join(lost, "person").drop("person_right")
    still = (both.lost.isnull() | (both.minute < both.lost)).ifelse(both.minute, None)
    ends = both.group_by("person").agg(lost=both.lost.min(), well=still.max(), seen=both.minute.max())
    return inside.join(ends, "person")


def _first(tables: Tables, question: Question, named: "Named") -> ir.Table:
    """Everybody who was treated, with whether an event was reported in the first days."""
    people = first_sessions(tables)
    everybody = people.select("person", "first", last=people["first"])
    rows = _with_all(everybody, tables, question, named)
    event = events_within(tables, question.people.within_days or 0, question.outcome.term).mutate(outcome=1)
    both = rows.left_join(event, "person").drop("person_right")
    return both.mutate(outcome=both.outcome.fill_null(0))


def _checks(tables: Tables, question: Question, named: "Named") -> ir.Table:
    """Checks after a person's first one, each with how many sessions had begun before it."""
    check, measure = tables["check"], named.measure
    if measure is None:
        raise ValueError(f"{question.id} names no measure.")
    taken = check.filter(check.checked == question.outcome.checked, check.value.notnull())
    taken = taken.select("person", "key", "minute", "value")
    first = taken.group_by("person").agg(first_check=taken.value.argmin(taken.minute), since=taken.minute.min())
    later = taken.join(first, "person")
    later = later.filter(later.minute > later.since)
    begun = started(tables).select("person", session_minute="minute")
    before = later.select("person", "key", "minute").join(begun, "person")
    before = before.filter(before.session_minute < before.minute)
    counted = before.group_by("key").agg(sessions_before=before.count())
    rows = later.left_join(counted, "key").drop("key_right")
    rows = rows.mutate(sessions_before=rows.sessions_before.fill_null(0).cast("float64"), outcome=_worse(rows, measure))
    return _with_all(rows.drop("key", "minute", "value", "since"), tables, question, named)


def _with_all(rows: ir.Table, tables: Tables, question: Question, named: "Named") -> ir.Table:
    """Return rows with everything else that the question asks of their people, and the exposure under its own name."""
    own = first_sessions(tables)
    wanted = ["person", "pressure", *(name for name in own.columns if name in _asks(question))]
    rows = rows.join(own.select(*[name for name in wanted if name not in rows.columns or name == "person"]), "person")
    rows = with_person(rows, tables)
    if "dampened_share_percent" in _asks(question):
        within = rows.select("person", "first", "last").distinct()
        rows = rows.left_join(dampened(tables, within, _names(named, question)), "person").drop("person_right")
    if "site_in_time_percent" in _asks(question):
        rows = rows.left_join(sites_in_time(tables), "site").drop("site_right")
    variable = question.exposure.variable if question.exposure is not None else ""
    return rows.mutate(exposure=ibis.null("float64") if variable in NOWHERE else rows[variable])


def _asks(question: Question) -> set[str]:
    exposure = {question.exposure.variable} if question.exposure is not None else set()
    return exposure | {each.variable for each in question.confounders}


def _names(named: "Named", question: Question) -> set[str]:
    lists = [named.medicines[each] for each in medicines_of(question)]
    return {_plain(word) for each in lists for code in each.codes for word in (code.code, code.display)}


def medicines_of(question: Question) -> list[str]:
    """Return the lists of medicines that a question names."""
    asked = [question.exposure.medicines] if question.exposure is not None else []
    return sorted({each for each in (*asked, *(one.medicines for one in question.confounders)) if each is not None})


def _plain(word: str) -> str:
    return word.lower().replace(" ", "_")


def _meets(rows: ir.Table, line: CohortLine) -> ir.Value:
    """Return whether the line is met; empty where there is no score. As the register's cohort decides it."""
    if line.kind == "remission":
        met = rows.value < float(line.below) if line.below is not None else rows.value <= float(line.at_most or 0)
    elif line.kind == "worse":
        met = rows.value - rows.baseline_score >= float(line.rise_at_least or 0)
    else:
        met = (rows.baseline_score - rows.value) * 100 >= rows.baseline_score * float(line.fall_percent or 0)
    return met.cast("int64")


def _worse(rows: ir.Table, measure: Measure) -> ir.Value:
    rule = measure.rule
    if rule.rise_at_least is not None:
        return (rows.value - rows.first_check >= float(rule.rise_at_least)).cast("int64")
    return (rows.first_check - rows.value >= float(rule.fall_at_least or 0)).cast("int64")


def _reasons(decided: ir.Table) -> dict[str, int]:
    counted = decided.group_by("because").agg(people=decided.count()).order_by("because").to_pyarrow().to_pylist()
    return {row["because"]: row["people"] for row in counted if row["because"] not in ("", "no_outcome")}
