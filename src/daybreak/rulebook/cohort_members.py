"""Who is in a cohort, and what its lines say of one person. The register's reduction counts the same of millions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from daybreak.rulebook.cohort import Cohort, CohortLine
from daybreak.rulebook.lines import Path

MINUTES_A_DAY = 1440
Dated = tuple[int, float]


@dataclass(frozen=True, slots=True)
class Member:
    """What a cohort says of one person: why they are not in it, or the lines that are met; for somebody in response,
    how many whole days it was seen to last and whether it was lost then.
    """

    because: str
    met: dict[str, bool]
    well_for_days: int | None = None
    relapsed: bool | None = None


def member(cohort: Cohort, *, sessions: Sequence[int], routes: Sequence[str], scores: Sequence[Dated]) -> Member:
    """Decide one person from the first course's sessions and the scores, in minutes from the first session."""
    early = [minute for minute in sorted(sessions) if minute < cohort.induction.within_days * MINUTES_A_DAY]
    because = _not_treated_so(cohort, early, routes)
    if because:
        return Member(because, {})
    baseline = _baseline(cohort, scores)
    if baseline is None:
        return Member("no_baseline", {})
    found = _outcome(cohort, scores, early[-1])
    if found is None:
        return Member("no_outcome", {})
    met = {line.id: meets(line, baseline, found[1]) for line in cohort.lines if line.kind != "still_well"}
    return Member("", met, *_course(cohort, baseline, found, scores))


def meets(line: CohortLine, baseline: float, value: float) -> bool:
    """Return whether a score meets a line that is a share."""
    if line.kind == "remission":
        return value < float(line.below) if line.below is not None else value <= float(line.at_most or 0)
    if line.kind == "worse":
        return value - baseline >= float(line.rise_at_least or 0)
    return _holds(baseline, value, float(line.fall_percent or 0))


def _holds(baseline: float, value: float, fall_percent: float) -> bool:
    return (baseline - value) * 100 >= baseline * fall_percent


def _not_treated_so(cohort: Cohort, early: Sequence[int], routes: Sequence[str]) -> str:
    rule = cohort.induction
    if not early:
        return "not_treated"
    span = early[-1] - early[0]
    tests = (
        ("other_route", bool(rule.routes) and not set(routes) <= set(rule.routes)),
        ("too_few_infusions", len(early) < rule.sessions_at_least),
        ("too_many_infusions", len(early) > rule.sessions_at_most),
        ("too_short", span < rule.span_at_least_days * MINUTES_A_DAY),
        ("too_long", span > rule.span_at_most_days * MINUTES_A_DAY),
    )
    return next((reason for reason, holds in tests if holds), "")


def _baseline(cohort: Cohort, scores: Sequence[Dated]) -> float | None:
    oldest = -cohort.outcome.baseline_within_days * MINUTES_A_DAY
    before = [(minute, value) for minute, value in scores if oldest <= minute <= 0]
    value = max(before, default=(0, 0.0))[1]
    return value if value > 0 else None


def _outcome(cohort: Cohort, scores: Sequence[Dated], last: int) -> Dated | None:
    start = cohort.outcome.from_day * MINUTES_A_DAY
    end = (cohort.outcome.until_day + 1) * MINUTES_A_DAY
    inside = [(minute, value) for minute, value in scores if start <= minute - last < end]
    return min(inside, default=None)


def _course(cohort: Cohort, baseline: float, found: Dated, scores: Sequence[Dated]) -> tuple[int | None, bool | None]:
    fall = cohort.fall_percent
    if fall is None or not _holds(baseline, found[1], fall):
        return None, None
    later = sorted((minute, value) for minute, value in scores if minute >= found[0])
    lost = next((minute for minute, value in later if not _holds(baseline, value, fall)), None)
    end = later[-1][0] if lost is None else lost
    return (end - found[0]) // MINUTES_A_DAY, lost is not None


def cohort_wrongs(cohort: Cohort) -> Iterator[tuple[Path, str]]:
    """Yield where a worked example is not what the cohort says."""
    for index, example in enumerate(cohort.examples):
        got = member(
            cohort,
            sessions=[int(day * MINUTES_A_DAY) for day in example.sessions],
            routes=[example.route],
            scores=[
                (int(day * MINUTES_A_DAY), float(value))
                for day, value in zip(example.days, example.scores, strict=True)
            ],
        )
        place = ("examples", index)
        if got.because != example.because:
            yield place, f"example “{example.name}”: it is {_said(got.because)}, not {_said(example.because)}"
        for line, wanted in example.met.items():
            if line not in got.met:
                yield place, f"example “{example.name}”: there is no answer to “{line}”"
            elif got.met[line] != wanted:
                yield place, f"example “{example.name}”: {line} is {'not ' if wanted else ''}met"
        wanted_course = (example.well_for_days, example.relapsed)
        if wanted_course not in ((None, None), (got.well_for_days, got.relapsed)):
            lost = "lost" if got.relapsed else "not lost"
            yield place, f"example “{example.name}”: response lasts {got.well_for_days} days and is {lost}"


def _said(because: str) -> str:
    return f"left out as {because}" if because else "in the cohort"
