"""The weekly looks: against the same tests session by session, and by simulation."""

import numpy as np
import pytest

from daybreak.stats.public import (
    NEVER,
    ImpossibleCounts,
    conditional_critical_value,
    cusum_path,
    first_reached,
    maximised_path,
    maximised_ratio,
    risk_adjusted_cusum,
    sequential_probability_ratio,
    weekly_scores,
    weekly_threshold,
)

RISKS = np.array([0.1, 0.3])


def sessions(seed: int, count: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Return which stratum each session was of, and whether an event followed."""
    draw = np.random.default_rng(seed)
    stratum = draw.integers(0, 2, count)
    return stratum, (draw.random(count) < RISKS[stratum]).astype(float)


def test_a_week_of_one_session_is_the_chart_by_session() -> None:
    stratum, events = sessions(1)
    scores = weekly_scores(events, np.eye(2)[stratum], RISKS, odds_ratio=2)

    by_session = risk_adjusted_cusum(events, RISKS[stratum], odds_ratio=2, threshold=3)

    assert np.allclose(cusum_path(scores), by_session.path)
    assert first_reached(cusum_path(scores), 3) == (NEVER if by_session.reached_at is None else by_session.reached_at)


def test_sums_of_weekly_scores_are_walds_path_at_the_end_of_each_week() -> None:
    stratum, events = sessions(2)
    worse, _ = sequential_probability_ratio(events, RISKS[stratum], odds_ratio=2)
    counts = np.eye(2)[stratum].reshape(40, 10, 2).sum(axis=1)

    scores = weekly_scores(events.reshape(40, 10).sum(axis=1), counts, RISKS, odds_ratio=2)

    assert np.allclose(np.cumsum(scores), worse.path[9::10])


def test_many_sites_at_once_are_each_site_alone() -> None:
    draw = np.random.default_rng(3)
    events = draw.poisson(2.0, (5, 30))
    held = np.full((5, 30, 2), 5.0)

    together = cusum_path(weekly_scores(events, held, RISKS, odds_ratio=2))

    alone = [cusum_path(weekly_scores(events[site], held[site], RISKS, odds_ratio=2)) for site in range(5)]
    assert np.allclose(together, alone)
    assert list(first_reached(together, 1.0)) == [int(first_reached(path, 1.0)) for path in alone]


def test_the_maximised_path_is_the_ratio_of_the_sums() -> None:
    events, expected = [0, 3, 0, 4], [1.0, 0.5, 0.0, 1.5]

    path = maximised_path(events, expected, reference=1e9)

    seen = zip(np.cumsum(events), np.cumsum(expected), strict=True)
    assert np.allclose(path, [maximised_ratio(float(n), float(due)) for n, due in seen], atol=1e-6)


def test_a_small_past_makes_the_same_excess_say_less() -> None:
    small, large = (float(maximised_path([20], [10.0], reference=past)[-1]) for past in (10, 1000))

    # 20 against 10 of 30 in all: binomial likelihoods at 2/3 and at a half.
    assert small == pytest.approx(20 * np.log(4 / 3) + 10 * np.log(2 / 3))
    assert small < large < maximised_ratio(20.0, 10.0)


def test_with_a_long_past_the_conditional_value_is_near_the_published_one_and_not_above_it() -> None:
    # Weekly looks miss what a continuous watch would catch: a little lower than for 20 expected and 4 events at least.
    value = conditional_critical_value(reference=1e6, expected=20, weeks=104, alpha=0.05, least_events=4)

    assert 0.88 * 3.176370 < value <= 3.176370 * 1.03


def test_a_short_past_is_called_no_oftener_than_alpha() -> None:
    draw, runs, weeks = np.random.default_rng(9), 4000, 100
    past = draw.poisson(20, runs)
    events = draw.poisson(1.0, (runs, weeks))
    path = maximised_path(events, np.repeat(past[:, None] / 20.0, weeks, axis=1), reference=past)

    limits = {
        seen: conditional_critical_value(
            reference=seen, expected=weeks * seen / 20, weeks=weeks, alpha=0.05, least_events=1
        )
        for seen in np.unique(past)
    }

    called = path.max(axis=1) >= np.array([limits[seen] for seen in past])
    assert called.mean() == pytest.approx(0.05, abs=0.015)


def test_nothing_expected_and_nothing_seen_is_no_signal() -> None:
    assert list(maximised_path([0, 0], [0.0, 0.0], reference=5)) == [0.0, 0.0]


@pytest.mark.parametrize(("per_week", "risk", "weeks"), [(20.0, 0.1, 100.0), (5.0, 0.2, 260.0), (60.0, 0.02, 150.0)])
def test_a_threshold_is_reached_as_seldom_as_it_says(per_week: float, risk: float, weeks: float) -> None:
    threshold = weekly_threshold(per_week=per_week, risk=risk, odds_ratio=2, weeks=weeks)
    draw = np.random.default_rng(4)
    runs, long = 2000, int(12 * weeks)
    events = draw.binomial(int(per_week), risk, (runs, long))

    scores = weekly_scores(events, np.full((runs, long, 1), per_week), [risk], odds_ratio=2)

    reached = first_reached(cusum_path(scores), threshold)
    assert (reached == NEVER).mean() < 0.001
    assert np.where(reached == NEVER, long, reached + 1).mean() == pytest.approx(weeks, rel=0.08)


@pytest.mark.parametrize("wrong", [{"per_week": 0}, {"risk": 1.0}, {"risk": 0.0}, {"odds_ratio": 1}, {"weeks": 1}])
def test_a_threshold_of_nothing_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ImpossibleCounts):
        weekly_threshold(**{"per_week": 10.0, "risk": 0.1, "odds_ratio": 2.0, "weeks": 100.0} | wrong)


def test_an_impossible_risk_is_refused() -> None:
    with pytest.raises(ImpossibleCounts):
        weekly_scores([1], [[1.0]], [1.0], odds_ratio=2)
