"""Kaplan and Meier, by hand, by R, and by what always holds."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.stats.public import Curve, ImpossibleCounts, kaplan_meier
from tests.stats.pins import pinned

CASES = pinned("survival")["cases"]


def curve_of_people(people: list[tuple[int, bool]]) -> Curve:
    """Return the curve of (time, had the event) rows: the reference reduction to an event table."""
    times = sorted({time for time, _ in people})
    at_risk = [sum(time <= last for last, _ in people) for time in times]
    events = Counter(time for time, happened in people if happened)
    return kaplan_meier(times, at_risk, [events[time] for time in times])


def same(ours: float | None, theirs: float | str | None) -> bool:
    """Say whether two answers agree to 1e-12, or neither has one (R writes NaN or NA)."""
    if ours is None or theirs is None or isinstance(theirs, str):
        return ours is None and not isinstance(theirs, float)
    return abs(ours - theirs) <= 1e-12


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_curve_equals_survfit_of_r_to_1e_12(case: dict[str, Any]) -> None:
    curve = kaplan_meier(case["times"], case["at_risk"], case["events"])

    for name in ("survival", "standard_error", "lower", "upper"):
        ours = getattr(curve, name)
        assert len(ours) == len(case[name])
        assert all(same(a, b) for a, b in zip(ours, case[name], strict=True)), name
    for name in ("median", "median_lower", "median_upper"):
        assert same(getattr(curve, name), case[name]), name


def test_the_pins_name_their_versions() -> None:
    assert pinned("survival")["versions"] == {"R": "4.2.2", "survival": "3.5.3"}


def test_a_curve_by_hand() -> None:
    curve = kaplan_meier([1, 2, 4], [5, 4, 2], [1, 0, 1])

    assert curve.survival == (0.8, 0.8, 0.4)
    assert curve.standard_error[0] == pytest.approx((0.8 * 0.2 / 5) ** 0.5)
    assert (curve.at(0.5), curve.at(1), curve.at(3.9), curve.at(100)) == (1.0, 0.8, 0.8, 0.4)
    assert curve.median == 4


def test_before_the_first_event_survival_is_one_without_error_and_without_an_interval() -> None:
    curve = kaplan_meier([3, 5], [9, 8], [0, 0])

    assert curve.survival == (1.0, 1.0)
    assert curve.standard_error == (0.0, 0.0)
    assert curve.lower == curve.upper == (None, None)
    assert curve.median is None


def test_at_zero_there_is_neither_error_nor_interval() -> None:
    curve = kaplan_meier([3], [4], [4])

    assert (curve.survival, curve.standard_error, curve.lower, curve.upper) == (
        (0.0,),
        (None,),
        (None,),
        (None,),
    )
    assert curve.median == 3


def test_an_empty_table_is_a_curve_that_knows_nothing() -> None:
    curve = kaplan_meier([], [], [])

    assert (curve.survival, curve.median, curve.at(1)) == ((), None, 1.0)


@pytest.mark.parametrize(
    ("times", "at_risk", "events"),
    [
        ([1, 1], [5, 4], [1, 1]),
        ([2, 1], [5, 4], [1, 1]),
        ([1], [5], [6]),
        ([1], [0], [0]),
        ([1], [5], [-1]),
        ([1, 2], [5, 5], [1, 0]),
        ([1, 2], [5], [1]),
        ([float("nan")], [5], [1]),
        ([float("inf")], [5], [1]),
    ],
)
def test_a_table_that_nobody_could_have_observed_is_refused(times: Any, at_risk: Any, events: Any) -> None:
    with pytest.raises(ImpossibleCounts):
        kaplan_meier(times, at_risk, events)


def test_a_level_outside_0_to_1_is_refused() -> None:
    with pytest.raises(ImpossibleCounts, match="confidence level"):
        kaplan_meier([1], [2], [1], level=95)


@given(st.lists(st.tuples(st.integers(1, 20), st.booleans()), min_size=1, max_size=60))
def test_a_curve_falls_and_stays_inside_its_interval(people: list[tuple[int, bool]]) -> None:
    curve = curve_of_people(people)

    assert list(curve.survival) == sorted(curve.survival, reverse=True)
    for survival, lower, upper in zip(curve.survival, curve.lower, curve.upper, strict=True):
        assert 0 <= survival <= 1
        if lower is not None and upper is not None:
            assert 0 <= lower <= survival + 1e-12
            assert survival - 1e-12 <= upper <= 1


@given(st.lists(st.integers(1, 20), min_size=1, max_size=60))
def test_without_censoring_the_curve_is_the_share_still_free_of_the_event(times: list[int]) -> None:
    curve = curve_of_people([(time, True) for time in times])

    for time, survival in zip(curve.times, curve.survival, strict=True):
        assert survival == pytest.approx(sum(last > time for last in times) / len(times))
