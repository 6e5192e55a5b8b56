"""Proportions with Wilson's interval."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.stats.public import ImpossibleCounts, exact_proportion, proportion
from tests.stats.pins import pinned

PINS = pinned("rates")["proportions"]


@pytest.mark.parametrize("case", PINS, ids=str)
def test_a_proportion_equals_prop_test_of_r(case: dict[str, Any]) -> None:
    found = proportion(case["events"], case["total"], level=case["level"])

    assert found.lower == pytest.approx(case["lower"], abs=1e-12)
    assert found.upper == pytest.approx(case["upper"], abs=1e-12)


def test_newcombe_1998_table_1_wilson() -> None:
    """Newcombe RG. Stat Med 1998;17:857-872, Table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    found = [proportion(*counts) for counts in [(81, 263), (15, 148), (0, 20), (1, 29)]]

    assert [(round(p.lower, 4), round(p.upper, 4)) for p in found] == [
        (0.2553, 0.3662),
        (0.0624, 0.1605),
        (0.0, 0.1611),
        (0.0061, 0.1718),
    ]


def test_nobody_observed_has_no_value_and_the_widest_interval() -> None:
    found = proportion(0, 0)

    assert (found.value, found.lower, found.upper, found.denominator) == (None, 0.0, 1.0, 0)


def test_none_and_all_touch_the_ends_exactly() -> None:
    assert proportion(0, 7).lower == 0.0
    assert proportion(7, 7).upper == 1.0


@pytest.mark.parametrize(("events", "total"), [(-1, 5), (6, 5), (1, 0), (0, -1)])
def test_counts_that_are_no_proportion_are_refused(events: int, total: int) -> None:
    with pytest.raises(ImpossibleCounts):
        proportion(events, total)


@given(st.integers(0, 5000), st.integers(1, 5000))
def test_the_interval_holds_the_value_and_stays_inside_0_to_1(events: int, total: int) -> None:
    found = proportion(min(events, total), total)

    assert found.value is not None
    assert 0 <= found.lower <= found.value <= found.upper <= 1


# R 4.2.2, binom.test(events, total)$conf.int
@pytest.mark.parametrize(
    ("events", "total", "level", "lower", "upper"),
    [
        (8, 10, 0.95, 0.443904537692359, 0.974789273673167),
        (8, 10, 0.9, 0.493098698936798, 0.963228562112535),
        (0, 10, 0.95, 0.0, 0.308497107818761),
        (10, 10, 0.95, 0.691502892181239, 1.0),
        (19, 20, 0.95, 0.751267237227972, 0.99873491050205),
        (1, 200, 0.95, 0.000126581027867018, 0.0275418984572056),
    ],
)
def test_an_exact_interval_equals_binom_test_of_r(
    events: int, total: int, level: float, lower: float, upper: float
) -> None:
    found = exact_proportion(events, total, level=level)

    assert found.lower == pytest.approx(lower, abs=1e-12)
    assert found.upper == pytest.approx(upper, abs=1e-12)
    assert exact_proportion(0, 0).value is None
    with pytest.raises(ImpossibleCounts):
        exact_proportion(events, events - 1, level=level)
