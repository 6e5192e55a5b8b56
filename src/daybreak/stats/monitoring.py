"""Watching one site or one event as it goes on: funnels, CUSUM, Wald's and the maximised sequential tests."""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import bdtr, lambertw, pdtr

from daybreak.stats.arrays import Numbers, numbers, same_length
from daybreak.stats.estimate import ImpossibleCounts


@dataclass(frozen=True, slots=True)
class Limits:
    """Control limits of a funnel, and the two-sided mid-P of what was observed."""

    lower: float
    upper: float
    mid_p: float


@dataclass(frozen=True, slots=True)
class Sequential:
    """A path over patients or time, the value that it must reach, and the place from 0 where it first does, or
    None.
    """

    path: Numbers
    reached_at: int | None
    threshold: float


def poisson_limits(observed: float, expected: float, *, level: float) -> Limits:
    """Return the limits of observed / expected around 1, exact and interpolated between whole events, so that the
    funnel is smooth.

    Source: Spiegelhalter DJ. Stat Med 2005;24:1185-1202, appendix A.1. The P of what was observed is mid-P, twice
    the smaller tail with half of the observed count's own probability. Raises ImpossibleCounts unless `expected`
    lies above 0.
    """
    if not expected > 0 or observed < 0:
        raise ImpossibleCounts("A funnel needs an expected count above 0, and an observed one not below it.")

    def below(count: float) -> float:
        return float(pdtr(count, expected)) if count >= 0 else 0.0

    return _limits(below, observed, expected, level, most=None)


def binomial_limits(observed: float, total: int, share: float, *, level: float) -> Limits:
    """Return the limits of observed / total around a target `share`, exact and interpolated as for counts."""
    if not 0 < share < 1 or not 0 <= observed <= total or total < 1:
        raise ImpossibleCounts("A funnel of shares needs people, and a target between 0 and 1.")

    def below(count: float) -> float:
        return float(bdtr(count, total, share)) if count >= 0 else 0.0

    return _limits(below, observed, total, level, most=total)


def risk_adjusted_cusum(events: ArrayLike, risks: ArrayLike, *, odds_ratio: float, threshold: float) -> Sequential:
    """Return the chart that looks for `odds_ratio` times the odds that each patient's risk implies.

    Source: Steiner SH et al. Biostatistics 2000;1:441-452. It never falls below 0 and is not reset at the threshold.
    """
    weights = _weights(events, risks, odds_ratio)
    sums = np.cumsum(weights)
    path = sums - np.minimum.accumulate(np.minimum(sums, 0.0))
    return Sequential(path, _first(path >= threshold), threshold)


def sequential_probability_ratio(
    events: ArrayLike, risks: ArrayLike, *, odds_ratio: float, alpha: float = 0.05, beta: float = 0.1
) -> tuple[Sequential, Sequential]:
    """Return Wald's risk-adjusted test (Spiegelhalter DJ et al. Int J Qual Health Care 2003;15:7-13): where the path
    rises to log((1 - beta) / alpha), and where it falls to log(beta / (1 - alpha)).
    """
    path = np.cumsum(_weights(events, risks, odds_ratio))
    worse, fine = log((1 - beta) / alpha), log(beta / (1 - alpha))
    return Sequential(path, _first(path >= worse), worse), Sequential(path, _first(path <= fine), fine)


def maximised_ratio(events: float, expected: float) -> float:
    """Return the logarithm of the Poisson likelihood ratio at its maximum: 0 where no more happened than was
    expected.
    """
    return events * log(events / expected) - events + expected if events > expected > 0 else 0.0


def maxsprt_critical_value(expected: float, *, alpha: float = 0.05, least_events: int = 1) -> float:
    """Return the value that the maximised ratio reaches with probability `alpha` while events are as expected, in
    continuous surveillance until `expected` events, none signalled before `least_events` were seen.

    Source: Kulldorff M et al. Sequential Anal 2011;30:58-78; least events: Kulldorff M, Silva IR. REVSTAT
    2015;13:31-46. Raises ImpossibleCounts where even every chance to signal comes to less than `alpha`.
    """
    if not expected > 0 or not 0 < alpha < 0.5 or least_events < 1:
        raise ImpossibleCounts("Surveillance has an end above 0, an alpha between 0 and 0.5, and at least one event.")
    if 1 - float(pdtr(least_events - 1, expected)) < alpha:
        raise ImpossibleCounts(f"{least_events} events come too seldom until {expected:g} are expected.")
    low, high = 0.0, 50.0
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if _signals(middle, expected, least_events) > alpha else (low, middle)
    return (low + high) / 2


def _signals(critical: float, expected: float, least: int) -> float:
    """Return how probable a signal is: the count passes c before the time at which c events still signal."""
    quiet, now, count = np.ones(1), 0.0, least
    while True:
        until = min(-count * float(lambertw(-exp(-1 - critical / count)).real), expected)
        step = np.arange(count)
        logs = step * np.log(max(until - now, 1e-300)) - (until - now) - np.cumsum(np.log(np.maximum(step, 1)))
        quiet = np.convolve(quiet, np.exp(logs))[:count]
        if until >= expected:
            return 1 - float(quiet.sum())
        now, count = until, count + 1


def _limits(below: Callable[[float], float], observed: float, scale: float, level: float, most: int | None) -> Limits:
    outside = (1 - level) / 2
    ends = [_interpolated(below, p, scale, most) / scale for p in (outside, 1 - outside)]
    own = below(observed) - below(observed - 1)
    tail = min(below(observed - 1), 1 - below(observed)) + own / 2
    return Limits(max(ends[0], 0.0), ends[1], min(1.0, 2 * tail))


def _interpolated(below: Callable[[float], float], p: float, scale: float, most: int | None) -> float:
    """Return the count at which a distribution reaches `p`, moved down by the share of its last step not needed."""
    low, high = -1, most if most is not None else int(scale + 20 * scale**0.5 + 40)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if below(middle) < p else (low, middle)
    step = below(high) - below(high - 1)
    return high - (below(high) - p) / step if step > 0 else float(high)


def _weights(events: ArrayLike, risks: ArrayLike, odds_ratio: float) -> Numbers:
    happened, risk = numbers(events, "events"), numbers(risks, "risks")
    same_length(events=happened, risks=risk)
    if ((happened != 0) & (happened != 1)).any() or (risk <= 0).any() or (risk >= 1).any() or odds_ratio <= 0:
        raise ImpossibleCounts("Events are 0 or 1, risks lie between 0 and 1, and the odds ratio above 0.")
    weights: Numbers = happened * log(odds_ratio) - np.log1p((odds_ratio - 1) * risk)
    return weights


def _first(reached: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> int | None:
    return int(np.argmax(reached)) if reached.any() else None
