"""DuMouchel's shrinkage: what a ratio of observed to expected counts is worth, learned from all pairs together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import digamma, gammainc, gammaincinv, gammaln

from daybreak.stats.arrays import Numbers, numbers, same_length
from daybreak.stats.estimate import ImpossibleCounts

_STARTS = ((0.2, 0.1, 2.0, 4.0, 1 / 3), (1.0, 1.0, 5.0, 1.0, 0.2), (0.5, 0.5, 20.0, 10.0, 0.5))
_SQUASH_ABOVE = 20_000
_FEW = 2_000
_BINS = 40.0


@dataclass(frozen=True, slots=True)
class Prior:
    """Two gamma distributions of the true ratio (shapes and rates), the share of the first, and the log-likelihood
    that they reach.
    """

    shape_1: float
    rate_1: float
    shape_2: float
    rate_2: float
    share: float
    log_likelihood: float


@dataclass(frozen=True, slots=True)
class Shrunk:
    """The geometric mean of the ratio after the data, and its 5 % and 95 % bounds."""

    ebgm: Numbers
    eb05: Numbers
    eb95: Numbers


def fitted_prior(n: ArrayLike, expected: ArrayLike) -> Prior:
    """Return the mixture of highest likelihood for pairs that were reported at least once.

    Source: DuMouchel W. Am Stat 1999;53:177-190, with the likelihood given n >= 1, since pairs never reported are
    not in a file. Above 20,000 pairs those with the same count and nearly the same expected one (2.5 %) are taken
    together (DuMouchel W, Pregibon D. KDD 2001:67-76). Raises ImpossibleCounts where there are too few pairs.
    """
    count, due = numbers(n, "n"), numbers(expected, "expected")
    same_length(n=count, expected=due)
    if (count < 1).any() or (due <= 0).any():
        raise ImpossibleCounts("A pair was reported at least once, and expected more than 0 times.")
    if len(count) < 10:
        raise ImpossibleCounts(
            f"{len(count)} pairs of drug and event are too few to learn from; at least 10 are needed."
        )
    count, due, weight = _squashed(count, due)
    total = weight.sum()

    def depth(at: Numbers) -> tuple[float, Numbers]:
        value, slope = _log_likelihood(at, count, due, weight)
        return -value / total, -slope / total

    bounds = [(-8.0, 8.0)] * 4 + [(-12.0, 12.0)]
    starts = [np.array([*np.log(start[:4]), np.log(start[4] / (1 - start[4]))]) for start in _STARTS]
    if len(count) > _FEW:  # many pairs leave one maximum: climb from the start that lies highest
        starts = [min(starts, key=lambda at: depth(at)[0])]
    options = {"ftol": 1e-13, "gtol": 1e-8, "maxiter": 500}
    found = [minimize(depth, at, jac=True, method="L-BFGS-B", bounds=bounds, options=options) for at in starts]
    best = min(found, key=lambda each: float(each.fun))
    a1, b1, a2, b2 = np.exp(best.x[:4]).tolist()
    return Prior(a1, b1, a2, b2, float(1 / (1 + np.exp(-best.x[4]))), -float(best.fun) * float(total))


def shrunk(n: ArrayLike, expected: ArrayLike, prior: Prior, *, bounds: bool = True) -> Shrunk:
    """Return each pair's ratio after the data; the bounds cost most, and are NaN without `bounds`."""
    count, due = numbers(n, "n"), numbers(expected, "expected")
    shapes = np.stack((prior.shape_1 + count, prior.shape_2 + count))
    rates = np.stack((prior.rate_1 + due, prior.rate_2 + due))
    first = np.log(prior.share) + _log_mass(count, due, prior.shape_1, prior.rate_1)
    second = np.log1p(-prior.share) + _log_mass(count, due, prior.shape_2, prior.rate_2)
    share = 1 / (1 + np.exp(np.clip(second - first, -700, 700)))
    mean = share * (digamma(shapes[0]) - np.log(rates[0])) + (1 - share) * (digamma(shapes[1]) - np.log(rates[1]))
    nothing = np.full(len(count), np.nan)
    low, high = (_quantile(p, share, shapes, rates) for p in (0.05, 0.95)) if bounds else (nothing, nothing)
    return Shrunk(np.exp(mean), low, high)


def _squashed(count: Numbers, due: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    if len(count) <= _SQUASH_ABOVE:
        return count, due, np.ones(len(count))
    place = np.floor(np.log(due) * _BINS)
    key = np.minimum(count, 1e5) * 1e5 + place - place.min()
    _, of, weight = np.unique(key, return_inverse=True, return_counts=True)
    return (
        np.bincount(of, count) / weight,
        np.exp(np.bincount(of, np.log(due)) / weight),
        weight.astype(np.float64),
    )


def _log_mass(count: Numbers, due: Numbers, shape: float, rate: float) -> Numbers:
    """Return the logarithm of the negative binomial probability of a count."""
    mass: Numbers = gammaln(shape + count) - gammaln(shape) - gammaln(count + 1)
    mass = mass - shape * np.log1p(due / rate) - count * np.log1p(rate / due)
    return mass


def _log_likelihood(at: Numbers, count: Numbers, due: Numbers, weight: Numbers) -> tuple[float, Numbers]:
    """Return the log-likelihood given n >= 1 and its slope in the logarithms and the logit."""
    share = 1 / (1 + np.exp(-at[4]))
    shapes, rates = np.exp(at[[0, 2]]), np.exp(at[[1, 3]])
    parts = np.log([share, 1 - share])
    seen = [part + _log_mass(count, due, a, b) for part, a, b in zip(parts, shapes, rates, strict=True)]
    none = [part - a * np.log1p(due / b) for part, a, b in zip(parts, shapes, rates, strict=True)]
    log_seen, log_none = np.logaddexp(*seen), np.logaddexp(*none)
    log_some = np.log(-np.expm1(np.minimum(log_none, -1e-15)))
    slope = np.zeros(5)
    odds = np.exp(log_none - log_some)
    for k, (a, b) in enumerate(zip(shapes, rates, strict=True)):
        belongs, would = np.exp(seen[k] - log_seen), odds * np.exp(none[k] - log_none)
        shared = -np.log1p(due / b)
        by_shape = belongs * (digamma(a + count) - digamma(a) + shared) + would * shared
        by_rate = belongs * (a / b - (a + count) / (b + due)) + would * (a / b - a / (b + due))
        slope[2 * k], slope[2 * k + 1] = a * (weight @ by_shape), b * (weight @ by_rate)
        by_share = weight @ (belongs + would)
        slope[4] += by_share * (1 - share) if k == 0 else -by_share * share
    return float(weight @ (log_seen - log_some)), slope


def _quantile(p: float, share: Numbers, shapes: Numbers, rates: Numbers) -> Numbers:
    """Return where the mixture of two gammas reaches `p`: between the quantiles of the two."""
    ends: Numbers = gammaincinv(shapes, p) / rates
    low, high = ends.min(axis=0), ends.max(axis=0)
    x: Numbers = share * ends[0] + (1 - share) * ends[1]
    for _ in range(60):
        excess = share * gammainc(shapes[0], rates[0] * x) + (1 - share) * gammainc(shapes[1], rates[1] * x) - p
        low, high = np.where(excess < 0, x, low), np.where(excess < 0, high, x)
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            logs = shapes * np.log(rates) + (shapes - 1) * np.log(x) - rates * x - gammaln(shapes)
            step = excess / (share * np.exp(logs[0]) + (1 - share) * np.exp(logs[1]))
            further = x - step
        inside = np.isfinite(further) & (further > low) & (further < high)
        further = np.where(inside, further, (low + high) / 2)
        if (np.abs(further - x) <= 1e-12 * x).all():
            break
        x = further
    return x
