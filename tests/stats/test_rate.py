"""Rates and the gamma quantiles beneath them."""

from math import inf
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.stats.gamma import gamma_probability, gamma_quantile
from daybreak.stats.public import ImpossibleCounts, rate
from tests.stats.pins import pinned

PINS = pinned("rates")


@pytest.mark.parametrize("case", PINS["rates"], ids=str)
def test_a_rate_equals_poisson_test_of_r(case: dict[str, Any]) -> None:
    found = rate(case["events"], case["time"], level=case["level"])

    assert found.value == case["events"] / case["time"]
    assert found.lower == pytest.approx(case["lower"], rel=1e-12)
    assert found.upper == pytest.approx(case["upper"], rel=1e-12)


@pytest.mark.parametrize("case", PINS["gamma_quantiles"], ids=str)
def test_a_gamma_quantile_equals_qgamma_of_r(case: dict[str, Any]) -> None:
    assert gamma_quantile(case["probability"], case["shape"]) == pytest.approx(case["x"], rel=1e-11)


@given(st.floats(1e-6, 1 - 1e-6), st.floats(1, 2000))
def test_a_quantile_undoes_the_probability(probability: float, shape: float) -> None:
    below, above = gamma_probability(gamma_quantile(probability, shape), shape)

    assert below == pytest.approx(probability, rel=1e-9)
    assert above == pytest.approx(1 - probability, rel=1e-9)


def test_no_event_has_a_lower_bound_of_exactly_zero_and_the_rule_of_three_above() -> None:
    found = rate(0, 100)

    assert (found.value, found.lower) == (0.0, 0.0)
    assert found.upper == pytest.approx(3.6888794541139363 / 100)


def test_without_time_at_risk_there_is_no_rate() -> None:
    found = rate(0, 0)

    assert (found.value, found.lower, found.upper) == (None, 0.0, inf)


@pytest.mark.parametrize(("events", "time"), [(-1, 5), (1, -5), (1, 0), (1, float("nan")), (1, inf)])
def test_counts_that_are_no_rate_are_refused(events: int, time: float) -> None:
    with pytest.raises(ImpossibleCounts):
        rate(events, time)
