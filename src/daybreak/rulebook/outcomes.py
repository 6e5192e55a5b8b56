"""Response, remission and first observed relapse from dated scores.

A score that was not taken is never carried forward.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from daybreak.kernel.refusal import Refusal
from daybreak.kernel.truth import Truth, truth_of
from daybreak.rulebook.measure import Measure, Window


@dataclass(frozen=True, slots=True)
class DatedScore:
    """A total and the aware moment it was taken."""

    value: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether an outcome was reached, from which scores, and why.

    `fall_percent` is None without a usable baseline.
    """

    truth: Truth
    reason: str
    baseline: DatedScore | None
    score: DatedScore | None
    fall_percent: Decimal | None


class Course(StrEnum):
    """What was seen after response."""

    RELAPSED = "relapsed"
    NOT_OBSERVED = "not_observed"
    NO_RESPONSE = "no_response"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Relapse:
    """First observed relapse: it happened after `last_in_response` and at or before `observed_at`
    (interval-censored).

    NOT_OBSERVED is censored at `last_in_response`, the last time the patient was seen in response.
    `treated_again` holds the sessions after response and up to the end: intercurrent events, for the
    analysis to deal with.
    """

    course: Course
    reason: str
    responded_at: datetime | None
    last_in_response: datetime | None
    observed_at: datetime | None
    treated_again: tuple[datetime, ...]


class WrongMeasure(Refusal):
    """A measure of another kind than the function computes."""


def baseline_of(measure: Measure, scores: Iterable[DatedScore], *, first_session_at: datetime) -> DatedScore | None:
    """Return the last score before or at the first session that is young enough for the measure, or None."""
    oldest = first_session_at - timedelta(days=measure.baseline.within_days)
    usable = [score for score in scores if oldest <= score.at <= first_session_at]
    return max(usable, key=lambda score: score.at, default=None)


def score_in(
    window: Window, scores: Iterable[DatedScore], *, anchor: datetime, until: datetime | None = None
) -> DatedScore | None:
    """Return the score inside the half-open window nearest its middle, the earlier of two as near, or None
    where none was taken. With `until`, the start of the next session, a later score says nothing of this one.
    """
    start, end = (anchor + timedelta(hours=hour) for hour in (window.from_hour, window.to_hour))
    middle = anchor + timedelta(hours=window.around_hour)
    inside = [score for score in scores if start <= score.at < end and (until is None or score.at <= until)]
    return min(inside, key=lambda score: (abs(score.at - middle), score.at), default=None)


def fall_percent(baseline: Decimal, value: Decimal) -> Decimal | None:
    """Return the fall from baseline in per cent (negative for a rise), or None where the baseline is not
    above zero.
    """
    return (baseline - value) * 100 / baseline if baseline > 0 else None


def reached(measure: Measure, *, baseline: DatedScore | None, score: DatedScore | None) -> Outcome:
    """Decide response or remission from a baseline and one score; raise WrongMeasure for a measure of
    relapse.

    This function will answer UNKNOWN where the score is missing, or, for response, the baseline.
    """
    fall = fall_percent(baseline.value, score.value) if baseline and score else None
    if measure.rule.kind == "remission":
        return _remission(measure, baseline, score, fall)
    if measure.rule.kind != "response" or measure.rule.response_fall_percent is None:
        raise WrongMeasure(f"{measure.title} measures {measure.rule.kind}.")
    if score is None or fall is None:
        what = "score in this window" if score is None else "usable baseline"
        return Outcome(Truth.UNKNOWN, f"There is no {what}.", baseline, score, None)
    passed = fall >= measure.rule.response_fall_percent
    moved = f"fell by {fall:.0f} %" if fall >= 0 else f"rose by {-fall:.0f} %"
    reason = f"The score {moved}; response is a fall of {measure.rule.response_fall_percent} % or more."
    return Outcome(truth_of(passed), reason, baseline, score, fall)


def first_observed_relapse(
    measure: Measure,
    *,
    baseline: DatedScore | None,
    scores: Sequence[DatedScore],
    sessions: Sequence[datetime] = (),
) -> Relapse:
    """Find the first score after response whose fall from baseline is below the measure's; raise
    WrongMeasure for another kind.

    `scores` are those after the first session, in any order. The definition is the measure's; its
    result is interval-censored.
    """
    bound = measure.rule.response_fall_percent
    if measure.rule.kind != "first_observed_relapse" or bound is None:
        raise WrongMeasure(f"{measure.title} measures {measure.rule.kind}.")
    if baseline is None or baseline.value <= 0:
        return Relapse(Course.UNKNOWN, "There is no usable baseline.", None, None, None, ())
    later = sorted((score for score in scores if score.at > baseline.at), key=lambda score: score.at)
    held = [(score.at, (fall_percent(baseline.value, score.value) or Decimal(0)) >= bound) for score in later]
    responded = next((at for at, holds in held if holds), None)
    if not held:
        return Relapse(Course.UNKNOWN, "No score was taken after the first session.", None, None, None, ())
    if responded is None:
        return Relapse(Course.NO_RESPONSE, "No score showed response.", None, None, None, ())
    after = [(at, holds) for at, holds in held if at >= responded]
    lost = next((at for at, holds in after if not holds), None)
    last = max(at for at, holds in after if holds and (lost is None or at < lost))
    again = tuple(session for session in sorted(sessions) if responded < session <= (lost or last))
    if lost is None:
        return Relapse(Course.NOT_OBSERVED, "Every later score was in response.", responded, last, None, again)
    reason = f"The first score with less than {bound} % improvement."
    return Relapse(Course.RELAPSED, reason, responded, last, lost, again)


def _remission(
    measure: Measure, baseline: DatedScore | None, score: DatedScore | None, fall: Decimal | None
) -> Outcome:
    if score is None:
        return Outcome(Truth.UNKNOWN, "There is no score in this window.", baseline, None, None)
    rule = measure.rule
    passed = score.value < rule.below if rule.below is not None else score.value <= (rule.at_most or Decimal(0))
    words = f"below {rule.below}" if rule.below is not None else f"at most {rule.at_most}"
    return Outcome(truth_of(passed), f"The score is {score.value}; remission is {words}.", baseline, score, fall)
