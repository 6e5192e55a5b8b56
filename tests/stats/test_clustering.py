"""How much sessions hang together within people, and sites differ beyond chance: by hand, and by simulation."""

import numpy as np
import pytest

from daybreak.stats.public import ImpossibleCounts, design_effect, proportion, spread_between


def test_the_design_effect_by_hand() -> None:
    # Two people with two sessions each, p = 1/2: all or nothing doubles the variance, one of two leaves none.
    assert design_effect((2 - 1) ** 2 + (0 - 1) ** 2, 4 * 0.25) == 2
    assert design_effect(0.0, 1.0) == 1, "less than chance counts as chance"
    assert design_effect([3.0, 0.0], [0.0, 0.0]).tolist() == [1, 1]


def test_the_interval_of_clustered_sessions_is_that_of_as_many_as_they_are_worth() -> None:
    found, worth = proportion(30, 120, effect=3.0), proportion(10, 40)

    assert (found.value, found.events, found.denominator) == (0.25, 30, 120)
    assert (found.lower, found.upper) == pytest.approx((worth.lower, worth.upper))
    with pytest.raises(ImpossibleCounts):
        proportion(1, 2, effect=0.5)


def test_nine_in_ten_intervals_by_people_hold_the_truth_where_those_by_sessions_do_not() -> None:
    draw = np.random.default_rng(3)
    held = {True: 0, False: 0}
    for _ in range(400):
        own = np.repeat(draw.beta(1, 3, 80), 10).reshape(80, 10)
        seen = (draw.random((80, 10)) < own).sum(axis=1)
        share = seen.mean() / 10
        effect = float(design_effect(((seen - 10 * share) ** 2).sum(), 800 * share * (1 - share)))
        for by_people in held:
            found = proportion(int(seen.sum()), 800, effect=effect if by_people else 1.0)
            held[by_people] += found.lower <= 0.25 <= found.upper

    assert held[True] / 400 > 0.9
    assert held[False] / 400 < 0.85, "the control: counted as independent, the interval is too narrow"


def test_the_spread_of_sites_is_found_and_one_far_apart_does_not_make_it() -> None:
    draw = np.random.default_rng(5)
    sites = draw.normal(0, np.sqrt(0.2**2 + 0.1**2), (500, 20))
    found = spread_between(sites, np.full(sites.shape, 0.1**2))
    assert np.median(found) == pytest.approx(0.2, abs=0.04)

    sites[:, 0] = 5.0
    assert np.median(spread_between(sites, np.full(sites.shape, 0.1**2))) == pytest.approx(0.22, abs=0.05)


def test_where_chance_explains_everything_there_is_little_spread() -> None:
    sites = np.random.default_rng(5).normal(0, 0.1, (500, 10))

    assert np.median(spread_between(sites, np.full(sites.shape, 0.1**2))) < 0.06
    with pytest.raises(ImpossibleCounts):
        spread_between([0.1, 0.2], [0.0, 0.1])
