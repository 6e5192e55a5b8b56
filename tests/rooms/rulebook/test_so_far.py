"""The one function of outcomes agrees with a second one that was written apart from it, over thousands of courses."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bench.following.courses import courses, disagreement
from daybreak.kernel.truth import Truth
from daybreak.rulebook.public import DatedScore, course_so_far
from tests.definitions.shipped import library

FIRST = datetime(2026, 3, 1, 9, tzinfo=UTC)


def phq9():
    return {measure.rule.kind: measure for measure in library().outcome_measures()}


def so_far(*scores, sessions=(0,), at=400, measures=None):
    return course_so_far(
        measures or phq9().values(),
        scores=[DatedScore(Decimal(value), FIRST + timedelta(days=day)) for day, value in scores],
        sessions=[FIRST + timedelta(days=day) for day in sessions],
        at=FIRST + timedelta(days=at),
    )


def test_the_main_instrument_is_the_one_that_protocols_ask():
    assert {measure.instrument for measure in library().outcome_measures()} == {"phq9"}
    assert set(phq9()) == {"response", "remission", "first_observed_relapse", "sustained_response", "worsening"}


def test_product_and_oracle_agree_on_every_course():
    measures, draw = phq9(), random.Random(5)
    found = {what for each in courses(draw, 3000) if (what := disagreement(measures, each))}
    assert not found


def test_the_oracle_notices_another_number():
    measures, draw = phq9(), random.Random(5)
    other = measures["response"].rule.model_copy(update={"response_fall_percent": Decimal(51)})
    changed = measures | {"response": measures["response"].model_copy(update={"rule": other})}
    assert any("response" in disagreement(measures, each, told=changed) for each in courses(draw, 300))


@pytest.mark.parametrize(
    ("at", "truth", "why"),
    [
        (36, Truth.MET, "fell by 78 %"),
        (36.1, Truth.UNKNOWN, "The last score is 35 days old; it counts for 35."),
        (200, Truth.UNKNOWN, "The last score is 199 days old"),
    ],
)
def test_an_old_answer_is_not_carried_forward(at, truth, why):
    found = so_far((-1, 18), (1, 4), at=at)
    assert found.response.truth is truth
    assert why in found.response.reason
    assert found.latest.value == 4, "it is shown with its date all the same"


def test_a_score_after_the_next_session_says_nothing_of_this_one():
    found = so_far((-1, 18), (4.2, 4), sessions=(0, 4))
    first = [each.outcome for each in found.windows if each.session == FIRST and each.window.id == "week_after"]
    assert {outcome.truth for outcome in first} == {Truth.UNKNOWN}
    assert {outcome.reason for outcome in first} == {"The next session came before there was a score."}


def test_who_is_worse_is_known_to_be_worse_now():
    assert so_far((-1, 15), (1, 20), at=2).is_worse
    assert not so_far((-1, 15), (1, 19), at=2).is_worse
    assert so_far((-1, 18), (1, 9), (8, 10), at=9).is_worse, "out of a response"
    assert not so_far((-1, 18), (1, 9), (8, 10), (20, 6), at=21).is_worse, "back in it"
    assert not so_far((-1, 15), (1, 20), at=60).is_worse, "nobody knows after so long"


@pytest.mark.parametrize(
    ("score", "values", "truth"),
    [
        ("bladder", [(28, 1), (56, 3)], Truth.MET),
        ("bladder", [(28, 1), (56, 2)], Truth.NOT_MET),
        ("craving", [(28, 0), (56, 1)], Truth.MET),
        ("craving", [(56, 5)], Truth.UNKNOWN),
    ],
)
def test_long_term_effects_are_compared_with_the_first_answer(score, values, truth):
    measure = library().measure(f"long_term_{score}_worsening")
    found = so_far(*values, at=57, measures=[measure])
    assert found.worsening.truth is truth
    assert measure.rule.asks_review
