"""Response, remission and first observed relapse, at their boundaries and with what is missing."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from daybreak.kernel.truth import Truth
from daybreak.rulebook.outcomes import WrongMeasure
from daybreak.rulebook.public import (
    Course,
    DatedScore,
    baseline_of,
    first_observed_relapse,
    reached,
    score_in,
)
from tests.definitions.shipped import library

FIRST = datetime(2026, 3, 1, 9, tzinfo=UTC)
RESPONSE = library().measure("phq9_response")
REMISSION = library().measure("phq9_remission")
RELAPSE = library().measure("phq9_first_observed_relapse")


def scored(value, *, days):
    return DatedScore(Decimal(value), FIRST + timedelta(days=days))


BASELINE = scored(18, days=-1)


@pytest.mark.parametrize(
    ("value", "truth"), [(9, Truth.MET), (10, Truth.NOT_MET), (18, Truth.NOT_MET), (20, Truth.NOT_MET)]
)
def test_response_is_a_fall_by_half_or_more(value, truth):
    outcome = reached(RESPONSE, baseline=BASELINE, score=scored(value, days=1))

    assert outcome.truth is truth
    assert "50" in outcome.reason


@pytest.mark.parametrize(("value", "truth"), [(4, Truth.MET), (5, Truth.NOT_MET)])
def test_remission_is_below_five(value, truth):
    assert reached(REMISSION, baseline=None, score=scored(value, days=1)).truth is truth


def test_a_missing_score_or_baseline_is_unknown():
    assert reached(RESPONSE, baseline=BASELINE, score=None).truth is Truth.UNKNOWN
    assert reached(RESPONSE, baseline=None, score=scored(4, days=1)).truth is Truth.UNKNOWN
    assert reached(REMISSION, baseline=BASELINE, score=None).truth is Truth.UNKNOWN


def test_no_fall_can_be_told_from_a_baseline_of_nothing():
    assert reached(RESPONSE, baseline=scored(0, days=-1), score=scored(0, days=1)).truth is Truth.UNKNOWN


def test_the_baseline_is_the_last_young_enough_score_before_the_first_session():
    scores = [scored(20, days=-20), scored(18, days=-3), scored(17, days=-1), scored(4, days=1)]

    assert baseline_of(RESPONSE, scores, first_session_at=FIRST) == scores[2]
    assert baseline_of(RESPONSE, scores[:1], first_session_at=FIRST) is None


def test_a_window_takes_the_nearest_score_and_carries_none_forward():
    window = RESPONSE.window("week_after")
    scores = [scored(4, days=1), scored(6, days=6), scored(8, days=9)]

    assert score_in(window, scores, anchor=FIRST) == scores[1]
    assert score_in(window, scores[:1], anchor=FIRST) is None
    assert score_in(window, [scored(6, days=10)], anchor=FIRST) is None


def test_relapse_lies_between_the_last_score_in_response_and_the_first_out_of_it():
    scores = [scored(6, days=1), scored(9, days=7), scored(10, days=14), scored(2, days=21)]

    relapse = first_observed_relapse(
        RELAPSE, baseline=BASELINE, scores=scores, sessions=[FIRST, FIRST + timedelta(days=10)]
    )

    assert relapse.course is Course.RELAPSED
    assert (relapse.responded_at, relapse.last_in_response, relapse.observed_at) == (
        scores[0].at,
        scores[1].at,
        scores[2].at,
    )
    assert relapse.treated_again == (FIRST + timedelta(days=10),)


def test_without_relapse_the_patient_is_censored_when_last_seen_in_response():
    relapse = first_observed_relapse(RELAPSE, baseline=BASELINE, scores=[scored(6, days=1), scored(4, days=30)])

    assert (relapse.course, relapse.last_in_response) == (Course.NOT_OBSERVED, FIRST + timedelta(days=30))


@pytest.mark.parametrize(
    ("baseline", "scores", "course"),
    [
        (None, [scored(4, days=1)], Course.UNKNOWN),
        (BASELINE, [], Course.UNKNOWN),
        (BASELINE, [scored(18, days=-1)], Course.UNKNOWN),
        (BASELINE, [scored(12, days=1)], Course.NO_RESPONSE),
    ],
)
def test_what_cannot_relapse_is_said_apart(baseline, scores, course):
    assert first_observed_relapse(RELAPSE, baseline=baseline, scores=scores).course is course


def test_a_measure_of_another_kind_is_refused():
    with pytest.raises(WrongMeasure):
        reached(RELAPSE, baseline=BASELINE, score=scored(4, days=1))
    with pytest.raises(WrongMeasure):
        first_observed_relapse(RESPONSE, baseline=BASELINE, scores=[])
