"""How one instrument has gone since before the first session: the one function by which outcomes are told.

The patient's page, the work list, the advice on the next interval and the register all ask it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from daybreak.kernel.truth import Truth, truth_of
from daybreak.rulebook.measure import Measure, Window
from daybreak.rulebook.outcomes import (
    Course,
    DatedScore,
    Outcome,
    Relapse,
    baseline_of,
    fall_percent,
    first_observed_relapse,
    reached,
    score_in,
)

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AfterSession:
    """Response or remission in one window after one session; unknown where nothing was answered before the next one."""

    measure: str
    window: Window
    session: datetime
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class CourseSoFar:
    """What is known at a moment; every answer carries its reason, and none is guessed.

    `response`, `remission`, `worsening` and `sustained` are about now: unknown once the latest score is older than the
    measure allows. They are None where no measure of the kind is defined, or before the first session.
    """

    instrument: str
    scores: tuple[DatedScore, ...]
    sessions: tuple[datetime, ...]
    baseline: DatedScore | None
    latest: DatedScore | None
    response: Outcome | None
    remission: Outcome | None
    worsening: Outcome | None
    sustained: Outcome | None
    relapse: Relapse | None
    windows: tuple[AfterSession, ...]

    @property
    def is_worse(self) -> bool:
        """Whether the patient is known to be worse now: by the measure of worsening, or out of a response they had."""
        worse = self.worsening is not None and self.worsening.truth is Truth.MET
        out = self.response is not None and self.response.truth is Truth.NOT_MET
        return worse or (out and self.relapse is not None and self.relapse.course is Course.RELAPSED)


def course_so_far(
    measures: Iterable[Measure], *, scores: Sequence[DatedScore], sessions: Sequence[datetime], at: datetime
) -> CourseSoFar:
    """Return how one score of one instrument has gone, as it was known at `at`.

    `measures` are those of that score, at most one of each kind; `scores` and `sessions` (their starts) come in any
    order. Before the first session there is no outcome: the last score is then the baseline to be.
    """
    by_kind: dict[str, Measure] = {measure.rule.kind: measure for measure in measures}
    known = tuple(sorted((score for score in scores if score.at <= at), key=lambda score: score.at))
    begun = tuple(sorted(session for session in sessions if session <= at))
    first = begun[0] if begun else None
    later = tuple(score for score in known if first is not None and score.at > first)
    baselines = {kind: baseline_of(m, known, first_session_at=first or at) for kind, m in by_kind.items()}

    def now(kind: str) -> Outcome | None:
        measure = by_kind.get(kind)
        return _now(measure, baselines[kind], known, later, at) if measure and begun else None

    relapse = None
    if begun and "first_observed_relapse" in by_kind:
        kind = "first_observed_relapse"
        relapse = first_observed_relapse(by_kind[kind], baseline=baselines[kind], scores=later, sessions=begun)
    return CourseSoFar(
        instrument=next((measure.instrument for measure in by_kind.values()), ""),
        scores=known,
        sessions=begun,
        baseline=baselines.get("response") or next(iter(baselines.values()), None),
        latest=later[-1] if later else None,
        response=now("response"),
        remission=now("remission"),
        worsening=now("worsening"),
        sustained=now("sustained_response"),
        relapse=relapse,
        windows=tuple(
            each
            for kind in ("response", "remission")
            if kind in by_kind
            for each in _after_each(by_kind[kind], baselines[kind], known, begun)
        ),
    )


def after_session(
    measure: Measure,
    window: Window,
    *,
    baseline: DatedScore | None,
    scores: Sequence[DatedScore],
    session: datetime,
    next_session: datetime | None,
) -> Outcome:
    """Return response or remission in a window after a session, from a score before the next session only."""
    found = score_in(window, scores, anchor=session, until=next_session)
    outcome = reached(measure, baseline=baseline, score=found)
    if found is None and score_in(window, scores, anchor=session) is not None:
        return _unknown("The next session came before there was a score.", baseline, None)
    return outcome


def _after_each(
    measure: Measure, baseline: DatedScore | None, scores: Sequence[DatedScore], sessions: Sequence[datetime]
) -> Iterable[AfterSession]:
    for place, session in enumerate(sessions, start=1):
        following = sessions[place] if place < len(sessions) else None
        for window in measure.windows:
            outcome = after_session(
                measure, window, baseline=baseline, scores=scores, session=session, next_session=following
            )
            yield AfterSession(measure.id, window, session, outcome)


def _now(
    measure: Measure,
    baseline: DatedScore | None,
    known: Sequence[DatedScore],
    later: Sequence[DatedScore],
    at: datetime,
) -> Outcome:
    """Decide a measure at the latest score, where that still says something about now."""
    if not later:
        return _unknown("Nothing was answered since the first session.", baseline, None)
    score = later[-1]
    if measure.latest is None:
        return _unknown("The definition does not say how long a score counts.", baseline, score)
    if at - score.at > measure.latest.within_days * _DAY:
        days = (at - score.at) // _DAY
        why = f"The last score is {days} days old; it counts for {measure.latest.within_days}."
        return _unknown(why, baseline, score)
    if measure.rule.kind == "worsening":
        return _worsening(measure, baseline if measure.rule.against == "baseline" else known[0], score)
    if measure.rule.kind == "sustained_response":
        return _sustained(measure, baseline, later)
    return reached(measure, baseline=baseline, score=score)


def _worsening(measure: Measure, before: DatedScore | None, score: DatedScore) -> Outcome:
    rule = measure.rule
    if before is None:
        return _unknown("There is no usable baseline.", None, score)
    if before.at == score.at:
        return _unknown("There is no earlier score to compare with.", None, score)
    less_is_worse = rule.fall_at_least is not None
    bound = rule.rise_at_least or rule.fall_at_least or Decimal(0)
    moved = before.value - score.value if less_is_worse else score.value - before.value
    words = "fell" if score.value < before.value else "rose"
    way = "a fall" if less_is_worse else "a rise"
    reason = f"The score {words} by {abs(moved)} since {before.value}; worse is {way} of {bound} or more."
    return Outcome(truth_of(moved >= bound), reason, before, score, fall_percent(before.value, score.value))


def _sustained(measure: Measure, baseline: DatedScore | None, later: Sequence[DatedScore]) -> Outcome:
    rule, latest = measure.rule, later[-1]
    if baseline is None or baseline.value <= 0:
        return _unknown("There is no usable baseline.", baseline, latest)
    needed, gap = (rule.for_days or 0) * _DAY, (rule.gap_days or 0) * _DAY
    holds = [_fall(baseline, score) >= (rule.response_fall_percent or Decimal(0)) for score in later]
    since, broken = latest.at, False
    for index in range(len(later) - 1, -1, -1):
        if not holds[index]:
            break
        if since - later[index].at > gap:
            broken = True
            break
        since = later[index].at
    held = latest.at - since
    if not holds[-1]:
        return Outcome(Truth.NOT_MET, "The latest score is not in response.", baseline, latest, _fall(baseline, latest))
    words = f"In response for {held // _DAY} days so far; sustained is {rule.for_days} days or more."
    if held < needed and broken:
        words = f"{words} Before that nothing was answered for more than {rule.gap_days} days."
        return _unknown(words, baseline, latest)
    return Outcome(truth_of(held >= needed), words, baseline, latest, _fall(baseline, latest))


def _fall(baseline: DatedScore, score: DatedScore) -> Decimal:
    return fall_percent(baseline.value, score.value) or Decimal(0)


def _unknown(why: str, baseline: DatedScore | None, score: DatedScore | None) -> Outcome:
    return Outcome(Truth.UNKNOWN, why, baseline, score, None)
