"""`daybreak cohort run`: the table of a cohort from a snapshot, each line beside what was published."""

from bisect import bisect_right
from collections.abc import Collection
from typing import Any

from daybreak.kernel.refusal import Refusal
from daybreak.register.estimates.answer import Answer
from daybreak.register.folders import Dataset
from daybreak.register.reductions.cohort import CohortCounts, cohort_counts
from daybreak.rulebook.public import Cohort, CohortLine
from daybreak.stats.public import Curve, curve_of, proportion

HEADING = ("line", "numerator", "denominator", "estimate", "lower", "upper", "published")
BECAUSE = {
    "other_route": "had another route",
    "too_few_infusions": "had too few sessions in the induction",
    "too_many_infusions": "had too many",
    "too_short": "had them in too few days",
    "too_long": "had them over too many days",
    "no_baseline": "have no usable baseline",
    "no_outcome": "have no score in the window",
}


class NoSuchPlace(Refusal):
    """A site that the snapshot does not hold."""


def cohort_table(frozen: Dataset, cohort: Cohort, *, leave_out: Collection[str] = (), level: float = 0.95) -> Answer:
    """Return `n` and the lines of a cohort's table, without the sites `leave_out`; raise NoSuchPlace."""
    strangers = sorted(set(leave_out) - set(frozen.manifest.sites))
    if strangers:
        raise NoSuchPlace(f"The snapshot {frozen.manifest.id} holds no site “{strangers[0]}”.")
    tables = {name: frozen.tables[name] for name in ("session", "score")}
    if leave_out:
        tables = {name: table.filter(~table.site.isin(list(leave_out))) for name, table in tables.items()}
    counts = cohort_counts(tables, cohort)
    curve = curve_of(counts.course, level=level) if counts.course is not None else None
    lines = [_line(line, counts, curve, level) for line in cohort.lines]
    values = {
        "cohort": {"id": cohort.id, "version": cohort.version, "fingerprint": cohort.fingerprint},
        "snapshot": {
            "id": frozen.manifest.id,
            "fingerprint": frozen.manifest.fingerprint,
            "synthetic": frozen.manifest.synthetic,
        },
        "without_sites": sorted(leave_out),
        "n": counts.analysed,
        "treated": counts.treated,
        "left_out": counts.left_out,
        "lines": lines,
        "level": level,
    }
    rows = tuple((line["title"], *(line[key] for key in HEADING[1:6]), _published(line)) for line in lines)
    return Answer(values, HEADING, rows, _notes(frozen, cohort, counts))


def _line(line: CohortLine, counts: CohortCounts, curve: Curve | None, level: float) -> dict[str, Any]:
    head = {"id": line.id, "title": line.title, "kind": line.kind}
    told = _still_well(line, counts, curve) if line.kind == "still_well" else _share(line, counts, level)
    published = line.published
    beside = None if published is None else {"value": float(published.value), "mark": published.mark}
    return {**head, **told, "published": beside}


def _share(line: CohortLine, counts: CohortCounts, level: float) -> dict[str, Any]:
    found = proportion(counts.met[line.id], counts.analysed, level=level)
    none = found.value is None
    return {
        "numerator": counts.met[line.id],
        "denominator": counts.analysed,
        "estimate": found.value,
        "lower": None if none else found.lower,
        "upper": None if none else found.upper,
        "method": found.method,
    }


def _still_well(line: CohortLine, counts: CohortCounts, curve: Curve | None) -> dict[str, Any]:
    """Return the curve at a day. Nobody watched so long: there is no answer, rather than the last one there is."""
    told: dict[str, Any] = {"numerator": 0, "denominator": counts.in_response, "method": "Kaplan-Meier, log-log"}
    after = line.after_days or 0
    place = bisect_right(curve.times, after) if curve is not None else 0
    if curve is None or not curve.times or curve.times[-1] < after:
        return {**told, "estimate": None, "lower": None, "upper": None}
    told["numerator"] = int(curve.at_risk[place]) if place < len(curve.times) else 0
    if not place:
        return {**told, "estimate": 1.0, "lower": None, "upper": None}
    at = place - 1
    return {**told, "estimate": curve.survival[at], "lower": curve.lower[at], "upper": curve.upper[at]}


def _published(line: dict[str, Any]) -> Any:
    return None if line["published"] is None else line["published"]["value"]


def _notes(frozen: Dataset, cohort: Cohort, counts: CohortCounts) -> tuple[str, ...]:
    notes = [
        f"{counts.analysed:,} of {counts.treated:,} treated people are in the cohort {cohort.id} {cohort.version}."
    ]
    if counts.left_out:
        notes.append("; ".join(f"{people:,} {BECAUSE[why]}" for why, people in counts.left_out.items()) + ".")
    if not counts.treated:
        notes.append("Nobody in this snapshot was treated, so there is nothing to estimate.")
    elif not counts.analysed:
        notes.append("The cohort selects nobody in this snapshot, so there is nothing to estimate.")
    if any(line.kind == "still_well" for line in cohort.lines) and counts.in_response:
        notes.append(
            "“Still” lines: the numerator counts those watched beyond that day and well; the estimate also uses those"
            " who were watched less long."
        )
    if frozen.manifest.synthetic:
        notes.append("Every person is invented: this is synthetic data, and no evidence.")
    return tuple(notes)
