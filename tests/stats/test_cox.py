"""Cox's model: equal to R's coxph, by hand, and honest where there is no answer."""

from math import log
from typing import Any

import numpy as np
import pytest

from daybreak.stats.public import NothingToLearn, cox
from tests.stats.pins import pinned

CASES = pinned("cox")["cases"]


def fit_of(case: dict[str, Any]) -> Any:
    covariates = np.stack([np.array(column, dtype=float) for column in case["covariates"].values()], axis=1)
    others = {
        ours: case[theirs]
        for ours, theirs in (("entry", "entry"), ("strata", "strata"), ("clusters", "cluster"))
        if case[theirs]
    }
    return cox(case["time"], case["event"], covariates, names=list(case["covariates"]), **others)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_coefficients_errors_and_likelihood_equal_coxph_to_1e_8(case: dict[str, Any]) -> None:
    fit = fit_of(case)

    assert fit.coefficients == pytest.approx(case["coefficients"], rel=1e-8, abs=1e-8)
    assert fit.standard_errors == pytest.approx(case["error"], rel=1e-6)
    assert fit.log_likelihood == pytest.approx(case["log_likelihood"], rel=1e-10)
    assert fit.log_likelihood_without == pytest.approx(case["without"], rel=1e-10)


def test_two_by_hand() -> None:
    # One event each at times 1 (exposed), 2 (not), 3 (exposed) among four: the slope is 0 where
    # 2 = 2h/(2h+2) + h/(h+2) + h/(h+1), with h the hazard ratio.
    fit = cox([1, 2, 3, 4], [1, 1, 1, 0], np.array([[1.0], [0.0], [1.0], [0.0]]))
    h = float(np.exp(fit.coefficients[0]))

    assert 2 * h / (2 * h + 2) + h / (h + 2) + h / (h + 1) == pytest.approx(2)
    assert fit.log_likelihood_without == pytest.approx(-log(4) - log(3) - log(2))


def test_order_shift_and_scale_of_rows_do_not_matter() -> None:
    chance = np.random.default_rng(3)
    x, time, event = chance.normal(size=(200, 2)), chance.integers(1, 20, 200), chance.random(200) < 0.6
    order = chance.permutation(200)
    one = cox(time, event, x)
    two = cox(time[order], event[order], x[order] * [10, 1] + [1000, 0])

    assert two.coefficients * [10, 1] == pytest.approx(one.coefficients, abs=1e-10)
    assert two.standard_errors * [10, 1] == pytest.approx(one.standard_errors, rel=1e-8)


@pytest.mark.parametrize(
    "named",
    [
        lambda group: (group - 128).astype(np.int8),
        lambda group: group * 1_000_003 - 2**62,
        lambda group: np.array([f"clinic {each}" for each in group]),
    ],
    ids=["small numbers below 0", "numbers far apart", "words"],
)
def test_what_strata_and_clusters_are_called_does_not_matter(named: Any) -> None:
    chance = np.random.default_rng(7)
    x, time, event = chance.normal(size=(900, 1)), chance.integers(1, 30, 900), chance.random(900) < 0.6
    stratum, cluster = chance.integers(0, 4, 900) * 85, chance.integers(0, 256, 900)
    plain = cox(time, event, x, strata=stratum, clusters=cluster)
    called = cox(time, event, x, strata=named(stratum), clusters=named(cluster))

    assert called.coefficients == pytest.approx(plain.coefficients, rel=1e-12)
    assert called.standard_errors == pytest.approx(plain.standard_errors, rel=1e-12)


def test_rows_split_in_time_are_the_same_people() -> None:
    chance = np.random.default_rng(4)
    x, time, event = chance.normal(size=(150, 1)), chance.integers(2, 30, 150) * 1.0, chance.random(150) < 0.5
    cut = np.floor(time / 2)
    whole = cox(time, event, x)
    split = cox(np.r_[cut, time], np.r_[np.zeros(150), event], np.r_[x, x], entry=np.r_[np.full(150, -1.0), cut])

    assert split.coefficients == pytest.approx(whole.coefficients, abs=1e-10)


@pytest.mark.parametrize(
    ("columns", "event", "sentence"),
    [
        ([[0, 1, 2, 3, 4, 5]], [0, 0, 0, 0, 0, 0], "Nobody had the event"),
        ([[7, 7, 7, 7, 7, 7]], [1, 1, 0, 1, 0, 1], "“a” is the same in every row"),
        ([[0, 1, 2, 0, 1, 2], [1, 3, 5, 1, 3, 5]], [1, 1, 0, 1, 0, 1], "“b” follows from the other covariates"),
        ([[1, 1, 1, 0, 0, 0]], [1, 1, 1, 0, 0, 0], "“a” would grow without end"),
        ([[5, 4, 3, 2, 1, 0]], [1, 1, 1, 1, 1, 1], "“a” would grow without end"),
        ([[1, 1, 1, 0, 0, 0], [0.3, 2, 1, 1, 3, 0.2]], [1, 1, 1, 0, 0, 0], "“a” would grow without end"),
    ],
)
def test_what_has_no_answer_is_named(columns: Any, event: Any, sentence: str) -> None:
    with pytest.raises(NothingToLearn, match=sentence):
        cox([1, 2, 3, 4, 5, 6], event, np.array(columns, dtype=float).T, names=["a", "b"][: len(columns)])


def test_a_covariate_that_is_constant_within_each_stratum_is_named() -> None:
    with pytest.raises(NothingToLearn, match="constant within each stratum"):
        cox([1, 2, 3, 4], [1, 1, 1, 1], np.array([[0.0], [0.0], [1.0], [1.0]]), strata=[1, 1, 2, 2])


def test_strong_effects_that_are_finite_are_found() -> None:
    chance = np.random.default_rng(8)
    x = (np.arange(4000) % 2).astype(float)
    time = chance.exponential(np.exp(-4 * x))

    assert cox(time, np.ones(4000), x[:, None]).coefficients[0] == pytest.approx(4, abs=0.2)
