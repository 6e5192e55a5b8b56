"""Propensity scores and weights: against R, by hand, and by simulation."""

import numpy as np
import pytest

from daybreak.stats.public import (
    Effect,
    ImpossibleCounts,
    Separated,
    e_value,
    logistic,
    propensity,
    score_weights,
    standardised_differences,
    weighted_shares,
)
from tests.stats.pins import pinned

PINS = pinned("weighting")
COVARIATES, GROUP = np.array(PINS["covariates"], dtype=float), np.array(PINS["group"], dtype=float)
OUTCOME = np.array([np.nan if each is None else each for each in PINS["outcome"]], dtype=float)
CLUSTER, ONE = np.array(PINS["cluster"]), np.ones(len(GROUP))
SCORE = propensity(COVARIATES, np.arange(len(GROUP)), GROUP, ONE)
NEAR = {"rel": 1e-8, "abs": 1e-10}


def test_the_regression_is_glms() -> None:
    fit = logistic(COVARIATES, GROUP, ONE)

    assert fit.coefficients == pytest.approx(PINS["coefficients"], **NEAR)
    assert fit.covariance == pytest.approx(np.array(PINS["covariance"]), **NEAR)
    assert fit.fitted == pytest.approx(PINS["score"], **NEAR)
    assert fit.log_likelihood == pytest.approx(PINS["log_likelihood"], **NEAR)


@pytest.mark.parametrize("kind", ["none", "overlap", "inverse"])
def test_weights_and_differences_are_those_by_hand_in_r(kind: str) -> None:
    weights = score_weights(SCORE.chance, GROUP, ONE, kind=kind)

    assert weights == pytest.approx(PINS["weights"][kind], **NEAR)
    # R's deviation is around the mean of each group, as ours is.
    assert standardised_differences(COVARIATES, GROUP, ONE, weights) == pytest.approx(PINS["apart"][kind], **NEAR)


def test_overlap_weights_make_every_mean_the_same() -> None:
    weights = score_weights(SCORE.chance, GROUP, ONE, kind="overlap")

    assert np.abs(standardised_differences(COVARIATES, GROUP, ONE, weights)).max() < 1e-9


@pytest.mark.parametrize("kind", ["overlap", "inverse"])
@pytest.mark.parametrize("clustered", [False, True])
def test_the_sandwich_of_an_estimated_score_is_that_of_the_stacked_equations(kind: str, clustered: bool) -> None:
    found = weighted_shares(SCORE, GROUP, OUTCOME, ONE, kind=kind, cluster=CLUSTER if clustered else None)
    pins = PINS[f"{kind}_clustered" if clustered else kind]

    assert (found.group.value, found.compared.value) == pytest.approx(pins["shares"], **NEAR)
    assert (found.group.error, found.compared.error) == pytest.approx(pins["errors"], **NEAR)
    assert found.difference.error == pytest.approx(pins["difference_error"], **NEAR)
    assert found.ratio is not None
    assert found.ratio.error == pytest.approx(pins["log_ratio_error"], **NEAR)


def test_without_weights_the_errors_are_those_of_sandwich_and_survey() -> None:
    alone = weighted_shares(SCORE, GROUP, OUTCOME, ONE, kind="none")
    together = weighted_shares(SCORE, GROUP, OUTCOME, ONE, kind="none", cluster=CLUSTER)

    assert (alone.group.value, alone.compared.value) == pytest.approx(PINS["known"]["shares"], **NEAR)
    assert alone.difference.error == pytest.approx(PINS["known"]["difference_error"], **NEAR)
    assert alone.difference.error == pytest.approx(PINS["known"]["survey_error"], **NEAR)
    assert together.difference.error == pytest.approx(PINS["known"]["clustered_error"], **NEAR)


def test_a_row_of_many_people_is_as_many_rows() -> None:
    coarse = np.column_stack((COVARIATES[:, 0] > 45, COVARIATES[:, 1])).astype(float)
    patterns, pattern = np.unique(coarse, axis=0, return_inverse=True)
    rows = np.column_stack((pattern, GROUP, np.where(np.isnan(OUTCOME), 9, OUTCOME)))
    cells, people = np.unique(rows, axis=0, return_counts=True)

    alone = weighted_shares(propensity(coarse, np.arange(len(GROUP)), GROUP, ONE), GROUP, OUTCOME, ONE, kind="overlap")
    counted = weighted_shares(
        propensity(patterns, cells[:, 0], cells[:, 1], people),
        cells[:, 1],
        np.where(cells[:, 2] == 9, np.nan, cells[:, 2]),
        people,
        kind="overlap",
    )

    assert len(cells) < len(rows)
    assert counted.difference.value == pytest.approx(alone.difference.value, **NEAR)
    assert counted.difference.error == pytest.approx(alone.difference.error, **NEAR)
    assert counted.effective == pytest.approx(alone.effective, **NEAR)


def test_a_column_that_follows_from_the_others_changes_no_chance() -> None:
    twice = np.column_stack((COVARIATES, COVARIATES[:, 1] * 2 - COVARIATES[:, 2]))

    assert propensity(twice, np.arange(len(GROUP)), GROUP, ONE).chance == pytest.approx(SCORE.chance, **NEAR)


def test_e_values_by_the_published_formula() -> None:
    for pin in PINS["e_values"]:
        assert e_value(Effect(pin["ratio"], 0.1, 0.9, 1.1))[0] == pytest.approx(pin["e"], **NEAR)
    # VanderWeele and Ding 2017: a ratio of 3.9 (1.8 to 8.7) has E-values of 7.2 and 3.0.
    assert e_value(Effect(3.9, 0.4, 1.8, 8.7)) == pytest.approx((7.26, 3.0), abs=0.01)
    assert e_value(Effect(0.8, 0.2, 0.6, 1.1))[1] == 1.0


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    draw, held, runs = np.random.default_rng(7), 0, 400
    for _ in range(runs):
        ill = draw.binomial(1, 0.4, 500).astype(float)
        group = draw.binomial(1, np.where(ill == 1, 0.6, 0.25)).astype(float)
        outcome = draw.binomial(1, 0.5 + 0.1 * group - 0.2 * ill).astype(float)
        score = propensity([[0.0], [1.0]], ill, group, np.ones(500))
        found = weighted_shares(score, group, outcome, np.ones(500), kind="overlap").difference
        held += found.lower <= 0.1 <= found.upper

    assert held / runs == pytest.approx(0.95, abs=3.5 * (0.05 * 0.95 / runs) ** 0.5)


def test_groups_that_can_be_told_apart_have_no_score() -> None:
    with pytest.raises(Separated):
        logistic([[0.0], [0.0], [1.0], [1.0]], [0, 0, 1, 1], [5, 5, 5, 5])
    with pytest.raises(Separated):
        logistic([[0.0], [1.0]], [1, 1], [5, 5])


def test_what_follows_from_the_rest_is_named() -> None:
    with pytest.raises(ImpossibleCounts, match="follow"):
        logistic([[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]], [0, 1, 1], [3, 3, 3])


def test_a_group_without_any_outcome_is_refused() -> None:
    score = propensity([[0.0]], [0, 0, 0, 0], [1, 1, 0, 0], [1] * 4)

    with pytest.raises(ImpossibleCounts, match="nobody"):
        weighted_shares(score, [1, 1, 0, 0], [np.nan, np.nan, 1, 0], [1] * 4, kind="none")
