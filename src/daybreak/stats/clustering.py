"""By how much sessions of one person hang together, and sites lie apart beyond chance."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from daybreak.stats.estimate import ImpossibleCounts

Array = NDArray[np.float64]
# The middle of the absolute values of a standard normal.
_HALF_WITHIN = 0.674489750196082
_STEPS, _WIDEST = 60, 4.0


def design_effect(squares: ArrayLike, variance: ArrayLike) -> Array:
    """Return by how much the variance of a count is larger than if its sessions were independent; never below 1.

    `squares` is the sum over people of the square of (events less expected) in all their sessions, `variance` the sum
    of p (1 - p) over the sessions: the ratio of a variance that allows for clusters to the binomial one (Kish L. Survey
    Sampling. 1965, section 8.2; for counts over their expectation McCullagh P, Nelder JA. Generalized Linear Models.
    1989, section 4.5). Where nothing could vary it is 1.
    """
    above, below = np.asarray(squares, dtype=np.float64), np.asarray(variance, dtype=np.float64)
    found: Array = np.maximum(np.divide(above, below, out=np.ones(np.shape(above)), where=below > 0), 1.0)
    return found


def spread_between(differences: ArrayLike, variances: ArrayLike) -> Array:
    """Return the standard deviation between sites, (…) from (…, sites), that is left when chance is taken out.

    `differences` are those from the middle site, each with the variance that chance gives it. It is the spread at which
    half of the sites lie as near as half of them should: additive random effects as in Spiegelhalter DJ. Stat Med
    2005;24:1185-1202, found by the median instead of the mean of squares, so that sites far apart, fewer than half, do
    not make themselves look ordinary. For few sites it is widened by n / (n - 0.8) (Croux C, Rousseeuw PJ. COMPSTAT
    1992:411-428).
    """
    apart, chance = np.abs(np.asarray(differences, dtype=np.float64)), np.asarray(variances, dtype=np.float64)
    if apart.shape != chance.shape or apart.shape[-1] < 2 or (chance <= 0).any():
        raise ImpossibleCounts("A spread needs two sites, each with a variance above 0.")
    few = apart.shape[-1] / (apart.shape[-1] - 0.8)
    low, high = np.zeros(apart.shape[:-1]), np.full(apart.shape[:-1], _WIDEST)

    def beyond(spread: Array) -> NDArray[np.bool_]:
        wide: NDArray[np.bool_] = (
            np.median(few * apart / np.sqrt(chance + spread[..., None] ** 2), axis=-1) > _HALF_WITHIN
        )
        return wide

    none = ~beyond(low)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        wide = beyond(middle)
        low, high = np.where(wide, middle, low), np.where(wide, high, middle)
    found: Array = np.where(none, 0.0, (low + high) / 2)
    return found
