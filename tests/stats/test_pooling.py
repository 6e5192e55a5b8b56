"""Meta-analysis: equal to metafor on every combination of measure, method and interval."""

from typing import Any

import numpy as np
import pytest

from daybreak.stats.public import (
    ImpossibleCounts,
    Measure,
    Method,
    Pooled,
    Tables,
    egger,
    of_events,
    of_means,
    pool,
    pool_events,
    regress,
)
from tests.stats.pins import pinned

PINS = pinned("pooling")
GRID = PINS["pooled"]


def pooled_of(case: dict[str, Any]) -> Pooled:
    measure, method = Measure(case["measure"]), Method(case["method"])
    if measure.is_of_events:
        return pool_events(measure, Tables.of(*PINS["events"][case["data"]]), method=method, interval=case["interval"])
    columns = dict(zip(("mean_1", "sd_1", "n_1", "mean_2", "sd_2", "n_2"), PINS["means"][case["data"]], strict=True))
    effects, variances = of_means(measure, **columns)
    return pool(effects.tolist(), variances.tolist(), method=method, interval=case["interval"])


def name_of(case: dict[str, Any]) -> str:
    return " ".join(case[part] for part in ("data", "measure", "method", "interval"))


@pytest.mark.parametrize("case", GRID, ids=map(name_of, GRID))
def test_a_pooled_effect_equals_metafor_to_1e_6(case: dict[str, Any]) -> None:
    found = pooled_of(case)

    for ours, theirs in (
        ("estimate", "estimate"),
        ("standard_error", "error"),
        ("lower", "lower"),
        ("upper", "upper"),
        ("q", "q"),
        ("tau2", "tau2"),
        ("i2", "i2"),
        ("prediction_lower", "prediction_lower"),
        ("prediction_upper", "prediction_upper"),
        ("tau2_lower", "tau2_lower"),
        ("tau2_upper", "tau2_upper"),
        ("i2_lower", "i2_lower"),
        ("i2_upper", "i2_upper"),
    ):
        expected = case.get(theirs)
        if expected is None or isinstance(expected, str):
            continue
        assert getattr(found, ours) == pytest.approx(expected, rel=1e-6, abs=1e-6), ours
    assert found.k == case["k"]


@pytest.mark.parametrize("case", PINS["regressions"], ids=lambda case: f"{case['method']} {case['interval']}")
def test_a_regression_on_moderators_equals_metafor(case: dict[str, Any]) -> None:
    moderators = [np.array(column, dtype=float) for column in PINS["moderators"].values()]
    design = np.stack([np.ones(13), *moderators], axis=1)
    found = regress(
        PINS["effects"]["yi"], PINS["effects"]["vi"], design, method=Method(case["method"]), interval=case["interval"]
    )

    assert found.coefficients == pytest.approx(case["coefficients"], rel=1e-6, abs=1e-6)
    assert found.standard_errors == pytest.approx(case["error"], rel=1e-6)
    assert found.lower == pytest.approx(case["lower"], rel=1e-6, abs=1e-6)
    assert found.p == pytest.approx(case["p"], abs=1e-6)
    assert found.residual_q == pytest.approx(case["q"], rel=1e-6)
    assert found.moderators_statistic == pytest.approx(case["moderators"], rel=1e-6)
    assert found.moderators_p == pytest.approx(case["moderators_p"], abs=1e-6)


def test_eggers_test_equals_metafor() -> None:
    found, theirs = egger(PINS["effects"]["yi"], PINS["effects"]["vi"]), PINS["egger"]

    assert (found.t, found.p) == (pytest.approx(theirs["t"], rel=1e-6), pytest.approx(theirs["p"], rel=1e-6))
    assert (found.slope, found.limit) == (pytest.approx(theirs["slope"]), pytest.approx(theirs["limit"]))


def test_pairing_a_crossover_trial_takes_the_covariance_of_its_arms_off() -> None:
    columns = {"mean_1": [5.0], "sd_1": [4.0], "n_1": [20], "mean_2": [3.0], "sd_2": [3.0], "n_2": [20]}
    _, parallel = of_means(Measure.MD, **columns)
    _, paired = of_means(Measure.MD, **columns, correlation=0.5)

    assert parallel[0] == pytest.approx((16 + 9) / 20)
    assert paired[0] == pytest.approx((16 + 9 - 2 * 0.5 * 4 * 3) / 20)
    effect, variance = of_events(Measure.OR, Tables.of([10], [20], [5], [20]), correlation=[0.3])
    one, two = 1 / 10 + 1 / 10, 1 / 5 + 1 / 15
    assert (effect[0], variance[0]) == (pytest.approx(np.log(3)), pytest.approx(one + two - 0.6 * (one * two) ** 0.5))


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (lambda: pool([], [], method=Method.FE), "no trial"),
        (lambda: pool([1.0], [0.0], method=Method.FE), "above 0"),
        (lambda: pool([1.0], [1.0], method=Method.DL, interval="hk"), "at least two trials"),
        (lambda: pool([1.0], [1.0], method=Method.MH), "needs the events"),
        (lambda: Tables.of([5], [4], [1], [9]), "could not have been counted"),
        (lambda: Tables.of([0], [0], [0], [9]), "could not have been counted"),
        (lambda: Tables.of_cells([0, 0], [2, 0], [0, 0], [0, 0]), "Trial 2: nobody could have counted"),
        (lambda: pool_events(Measure.RR, Tables.of([1], [9], [1], [9]), method=Method.PETO), "odds ratios only"),
        (lambda: pool_events(Measure.OR, Tables.of([0], [9], [0], [9]), method=Method.MH), "no event"),
        (lambda: egger([1.0, 2.0], [1.0, 2.0]), "at least three"),
        (lambda: regress([1.0, 2.0, 3.0], [1.0] * 3, np.ones((3, 2)), method=Method.FE), "same in every trial"),
    ],
)
def test_what_cannot_be_pooled_is_refused(asked: Any, sentence: str) -> None:
    with pytest.raises(ImpossibleCounts, match=sentence):
        asked()


def test_one_trial_is_its_own_result() -> None:
    found = pool([0.5], [0.04], method=Method.REML)

    assert (found.estimate, found.standard_error, found.tau2, found.q, found.i2) == (0.5, pytest.approx(0.2), 0, 0, 0)


@pytest.mark.parametrize(("measure", "method"), [(Measure.RD, Method.MH), (Measure.OR, Method.PETO)])
def test_one_table_that_tells_something_has_no_heterogeneity(measure: Measure, method: Method) -> None:
    """Its effect with halves is not the estimate, which takes the table as it is; metafor's Q is 0 there too."""
    found = pool_events(measure, Tables.of([7, 0], [34, 9], [0, 0], [30, 9]), method=method)

    assert (found.q, found.i2) == (0, 0)
