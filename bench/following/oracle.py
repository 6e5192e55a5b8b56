"""What a course amounts to, worked out a second time and in another way: whole minutes, whole points, plain loops.

It reads the numbers of a definition and nothing else of the rulebook. Scores of one moment are not in it.
"""

from collections.abc import Sequence
from typing import NamedTuple

from daybreak.rulebook.public import Measure

DAY = 1440
Point = tuple[int, int]


class Opinion(NamedTuple):
    """Answers by the words of a definition's examples; a window's by measure, window and session's minute."""

    response: str
    remission: str
    worsening: str
    sustained: str
    relapse: str
    between: tuple[int, ...]
    windows: dict[tuple[str, str, int], str]


def opinion(measures: dict[str, Measure], scores: Sequence[Point], sessions: Sequence[int], now: int) -> Opinion | None:
    """Return what is known at the minute `now`; None before the first session."""
    past = [p for p in scores if p[0] <= now]
    started = [s for s in sessions if s <= now]
    if not started:
        return None
    zero = min(started)
    before = {kind: _last(past, zero - m.baseline.within_days * DAY, zero) for kind, m in measures.items()}
    after = [p for p in past if p[0] > zero]
    newest = _last(after, zero, now)
    relapse, between = _relapse(measures["first_observed_relapse"], before["first_observed_relapse"], after)
    old = {kind: _is_old(measure, newest, now) for kind, measure in measures.items()}
    response, remission = measures["response"], measures["remission"]
    worse, lasting = measures["worsening"], measures["sustained_response"]
    return Opinion(
        response="unknown" if old["response"] else _response(response, before["response"], newest),
        remission="unknown" if old["remission"] else _remission(remission, newest),
        worsening="unknown" if old["worsening"] else _worse(worse, before["worsening"], newest),
        sustained="unknown" if old["sustained_response"] else _sustained(lasting, before["sustained_response"], after),
        relapse=relapse,
        between=between,
        windows=_windows(measures, before, past, started),
    )


def _last(points: Sequence[Point], low: int, high: int) -> Point | None:
    best = None
    for point in points:
        if low <= point[0] <= high and (best is None or point[0] > best[0]):
            best = point
    return best


def _is_old(measure: Measure, newest: Point | None, now: int) -> bool:
    """Return whether there is nothing to speak of now."""
    return newest is None or measure.latest is None or now > newest[0] + measure.latest.within_days * DAY


def _in_response(measure: Measure, before: int, value: int) -> bool:
    return 100 * value <= before * (100 - int(measure.rule.response_fall_percent or 0))


def _response(measure: Measure, before: Point | None, point: Point | None) -> str:
    if before is None or point is None or before[1] == 0:
        return "unknown"
    return "met" if _in_response(measure, before[1], point[1]) else "not_met"


def _remission(measure: Measure, point: Point | None) -> str:
    if point is None:
        return "unknown"
    highest = int(measure.rule.below) - 1 if measure.rule.below is not None else int(measure.rule.at_most or 0)
    return "met" if point[1] <= highest else "not_met"


def _worse(measure: Measure, before: Point | None, point: Point | None) -> str:
    if before is None or point is None:
        return "unknown"
    return "met" if point[1] >= before[1] + int(measure.rule.rise_at_least or 0) else "not_met"


def _sustained(measure: Measure, before: Point | None, after: Sequence[Point]) -> str:
    if before is None or before[1] == 0:
        return "unknown"
    ordered = sorted(after)
    begun: int | None = None
    cut, previous = False, 0
    for minute, value in ordered:
        if not _in_response(measure, before[1], value):
            begun, cut = None, False
        elif begun is None:
            begun = minute
        elif minute - previous > (measure.rule.gap_days or 0) * DAY:
            begun, cut = minute, True
        previous = minute
    if begun is None:
        return "not_met"
    if previous - begun >= (measure.rule.for_days or 0) * DAY:
        return "met"
    return "unknown" if cut else "not_met"


def _relapse(measure: Measure, before: Point | None, after: Sequence[Point]) -> tuple[str, tuple[int, ...]]:
    if before is None or before[1] == 0 or not after:
        return "unknown", ()
    seen: int | None = None
    for minute, value in sorted(after):
        if _in_response(measure, before[1], value):
            seen = minute
        elif seen is not None:
            return "relapsed", (seen, minute)
    return ("no_response", ()) if seen is None else ("not_observed", (seen,))


def _windows(
    measures: dict[str, Measure], before: dict[str, Point | None], past: Sequence[Point], started: Sequence[int]
) -> dict[tuple[str, str, int], str]:
    answers = {}
    for kind in ("response", "remission"):
        measure = measures[kind]
        for session in started:
            following = [s for s in started if s > session]
            end = min(following) if following else 10**12
            for window in measure.windows:
                chosen = None
                for point in sorted(past):
                    since = point[0] - session
                    if not window.from_hour * 60 <= since < window.to_hour * 60 or point[0] > end:
                        continue
                    near = abs(since - window.around_hour * 60)
                    if chosen is None or near < chosen[0]:
                        chosen = (near, point)
                point = chosen[1] if chosen else None
                told = _response(measure, before[kind], point) if kind == "response" else _remission(measure, point)
                answers[kind, window.id, session] = told
    return answers
