"""Signals: by hand, by published tables, by formulas written out in R, by integrating, and by simulation."""

from math import log, log2

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import gammaln

from daybreak.stats.public import (
    ImpossibleCounts,
    Prior,
    binomial_limits,
    disproportion,
    fitted_prior,
    maximised_ratio,
    maxsprt_critical_value,
    poisson_limits,
    risk_adjusted_cusum,
    sequential_probability_ratio,
    shrunk,
)
from daybreak.stats.shrinkage import _log_likelihood
from tests.stats.pins import pinned

PINS = pinned("signals")

# Kulldorff M et al. Sequential Anal 2011;30:58-78, table 1 (one event suffices), and Kulldorff M, Silva IR. REVSTAT
# 2015;13:31-46 (more are needed), alpha 0.05, as the R package Sequential 4 lists them.
PUBLISHED = [
    (1, 1, 2.853937),
    (2, 1, 3.046977),
    (5, 1, 3.297183),
    (10, 1, 3.467952),
    (20, 1, 3.628123),
    (50, 1, 3.819903),
    (100, 1, 3.952321),
    (10, 3, 3.064248),
    (20, 4, 3.176370),
    (200, 10, 3.556799),
]

NAMES = ("drug", "event")
LIMITS = ("lower_95", "upper_95", "lower_998", "upper_998")


@pytest.mark.parametrize(("expected", "least", "value"), PUBLISHED)
def test_critical_values_of_the_maximised_test_are_the_published_ones(
    expected: float, least: int, value: float
) -> None:
    assert maxsprt_critical_value(expected, least_events=least) == pytest.approx(value, abs=1e-6)


def test_a_critical_value_is_reached_as_often_as_it_says() -> None:
    critical, chance, signals = maxsprt_critical_value(8.0), np.random.default_rng(12), 0
    for _ in range(4000):
        times = np.cumsum(chance.exponential(size=60))
        times = times[times <= 8]
        signals += any(maximised_ratio(count, time) >= critical for count, time in enumerate(times, 1))

    assert signals / 4000 == pytest.approx(0.05, abs=3.5 * (0.05 * 0.95 / 4000) ** 0.5)


def test_ratios_of_one_pair_by_hand() -> None:
    found = disproportion([20], [100], [200], 10_000)

    assert found.expected[0] == 2
    assert found.prr[0] == pytest.approx((20 / 100) / (180 / 9900))
    assert found.ror[0] == pytest.approx(20 * 9720 / (80 * 180))
    assert found.ror_lower[0] == pytest.approx(13.5 * np.exp(-1.959964 * (1 / 20 + 1 / 80 + 1 / 180 + 1 / 9720) ** 0.5))
    assert found.ic[0] == pytest.approx(log2(20.5 / 2.5))
    assert found.ic025[0] < found.ic[0]
    assert np.isnan(disproportion([3], [3], [3], 10).prr[0])
    with pytest.raises(ImpossibleCounts):
        disproportion([5], [4], [9], 20)


def test_what_follows_from_a_prior_is_what_r_says() -> None:
    pairs = {name: np.array(values, dtype=float) for name, values in PINS["pairs"].items() if name not in NAMES}
    given = Prior(**PINS["given"], log_likelihood=0.0)
    found, fitted = shrunk(pairs["n"], pairs["expected"], given), fitted_prior(pairs["n"], pairs["expected"])
    learned = shrunk(pairs["n"], pairs["expected"], fitted)

    assert fitted.log_likelihood >= PINS["log_likelihood"] - 1e-7, "no maximum of R's lies higher"
    for name in ("ebgm", "eb05", "eb95"):
        assert getattr(found, name) == pytest.approx(pairs[f"fixed.{name}"], rel=1e-9)
        assert getattr(learned, name) == pytest.approx(pairs[f"learned.{name}"], rel=1e-4)


@pytest.mark.parametrize("case", PINS["funnels"], ids=str)
def test_limits_of_counts_are_what_r_says(case: dict[str, float]) -> None:
    near, far = (poisson_limits(case["observed"], case["expected"], level=level) for level in (0.95, 0.998))

    told = (near.lower, near.upper, far.lower, far.upper, near.mid_p)
    assert told == pytest.approx([case[n] for n in (*LIMITS, "mid_p")], rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("case", PINS["shares"], ids=str)
def test_limits_of_shares_are_what_r_says(case: dict[str, float]) -> None:
    near, far = (binomial_limits(0, int(case["total"]), case["share"], level=level) for level in (0.95, 0.998))

    assert (near.lower, near.upper, far.lower, far.upper) == pytest.approx([case[n] for n in LIMITS], rel=1e-9)


def test_a_pair_among_many_is_told_as_alone() -> None:
    pairs = [(7, 40, 90), (3, 60, 20), (7, 100, 30), (1, 5, 400), (3, 10, 900)]
    together = disproportion(*np.array(pairs).T, 1_000)

    for place, pair in enumerate(pairs):
        alone = disproportion(*([each] for each in pair), 1_000)
        for name in ("expected", "prr", "ror", "ror_lower", "ror_upper", "ic", "ic025"):
            assert getattr(together, name)[place] == getattr(alone, name)[0]


def test_the_slope_of_the_priors_likelihood_is_exact() -> None:
    chance = np.random.default_rng(5)
    count, due, weight = chance.integers(1, 9, 50) * 1.0, chance.uniform(0.1, 9, 50), chance.uniform(1, 3, 50)
    at = np.array([-0.3, 0.2, 1.0, 0.7, -0.4])
    _, slope = _log_likelihood(at, count, due, weight)

    for place in range(5):
        step = np.eye(5)[place] * 1e-6
        ends = [_log_likelihood(at + sign * step, count, due, weight)[0] for sign in (1, -1)]
        assert slope[place] == pytest.approx((ends[0] - ends[1]) / 2e-6, rel=1e-5)


def test_a_planted_prior_is_found_again() -> None:
    chance = np.random.default_rng(1)
    due = np.exp(chance.normal(1, 1, 20_000))
    ratio = np.where(chance.random(20_000) < 0.2, chance.gamma(3, 1, 20_000), chance.gamma(20, 1 / 25, 20_000))
    count = chance.poisson(ratio * due)
    seen = count > 0
    prior = fitted_prior(count[seen], due[seen])
    means = sorted([prior.shape_1 / prior.rate_1, prior.shape_2 / prior.rate_2])
    truth = Prior(3, 1, 20, 25, 0.2, 0)

    assert means == pytest.approx([0.8, 3.0], rel=0.1)
    at = np.array([*np.log([3, 1, 20, 25]), np.log(0.2 / 0.8)])
    assert prior.log_likelihood >= _log_likelihood(at, count[seen] * 1.0, due[seen], np.ones(seen.sum()))[0]
    assert np.mean((shrunk(count, due, prior).ebgm - shrunk(count, due, truth).ebgm) ** 2) < 0.01


def test_many_pairs_are_taken_together_without_harm() -> None:
    chance = np.random.default_rng(2)
    due = np.exp(chance.normal(0, 1, 30_000))
    count = chance.poisson(chance.gamma(2, 0.6, 30_000) * due)
    due, count = due[count > 0], count[count > 0]
    whole = fitted_prior(np.tile(count[:15_000], 1), due[:15_000])
    twice = fitted_prior(np.tile(count[:15_000], 2), np.tile(due[:15_000], 2))

    some = slice(0, 500)
    one, two = (shrunk(count[some], due[some], prior, bounds=False).ebgm for prior in (whole, twice))
    assert two == pytest.approx(one, rel=2e-3)


def test_the_mean_and_bounds_of_a_pair_are_those_of_its_mixture_by_integration() -> None:
    prior = Prior(0.5, 0.4, 3.0, 2.0, 0.3, 0.0)
    n, due = 4, 1.5

    def density(x: float) -> float:
        mass = sum(
            p * np.exp(a * log(b) + (a - 1) * log(x) - b * x - gammaln(a))
            for p, a, b in ((0.3, 0.5, 0.4), (0.7, 3.0, 2.0))
        )
        return float(mass * np.exp(n * log(due * x) - due * x))

    total = quad(density, 0, np.inf)[0]
    found = shrunk([n], [due], prior)

    assert log(found.ebgm[0]) == pytest.approx(quad(lambda x: log(x) * density(x), 0, np.inf)[0] / total, abs=1e-7)
    assert quad(density, 0, found.eb05[0])[0] / total == pytest.approx(0.05, abs=1e-8)
    assert quad(density, 0, found.eb95[0])[0] / total == pytest.approx(0.95, abs=1e-8)


def test_funnel_limits_stand_where_the_distribution_reaches_them() -> None:
    narrow, wide = (poisson_limits(10, 10.0, level=level) for level in (0.95, 0.998))

    # P(X <= 3) is 0.0103 and P(X <= 4) 0.0293: the lower limit lies between 3 and 4 of 10.
    assert 0.3 < narrow.lower < 0.4
    assert wide.lower < narrow.lower < 1 < narrow.upper < wide.upper
    assert narrow.mid_p == pytest.approx(0.96, abs=0.03)
    assert poisson_limits(30, 10.0, level=0.95).mid_p < 1e-5
    shares = binomial_limits(5, 50, 0.1, level=0.95)
    assert 0 < shares.lower < 0.1 < shares.upper < 0.25
    with pytest.raises(ImpossibleCounts):
        poisson_limits(1, 0.0, level=0.95)


def test_a_cusum_by_hand_and_patient_by_patient() -> None:
    events, risks = np.array([0, 1, 1, 0, 1]), np.array([0.1, 0.2, 0.1, 0.3, 0.2])
    found = risk_adjusted_cusum(events, risks, odds_ratio=2.0, threshold=1.0)
    level, path = 0.0, []
    for event, risk in zip(events, risks, strict=True):
        level = max(0.0, level + event * log(2) - log(1 + risk))
        path.append(level)

    assert found.path == pytest.approx(path)
    assert found.reached_at == 2
    assert risk_adjusted_cusum(events, risks, odds_ratio=2.0, threshold=9.0).reached_at is None
    with pytest.raises(ImpossibleCounts):
        risk_adjusted_cusum([2], [0.1], odds_ratio=2.0, threshold=1.0)


def test_walds_test_decides_both_ways() -> None:
    risks = np.full(400, 0.1)
    worse, fine = sequential_probability_ratio(np.tile([1, 0], 200), risks, odds_ratio=2.0)
    calm_worse, calm_fine = sequential_probability_ratio(np.zeros(400), risks, odds_ratio=2.0)

    assert worse.threshold == pytest.approx(log(18))
    assert (worse.reached_at is not None, calm_worse.reached_at) == (True, None)
    assert calm_fine.reached_at is not None
    assert fine.threshold == pytest.approx(log(0.1 / 0.95))
