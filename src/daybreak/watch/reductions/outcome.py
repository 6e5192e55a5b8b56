"""Response and remission after induction, as counts. The numbers of the rule come from the measure's
definition.
"""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from daybreak.rulebook.public import Measure, Window
from daybreak.watch.counts import OutcomeCounts
from daybreak.watch.reductions.narrowing import MINUTES_A_DAY, Tables, inductions

MINUTES_AN_HOUR = 60
MET, NOT_MET, NO_SCORE, NO_BASELINE = "met", "not_met", "no_score", "no_baseline"


def outcome_counts(tables: Tables, measure: Measure, window: Window, *, within_days: int) -> OutcomeCounts:
    """This function will count people as the rulebook's `reached` decides each, the window counted from the
    last induction session.
    """
    decided = _decided(tables, measure, window, within_days=within_days)
    found = decided.group_by("answer").agg(people=decided.count()).to_pyarrow().to_pylist()
    counts = {row["answer"]: row["people"] for row in found}
    return OutcomeCounts(*(counts.get(answer, 0) for answer in (MET, NOT_MET, NO_SCORE, NO_BASELINE)))


def outcomes_by_mix(
    tables: Tables, measure: Measure, window: Window, bands_from: Sequence[int], *, within_days: int
) -> dict[str, tuple[tuple[int, int], ...]]:
    """This function will count for each site those who met the outcome, of those assessed, by the band of the score
    before the first session: without one, below the first number, and from each number on.
    """
    decided = _decided(tables, measure, window, within_days=within_days)
    band = sum((ibis.ifelse(decided.baseline >= each, 1, 0) for each in bands_from), ibis.literal(1))
    banded = decided.mutate(band=ibis.ifelse(decided.baseline.isnull(), 0, band))
    placed = banded.join(tables["person"].select("person", "site"), "person")
    assessed = placed.filter(placed.answer.isin([MET, NOT_MET]))
    grouped = assessed.group_by("site", "band").agg(of=assessed.count(), met=(assessed.answer == MET).sum())
    found: dict[str, list[tuple[int, int]]] = {}
    for row in grouped.to_pyarrow().to_pylist():
        cells = found.setdefault(row["site"], [(0, 0)] * (len(bands_from) + 2))
        cells[row["band"]] = (int(row["met"]), int(row["of"]))
    return {site: tuple(cells) for site, cells in found.items()}


def _decided(tables: Tables, measure: Measure, window: Window, *, within_days: int) -> ir.Table:
    """Return each treated person with the baseline and the answer."""
    ended, scores = inductions(tables, within_days=within_days), scores_of(tables, measure)
    before, inside = baselines(scores, measure), _in_window(scores, ended, window)
    people = ended.select("person").left_join(before, "person").drop("person_right").left_join(inside, "person")
    return people.select("person", "baseline", answer=_answer(people, measure))


def scores_of(tables: Tables, measure: Measure) -> ir.Table:
    """Return the score that a measure is about."""
    score = tables["score"]
    return score.filter(score.instrument == measure.instrument, score.name == measure.score)


def baselines(scores: ir.Table, measure: Measure) -> ir.Table:
    """Return each person's last score at or before the first session, if young enough for the measure."""
    oldest = -measure.baseline.within_days * MINUTES_A_DAY
    usable = scores.filter(scores.minute <= 0, scores.minute >= oldest)
    return usable.group_by("person").agg(
        baseline=usable.value.argmax(usable.minute), baseline_minute=usable.minute.max()
    )


def _in_window(scores: ir.Table, ended: ir.Table, window: Window) -> ir.Table:
    """Return each person's score inside the half-open window nearest its middle, the earlier of two."""
    both = scores.join(ended, "person")
    since = both.minute - both.last_minute
    both = both.filter(since >= window.from_hour * MINUTES_AN_HOUR, since < window.to_hour * MINUTES_AN_HOUR)
    from_middle = both.minute - both.last_minute - window.around_hour * MINUTES_AN_HOUR
    # Twice the distance leaves room for one more: the later of two as near comes second.
    rank = from_middle.abs() * 2 + (from_middle > 0).cast("int64")
    return both.group_by("person").agg(value=both.value.argmin(rank))


def _answer(people: ir.Table, measure: Measure) -> ir.StringValue:
    rule = measure.rule
    if rule.kind == "remission":
        met = people.value < float(rule.below) if rule.below is not None else people.value <= float(rule.at_most or 0)
        return ibis.cases((people.value.isnull(), NO_SCORE), (met, MET), else_=NOT_MET)
    unusable = people.baseline.isnull() | (people.baseline <= 0)
    met = (people.baseline - people.value) * 100 >= people.baseline * float(rule.response_fall_percent or 0)
    return ibis.cases((people.value.isnull(), NO_SCORE), (unusable, NO_BASELINE), (met, MET), else_=NOT_MET)
