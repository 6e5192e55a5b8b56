"""Meta-analysis on metafor's own example data sets: every measure, method and interval, to 1e-6."""

from math import exp
from typing import Any

import numpy as np
import pytest

from daybreak.stats.public import Measure, Method, Pooled, Tables, of_means, pool, pool_events, regress
from tests.stats.pins import pinned

PINS = pinned("examples")


def asked(case: dict[str, Any]) -> Pooled:
    columns, measure = PINS["data"][case["data"]], Measure(case["measure"])
    how = {"method": Method(case["method"]), "interval": case["interval"]}
    if "tpos" in columns:
        cells = (columns[name] for name in ("tpos", "tneg", "cpos", "cneg"))
        return pool_events(measure, Tables.of_cells(*cells), **how)
    if "ai" in columns:
        return pool_events(measure, Tables.of(*(columns[name] for name in ("ai", "n1i", "ci", "n2i"))), **how)
    if "yi" in columns:
        return pool(columns["yi"], columns["vi"], **how)
    names = {"mean_1": "m1i", "sd_1": "sd1i", "n_1": "n1i", "mean_2": "m2i", "sd_2": "sd2i", "n_2": "n2i"}
    effects, variances = of_means(measure, **{ours: columns[theirs] for ours, theirs in names.items()})
    return pool(effects.tolist(), variances.tolist(), **how)


@pytest.mark.parametrize("name", PINS["data"])
def test_an_example_of_metafor_gives_its_answers(name: str) -> None:
    cases = [case for case in PINS["pooled"] if case["data"] == name]

    assert cases
    for case in cases:
        found, back = asked(case), exp if Measure(case["measure"]).is_ratio else float
        for part in ("estimate", "lower", "upper", "prediction_lower", "prediction_upper"):
            if case[part] is not None:
                assert back(getattr(found, part)) == pytest.approx(case[part], rel=1e-6, abs=1e-6), (case, part)
        for part in ("tau2", "i2", "q"):
            if case[part] is not None:
                assert getattr(found, part) == pytest.approx(case[part], rel=1e-6, abs=1e-6), (case, part)
        assert found.k == case["k"]


@pytest.mark.parametrize("name", ["dat.raudenbush1985", "dat.hackshaw1998"])
def test_a_regression_on_a_moderator_gives_the_answers_of_metafor_and_its_line(name: str) -> None:
    columns = PINS["data"][name]
    for case in (case for case in PINS["pooled"] if case["data"] == name):
        x = np.array(columns[case["moderator"]], dtype=float)
        design = np.stack((np.ones(len(x)), x), axis=1)
        fit = regress(columns["yi"], columns["vi"], design, method=Method(case["method"]), interval=case["interval"])

        assert fit.coefficients == pytest.approx(case["coefficients"], rel=1e-6, abs=1e-8)
        assert fit.standard_errors == pytest.approx(case["errors"], rel=1e-6)
        assert fit.moderators_p == pytest.approx(case["moderator_p"], rel=1e-6, abs=1e-9)
        middle, lower, upper = fit.at(np.array([1.0, 0.0]))
        assert (middle, lower, upper) == pytest.approx((fit.coefficients[0], fit.lower[0], fit.upper[0]))
