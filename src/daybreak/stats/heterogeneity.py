"""How far trials differ beyond chance: the variance between them, by moments or by restricted likelihood."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtri

from daybreak.stats.arrays import Numbers
from daybreak.stats.linear import inverse

_FAR = 1e8
_GRID = 400


@dataclass(frozen=True, slots=True)
class Weighted:
    """Trials' effects fitted by moderators (one column of ones where there is none), each weighted by the inverse
    of its variance and the variance between trials.
    """

    coefficients: Numbers
    covariance: Numbers
    q: float
    trace: float
    weights: Numbers
    design: Numbers
    residuals: Numbers


def weighted(effects: Numbers, variances: Numbers, design: Numbers, between: float) -> Weighted:
    """Return the weighted least-squares fit; `trace` is that of the matrix P of the restricted likelihood."""
    weights = 1 / (variances + between)
    wx = design * weights[:, None]
    covariance = inverse(design.T @ wx)
    coefficients = covariance @ (wx.T @ effects)
    residuals = effects - design @ coefficients
    trace = float(weights.sum() - np.trace(covariance @ (wx.T @ wx)))
    return Weighted(coefficients, covariance, float(weights @ residuals**2), trace, weights, design, residuals)


def moments(effects: Numbers, variances: Numbers, design: Numbers) -> float:
    """Return DerSimonian and Laird's variance (Control Clin Trials 1986;7:177-188)."""
    fit = weighted(effects, variances, design, 0.0)
    return max(0.0, (fit.q - _freedom(design)) / fit.trace)


def paule_mandel(effects: Numbers, variances: Numbers, design: Numbers) -> float:
    """Return the variance at which Q is its expectation (Paule RC, Mandel J. J Res Natl Bur Stand 1982;87:377)."""
    return q_reaches(effects, variances, design, float(_freedom(design))) or 0.0


def restricted(effects: Numbers, variances: Numbers, design: Numbers) -> float:
    """Return the variance of highest restricted likelihood (Viechtbauer W. J Educ Behav Stat 2005;30:261-293): the
    highest of all maxima, where there are several.
    """

    def slope(between: float) -> float:
        fit = weighted(effects, variances, design, between)
        return float((fit.weights * fit.residuals) @ (fit.weights * fit.residuals)) - fit.trace

    def height(between: float) -> float:
        fit = weighted(effects, variances, design, between)
        information = np.linalg.slogdet(fit.covariance)[1]
        return 0.5 * float(np.log(fit.weights).sum() + information - fit.q)

    scale = float(max(variances.max(), np.var(effects), 1e-12))
    grid = np.concatenate(([0.0], scale * np.logspace(-8, 3, _GRID)))
    slopes = [slope(between) for between in grid]
    found = [0.0]
    for low, high, before, after in zip(grid[:-1], grid[1:], slopes[:-1], slopes[1:], strict=True):
        if before > 0 >= after:
            found.append(_crossing(slope, float(low), float(high)))
    return max(found, key=height)


def q_reaches(effects: Numbers, variances: Numbers, design: Numbers, target: float) -> float | None:
    """Return the variance between trials at which Q falls to `target`; None where it is below from the start."""

    def excess(between: float) -> float:
        return weighted(effects, variances, design, between).q - target

    if excess(0.0) < 0:
        return None
    high = float(max(variances.max(), 1e-12))
    while excess(high) > 0 and high < _FAR * max(1.0, float(np.abs(effects).max()) ** 2):
        high *= 2
    return _crossing(excess, 0.0, high)


def profile_interval(effects: Numbers, variances: Numbers, design: Numbers, level: float) -> tuple[float, float]:
    """Return the Q-profile interval of the variance between trials (Viechtbauer W. Stat Med 2007;26:37-52)."""
    freedom, outside = _freedom(design), (1 - level) / 2
    low = q_reaches(effects, variances, design, float(chdtri(freedom, outside)))
    high = q_reaches(effects, variances, design, float(chdtri(freedom, 1 - outside)))
    return low or 0.0, high or 0.0


def typical_variance(variances: Numbers, design: Numbers) -> float:
    """Return the variance of a typical trial, to which that between trials is compared (Higgins JPT, Thompson SG.
    Stat Med 2002;21:1539-1558).
    """
    return _freedom(design) / weighted(np.zeros(len(variances)), variances, design, 0.0).trace


def _freedom(design: Numbers) -> int:
    return len(design) - len(design[0])


def _crossing(function: Callable[[float], float], low: float, high: float) -> float:
    """Return where a function falls through 0 between `low` and `high`, to the last digits (Illinois' rule)."""
    at_low, at_high = function(low), function(high)
    side = 0
    for _ in range(200):
        if at_low == at_high or high - low <= 4e-16 * max(abs(high), 1e-300):
            break
        middle = (low * at_high - high * at_low) / (at_high - at_low)
        if not low < middle < high:
            middle = (low + high) / 2
        here = function(middle)
        if here > 0:
            low, at_low = middle, here
            at_high = at_high / 2 if side == 1 else at_high
            side = 1
        else:
            high, at_high = middle, here
            at_low = at_low / 2 if side == -1 else at_low
            side = -1
        if abs(here) < 1e-14:
            return middle
    return (low + high) / 2
