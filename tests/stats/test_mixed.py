"""Linear mixed models: never worse than R's lme4, and equal to it where it finds the best."""

from typing import Any

import numpy as np
import pytest

from daybreak.stats.public import MixedFit, NothingToLearn, group_sums, mixed
from tests.stats.pins import pinned

CASES = pinned("mixed")["cases"]


def fit_of(case: dict[str, Any]) -> MixedFit:
    y, x, a, g = (np.array(case[name], dtype=float) for name in "yxag")
    fixed = np.stack([np.ones(len(y)), x, a, x * a], axis=1)
    random = np.stack([np.ones(len(y)), x], axis=1) if case["slope"] else np.ones((len(y), 1))
    return mixed(group_sums(y, fixed, random, g.astype(int)), restricted=case["reml"])


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_model_is_at_least_as_good_as_lme4s_and_agrees_with_it(case: dict[str, Any]) -> None:
    fit = fit_of(case)

    assert fit.criterion <= case["criterion"] + 1e-6
    assert fit.criterion == pytest.approx(case["criterion"], abs=1e-4)
    assert fit.coefficients == pytest.approx(case["coefficients"], abs=2e-4)
    assert fit.standard_errors == pytest.approx(case["error"], rel=1e-3)
    assert fit.residual == pytest.approx(case["variances"][-1], rel=1e-3)


def test_the_slope_of_the_criterion_is_exact() -> None:
    from daybreak.stats.mixed import _Profile, right_of

    case = CASES[0]
    y, x, g = (np.array(case[name], dtype=float) for name in "yxg")
    z = np.stack([np.ones(len(y)), x], axis=1)
    sums = group_sums(y, z, z, g.astype(int))
    factor = np.array([[0.9, 0.0], [0.2, 0.3]])
    for restricted in (True, False):
        here = _Profile(sums, right_of(sums), factor, restricted)
        for i, j in ((0, 0), (1, 0), (1, 1)):
            step = np.zeros((2, 2))
            step[i, j] = 1e-6
            ends = [_Profile(sums, right_of(sums), factor + sign * step, restricted).criterion for sign in (1, -1)]
            assert here.slope[i, j] == pytest.approx((ends[0] - ends[1]) / 2e-6, rel=1e-5)


def test_units_do_not_matter() -> None:
    case = CASES[0]
    one = fit_of(case)
    two = fit_of({**case, "x": [value * 1440 for value in case["x"]]})

    assert two.coefficients * [1, 1440, 1, 1440] == pytest.approx(one.coefficients, rel=1e-6)
    assert two.random[1, 1] * 1440**2 == pytest.approx(one.random[1, 1], rel=1e-4)


def test_a_variance_of_zero_is_said() -> None:
    flat = next(case for case in CASES if case["name"] == "no variance between")

    assert fit_of(flat).is_singular
    assert not fit_of(CASES[0]).is_singular


@pytest.mark.parametrize(
    ("fixed", "groups", "outcome", "sentence"),
    [
        ([[1, 1, 1, 1], [2, 2, 2, 2]], [0, 0, 1, 1], [1, 2, 3, 5], "“b” is constant"),
        ([[1, 1, 1, 1]], [0, 1, 2, 3], [1, 2, 3, 5], "too few"),
        ([[1, 1, 1, 1]], [0, 0, 0, 0], [1, 2, 3, 5], "too few"),
        ([[1, 1, 1, 1]], [0, 0, 1, 1], [4, 4, 4, 4], "to the last digit"),
    ],
)
def test_what_has_no_answer_is_named(fixed: Any, groups: Any, outcome: Any, sentence: str) -> None:
    x = np.array(fixed, dtype=float).T
    sums = group_sums(np.array(outcome, dtype=float), x, np.ones((4, 1)), np.array(groups))
    with pytest.raises(NothingToLearn, match=sentence):
        mixed(sums, names=["a", "b"])
