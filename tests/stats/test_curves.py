"""Curves of people who enter late, count several times, or can have another event; equal to R's survival."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.stats.public import (
    Curve,
    EventTable,
    ImpossibleCounts,
    cumulative_incidence,
    curve_of,
    event_table,
    kaplan_meier,
    piecewise_rates,
    rate,
    restricted_mean,
    turnbull,
)
from tests.stats.pins import pinned

PINS = pinned("curves")


def named(cases: list[dict[str, Any]]) -> Any:
    return pytest.mark.parametrize("case", cases, ids=[case["name"] for case in cases])


def table_of(case: dict[str, Any]) -> EventTable:
    weight, status = np.array(case["weight"], dtype=float), np.array(case["status"], dtype=float)
    entry = case["entry"] or {}
    late = {"entry_times": entry, "entries": weight} if entry else {}
    return event_table(case["time"], weight, weight * status, **late)


def near(ours: Any, theirs: Any, tolerance: float = 1e-12) -> bool:
    if ours is None or theirs is None or isinstance(theirs, str):
        return ours is None and not isinstance(theirs, float)
    return abs(ours - theirs) <= tolerance * max(1, abs(theirs))


@named(PINS["curves"])
def test_a_curve_with_late_entry_or_weights_equals_survfit_to_1e_12(case: dict[str, Any]) -> None:
    curve = curve_of(table_of(case))

    assert list(curve.times) == case["times"]
    assert list(curve.at_risk) == case["at_risk"]
    for name in ("survival", "standard_error", "lower", "upper"):
        assert all(near(a, b) for a, b in zip(getattr(curve, name), case[name], strict=True)), name
    for name in ("median", "median_lower", "median_upper"):
        assert near(getattr(curve, name), case[name]), name


@named(PINS["curves"])
def test_a_restricted_mean_and_its_error_equal_survfit_to_1e_12(case: dict[str, Any]) -> None:
    mean = restricted_mean(curve_of(table_of(case)), case["until"])

    assert near(mean.value, case["mean"])
    assert near(mean.standard_error, case["mean_error"])


def test_a_mean_beyond_what_was_observed_is_none() -> None:
    curve = kaplan_meier([1, 2], [3, 2], [1, 0])

    assert restricted_mean(curve, 3).value is None
    assert restricted_mean(curve, 2).value == pytest.approx(1 + 2 / 3)
    assert restricted_mean(kaplan_meier([1], [3], [3]), 9).value == 1
    with pytest.raises(ImpossibleCounts):
        restricted_mean(curve, 0)


@named(PINS["competing"])
def test_cumulative_incidence_and_its_error_equal_survfit_to_1e_12(case: dict[str, Any]) -> None:
    cause = np.array(case["cause"])
    ones = np.ones(len(cause))
    table = event_table(case["time"], ones, cause > 0, causes={"1": cause == 1, "2": cause == 2})
    first, second = cumulative_incidence(table)

    for ours, pin in ((first, "1"), (second, "2")):
        assert all(near(a, b) for a, b in zip(ours.incidence, case[f"incidence_{pin}"], strict=True))
        assert all(near(a, b, 1e-11) for a, b in zip(ours.standard_error, case[f"error_{pin}"], strict=True))
    assert all(near(a, b, 1e-11) for a, b in zip(first.lower, case["lower_1"], strict=True))
    assert all(near(a, b, 1e-11) for a, b in zip(first.upper, case["upper_1"], strict=True))


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(0, 2)), min_size=1, max_size=50))
def test_incidence_of_all_causes_and_survival_add_up_to_one(people: list[tuple[int, int]]) -> None:
    times, causes = np.array([time for time, _ in people]), np.array([cause for _, cause in people])
    table = event_table(times, np.ones(len(times)), causes > 0, causes={"1": causes == 1, "2": causes == 2})
    one, two = cumulative_incidence(table)

    assert np.allclose(np.add(one.incidence, two.incidence) + curve_of(table).survival, 1, atol=1e-12)


def test_causes_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ImpossibleCounts, match="add up"):
        cumulative_incidence(event_table([1, 2], [1, 1], [1, 1], causes={"a": [1, 0]}))


def test_who_enters_at_a_time_is_not_yet_at_risk_at_it() -> None:
    table = event_table([3, 5, 7], [1, 1, 1], [1, 1, 0], entry_times=[0, 3, 5], entries=[1, 1, 1])

    assert table.at_risk.tolist() == [1, 1, 1]


@named(PINS["intervals"])
def test_turnbulls_curve_reaches_at_least_the_likelihood_of_r(case: dict[str, Any]) -> None:
    after = [0.0 if low is None else low for low in case["after"]]
    until = [np.inf if high is None else high for high in case["until"]]
    found = turnbull(after, until, np.ones(len(after)))
    theirs = Curve(tuple(case["times"]), (), (), tuple(case["survival"]), (), (), (), None, None, None, 0.95)
    middles = [(a + b) / 2 for a, b in zip(found.after, found.until, strict=True) if b < np.inf]

    assert found.gap <= 1e-10
    for middle, survival in zip(middles, found.survival, strict=False):
        assert theirs.at(middle + 1e-9) == pytest.approx(survival, abs=1e-4)


@given(st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1, max_size=30))
def test_with_exact_times_turnbull_is_kaplan_and_meier(people: list[tuple[int, bool]]) -> None:
    times, events = np.array([time for time, _ in people], dtype=float), np.array([event for _, event in people])
    curve = curve_of(event_table(times, np.ones(len(times)), events))
    found = turnbull(times, np.where(events, times, np.inf), np.ones(len(times)))

    for until, survival in zip(found.until, found.survival, strict=True):
        if until < np.inf:
            assert curve.at(until) == pytest.approx(survival, abs=1e-7)


def test_a_visit_before_the_last_one_is_refused() -> None:
    with pytest.raises(ImpossibleCounts):
        turnbull([5], [4], [1])


def test_bands_of_constant_rate_by_hand() -> None:
    early, late = piecewise_rates([0, 10, 30], [5, 2], [50.0, 80.0])

    assert (early.rate.value, late.rate.value) == (0.1, 0.025)
    assert early.rate.lower == rate(5, 50.0).lower
    assert late.cumulative_hazard == pytest.approx(0.1 * 10 + 0.025 * 20)
    assert late.survival == pytest.approx(np.exp(-1.5))


def test_a_band_in_which_nobody_was_observed_leaves_what_follows_unknown() -> None:
    bands = piecewise_rates([0, 1, 2, 3], [1, 0, 1], [4.0, 0.0, 2.0])

    assert [band.survival is None for band in bands] == [False, True, True]
    with pytest.raises(ImpossibleCounts):
        piecewise_rates([0, 2, 1], [1, 1], [1.0, 1.0])
