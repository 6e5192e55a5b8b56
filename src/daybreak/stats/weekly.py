"""Sequential tests looked at once a week: events are counts, expected ones sums over strata. Weeks are the last axis,
so that one call follows one site or ten thousand simulated ones.
"""

from collections.abc import Callable
from math import ceil, isfinite, log

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array, eye_array
from scipy.sparse.linalg import splu
from scipy.special import gammaln

from daybreak.stats.arrays import Numbers
from daybreak.stats.estimate import ImpossibleCounts

Array = NDArray[np.float64]
NEVER = -1
_STATES, _NEGLIGIBLE = 240, 1e-10
_STEPS, _NEAR, _HIGHEST = 12, 0.01, 1e3
_REGISTERS, _SEED = 4000, 2010


def weekly_scores(events: ArrayLike, sessions: ArrayLike, risks: ArrayLike, *, odds_ratio: float) -> Array:
    """Return each week's log-likelihood ratio of `odds_ratio` times the odds against the odds that the risks imply.

    `events` is (…, weeks), `sessions` (…, weeks, strata), `risks` (…, strata). It is the sum of the scores of
    Steiner SH et al. Biostatistics 2000;1:441-452 over the week's sessions. Raises ImpossibleCounts.
    """
    happened, held, risk = (np.asarray(each, dtype=np.float64) for each in (events, sessions, risks))
    if ((risk <= 0) | (risk >= 1)).any() or odds_ratio <= 0 or (held < 0).any() or (happened < 0).any():
        raise ImpossibleCounts("Counts are not below 0, risks lie between 0 and 1, and the odds ratio above 0.")
    scores: Array = happened * log(odds_ratio) - (held * np.log1p((odds_ratio - 1) * risk)[..., None, :]).sum(-1)
    return scores


def cusum_path(scores: ArrayLike) -> Array:
    """Return the sums of weekly scores that never fall below 0; not reset at any threshold."""
    sums = np.cumsum(np.asarray(scores, dtype=np.float64), axis=-1)
    path: Array = sums - np.minimum.accumulate(np.minimum(sums, 0.0), axis=-1)
    return path


def maximised_path(events: ArrayLike, expected: ArrayLike, *, reference: ArrayLike) -> Array:
    """Return the maximised log-likelihood ratio of what happened so far at each week's end, given the `reference` (…)
    events from which the `expected` ones (…, weeks) were worked out; 0 where no more happened than was expected.

    Source: Li L, Kulldorff M. Stat Med 2010;29:284-295. As the reference grows it becomes the ratio with a known rate
    (Kulldorff M et al. Sequential Anal 2011;30:58-78).
    """
    seen = np.cumsum(np.asarray(events, dtype=np.float64), axis=-1)
    due = np.cumsum(np.asarray(expected, dtype=np.float64), axis=-1)
    above = (seen > due) & (due > 0)
    ratio = np.divide(seen, due, out=np.ones(np.broadcast(seen, due).shape), where=above)
    past = np.asarray(reference, dtype=np.float64)[..., None]
    path: Array = np.where(above, seen * np.log(ratio) - (seen + past) * np.log1p((seen - due) / (due + past)), 0.0)
    return path


def first_reached(path: ArrayLike, threshold: ArrayLike) -> NDArray[np.int64]:
    """Return the first week, from 0, at whose end a path (…, weeks) has reached its threshold (…); NEVER where it has
    not.
    """
    reached = np.asarray(path) >= np.asarray(threshold)[..., None]
    found: NDArray[np.int64] = np.where(reached.any(axis=-1), reached.argmax(axis=-1), NEVER).astype(np.int64)
    return found


def weekly_threshold(*, per_week: float, risk: float, odds_ratio: float, weeks: float) -> float:
    """Return the threshold that a weekly CUSUM of `per_week` sessions of mean `risk` reaches, where nothing is wrong,
    once in `weeks` on average.

    Events of a week are taken as binomial; the chain of Brook D, Evans DA. Biometrika 1972;59:539-549 with 240 states.
    Raises ImpossibleCounts.
    """
    if not per_week > 0 or not 0 < risk < 1 or odds_ratio <= 1 or weeks <= 1:
        raise ImpossibleCounts("A threshold needs sessions, a risk between 0 and 1, and a ratio and weeks above 1.")
    most = ceil(per_week)
    count = np.arange(most + 1)
    share = per_week * risk / most
    chances = np.exp(
        gammaln(most + 1)
        - gammaln(count + 1)
        - gammaln(most - count + 1)
        + count * log(share)
        + (most - count) * np.log1p(-share)
    )
    steps = count * log(odds_ratio) - per_week * np.log1p((odds_ratio - 1) * risk)
    likely = chances > _NEGLIGIBLE
    return _searched(lambda threshold: log(_run_length(threshold, steps[likely], chances[likely]) / weeks))


def conditional_critical_value(
    *, reference: float, expected: float, weeks: int, alpha: float, least_events: int
) -> float:
    """Return the value that the maximised path reaches with probability `alpha` while nothing changes, in `weeks` in
    which `expected` events are due by `reference` earlier ones, none counted before `least_events` were seen.

    By 4,000 simulated registers, always the same ones. Raises ImpossibleCounts.
    """
    if reference < 1 or not expected > 0 or weeks < 1 or not 0 < alpha < 0.5 or least_events < 1:
        raise ImpossibleCounts("A critical value needs earlier events, expected ones, weeks, and alpha below a half.")
    draw = np.random.default_rng([_SEED, round(reference), weeks])
    events = draw.poisson(expected / weeks, (_REGISTERS, weeks))
    # The rate that the earlier events told is off by as much as their waiting time was.
    due = expected / weeks * reference / draw.gamma(reference, size=(_REGISTERS, 1))
    path = maximised_path(events, np.broadcast_to(due, events.shape), reference=np.full(_REGISTERS, reference))
    counted = np.where(np.cumsum(events, axis=-1) >= least_events, path, 0.0)
    return float(np.quantile(counted.max(axis=-1), 1 - alpha))


def _searched(excess: Callable[[float], float]) -> float:
    """Return about the lowest threshold whose excess, which rises nearly in a line, is not below 0."""
    low, high = 1e-3, 1.0
    below, above = excess(low), excess(high)
    while above < 0 and high < _HIGHEST:
        low, below, high = high, above, 2 * high
        above = excess(high)
    for step in range(_STEPS):
        if above < _NEAR or below >= 0:
            break
        # Every third step halves: where the excess jumps, a line alone would not close in.
        share = 0.5 if step % 3 == 2 or not isfinite(above) else below / (below - above)
        middle = low + min(max(share, 0.05), 0.95) * (high - low)
        value = excess(middle)
        low, below, high, above = (middle, value, high, above) if value < 0 else (low, below, middle, value)
    return high


def _run_length(threshold: float, steps: Numbers, chances: Numbers) -> float:
    """Return the mean number of weeks from 0 until the threshold is reached.

    From each state few others are reached, so that the equations are solved as sparse ones: in one thread, which does
    not wait for others where the machine is busy.
    """
    width = threshold / (_STATES - 0.5)
    states = np.arange(_STATES) * width
    after = np.maximum(states[:, None] + steps[None, :], 0.0)
    inside = after < threshold
    to = np.minimum(np.rint(after / width).astype(np.int64), _STATES - 1)
    rows = np.broadcast_to(np.arange(_STATES)[:, None], to.shape)[inside]
    weights = np.broadcast_to(chances, to.shape)[inside]
    moves = coo_array((weights, (rows, to[inside])), shape=(_STATES, _STATES)).tocsc()
    try:
        return float(splu(eye_array(_STATES, format="csc") - moves).solve(np.ones(_STATES))[0])
    except RuntimeError:  # a state that is never left
        return float("inf")
