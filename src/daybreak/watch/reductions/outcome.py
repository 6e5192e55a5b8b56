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


def outcome_counts(
    tables: Tables, measure: Measure, windows: Sequence[Window], *, within_days: int
) -> tuple[OutcomeCounts, ...]:
    """This function will count people as the rulebook's `reached` decides each, in each window, counted from the last
    induction session.
    """
    decided = _decided(tables, measure, windows, within_days=within_days)
    answers = (MET, NOT_MET, NO_SCORE, NO_BASELINE)
    sums = {f"{each}_{at}": (decided[f"answer_{at}"] == each).sum() for each in answers for at in range(len(windows))}
    found = decided.agg(**sums).to_pyarrow().to_pylist()[0]
    return tuple(OutcomeCounts(*(int(found[f"{each}_{at}"] or 0) for each in answers)) for at in range(len(windows)))


def outcomes_by_mix(
    tables: Tables, measure: Measure, window: Window, bands_from: Sequence[int], *, within_days: int
) -> dict[str, tuple[tuple[int, int], ...]]:
    """This function will count for each site those who met the outcome, of those assessed, by the band of the score
    before the first session: without one, below the first number, and from each number on.
    """
    decided = _decided(tables, measure, [window], within_days=within_days)
    band = sum((ibis.ifelse(decided.baseline >= each, 1, 0) for each in bands_from), ibis.literal(1))
    banded = decided.mutate(band=ibis.ifelse(decided.baseline.isnull(), 0, band))
    placed = banded.join(tables["person"].select("person", "site"), "person")
    assessed = placed.filter(placed.answer_0.isin([MET, NOT_MET]))
    grouped = assessed.group_by("site", "band").agg(of=assessed.count(), met=(assessed.answer_0 == MET).sum())
    found: dict[str, list[tuple[int, int]]] = {}
    for row in grouped.to_pyarrow().to_pylist():
        cells = found.setdefault(row["site"], [(0, 0)] * (len(bands_from) + 2))
        cells[row["band"]] = (int(row["met"]), int(row["of"]))
    return {site: tuple(cells) for site, cells in found.items()}


def _decided(tables: Tables, measure: Measure, windows: Sequence[Window], *, within_days: int) -> ir.Table:
    """Return each treated person with the baseline and an answer for each window."""
    ended, scores = inductions(tables, within_days=within_days), scores_of(tables, measure)
    before, inside = baselines(scores, measure), _in_windows(scores, ended, windows)
    people = ended.select("person").left_join(before, "person").drop("person_right").left_join(inside, "person")
    answers = {f"answer_{at}": _answer(people.baseline, people[f"value_{at}"], measure) for at, _ in enumerate(windows)}
    return people.select("person", "baseline", **answers)


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


def _in_windows(scores: ir.Table, ended: ir.Table, windows: Sequence[Window]) -> ir.Table:
    """Return each person's score inside each half-open window nearest its middle, the earlier of two."""
    both = scores.join(ended, "person")
    since = both.minute - both.last_minute
    values = {}
    for at, window in enumerate(windows):
        inside = (since >= window.from_hour * MINUTES_AN_HOUR) & (since < window.to_hour * MINUTES_AN_HOUR)
        from_middle = since - window.around_hour * MINUTES_AN_HOUR
        # Twice the distance leaves room for one more: the later of two as near comes second.
        rank = from_middle.abs() * 2 + (from_middle > 0).cast("int64")
        values[f"value_{at}"] = both.value.argmin(rank, where=inside)
    return both.group_by("person").agg(**values)


def _answer(baseline: ir.NumericValue, value: ir.NumericValue, measure: Measure) -> ir.StringValue:
    rule = measure.rule
    if rule.kind == "remission":
        met = value < float(rule.below) if rule.below is not None else value <= float(rule.at_most or 0)
        return ibis.cases((value.isnull(), NO_SCORE), (met, MET), else_=NOT_MET)
    unusable = baseline.isnull() | (baseline <= 0)
    met = (baseline - value) * 100 >= baseline * float(rule.response_fall_percent or 0)
    return ibis.cases((value.isnull(), NO_SCORE), (unusable, NO_BASELINE), (met, MET), else_=NOT_MET)
