"""Turnbull's curve: survival where an event is only known to lie between two visits."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import qr
from scipy.optimize import nnls

from daybreak.stats.arrays import Indices, Numbers, numbers, same_length, totals
from daybreak.stats.estimate import ImpossibleCounts

_NEAR = 1e-10
_HELD, _AT_ONCE = 1e-8, 10_000_000
_CONSISTENT_STEPS, _NEWTON_STEPS = 300, 200


@dataclass(frozen=True, slots=True)
class IntervalCurve:
    """Where events can have been, and how many: each stretch lies above `after` and at or below `until`
    (infinite where the event was never seen), and holds `mass` of the people. Within a stretch the data say
    nothing. `survival` is what is left after it. `gap` bounds how much the mean log-likelihood could still rise.
    """

    after: tuple[float, ...]
    until: tuple[float, ...]
    mass: tuple[float, ...]
    survival: tuple[float, ...]
    log_likelihood: float
    gap: float


def turnbull(after: ArrayLike, until: ArrayLike, people: ArrayLike) -> IntervalCurve:
    """Return the nonparametric maximum-likelihood curve of events that lie above `after` and at or below
    `until`, each seen in so many `people`. Equal bounds are an event seen at that moment; `until` is infinite
    for those in whom it was not seen.

    Sources: Turnbull BW. J R Stat Soc B 1976;38:290-295 (self-consistency); Gentleman R, Geyer CJ. Biometrika
    1994;81:618-623 (the bound on what is left to gain); Wang Y. Comput Stat Data Anal 2008;52:2388-2402 (the
    constrained Newton steps). Raises ImpossibleCounts for bounds that do not rise.
    """
    low, high, weight = numbers(after, "after"), np.asarray(until, dtype=np.float64), numbers(people, "people")
    same_length(after=low, until=high, people=weight)
    if np.isnan(high).any() or (low > high).any() or (low < 0).any() or (weight < 0).any():
        raise ImpossibleCounts("An event lies between a time and a later one.")
    if not weight.sum():
        raise ImpossibleCounts("Nobody was observed.")
    starts, ends, exact = _stretches(low, high)
    first = np.searchsorted(ends, low, side="right")
    first = np.where(low == high, np.searchsorted(ends, low, side="left"), first)
    last = np.searchsorted(ends, high, side="right")
    first, last, weight = _together(first, last, weight)
    mass, gap = _most_likely(first, last, weight / weight.sum(), len(ends))
    likelihood = float((weight * np.log(_held(mass, first, last))).sum())
    kept = mass > _NEAR
    return IntervalCurve(
        after=tuple(np.where(exact, ends, starts)[kept].tolist()),
        until=tuple(ends[kept].tolist()),
        mass=tuple(mass[kept].tolist()),
        survival=tuple(np.clip(1 - np.cumsum(mass), 0, 1)[kept].tolist()),
        log_likelihood=likelihood,
        gap=gap,
    )


def _stretches(low: Numbers, high: Numbers) -> tuple[Numbers, Numbers, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Return the innermost stretches: a left end that is followed by a right end. At one time, what begins with
    an event seen there comes first, then right ends, then left ends.
    """
    exact = low == high
    times = np.concatenate((low, high))
    kind = np.concatenate((np.where(exact, 0, 2), np.ones(len(high), dtype=np.int64)))
    points = np.unique(np.stack((times, kind), axis=1), axis=0)
    opens, closes = points[:-1], points[1:]
    inner = (opens[:, 1] != 1) & (closes[:, 1] == 1)
    return opens[inner, 0], closes[inner, 0], opens[inner, 1] == 0


def _together(first: Indices, last: Indices, weight: Numbers) -> tuple[Indices, Indices, Numbers]:
    """Return those who can have had the event in the same stretches as one."""
    size = int(last.max()) + 1
    both, place = np.unique(first * size + last, return_inverse=True)
    return both // size, both % size, totals(place, weight, len(both))


def _most_likely(first: Indices, last: Indices, weight: Numbers, size: int) -> tuple[Numbers, float]:
    """Return the masses, and the bound on what is left to gain: a few self-consistent steps, which settle at once what
    was seen to the moment, then Newton's, which settle the rest.
    """
    mass = np.full(size, 1 / size)
    for step in range(_CONSISTENT_STEPS + _NEWTON_STEPS):
        slope = _slope(mass, first, last, weight)
        gap = float(slope.max() - 1)
        if gap <= _NEAR:
            break
        mass = mass * slope if step < _CONSISTENT_STEPS else _newton(mass, slope, first, last, weight)
    return mass / mass.sum(), gap


def _newton(mass: Numbers, slope: Numbers, first: Indices, last: Indices, weight: Numbers) -> Numbers:
    """Return the masses after one step to the top of the parabola that touches the likelihood, over the stretches that
    hold something or would gain most, and back until it is a gain.
    """
    beside = np.pad(slope, 1, constant_values=-np.inf)
    peak = (slope > 1) & (slope >= beside[:-2]) & (slope >= beside[2:])
    at, root, held = np.flatnonzero((mass > _HELD) | peak), np.sqrt(weight), _held(mass, first, last)
    triangle: Numbers = np.ones((1, len(at) + 1))  # the masses add up to one; its last column is the aim
    for some in np.array_split(np.arange(len(root)), len(root) * len(at) // _AT_ONCE + 1):
        inside = (first[some, None] <= at) & (at < last[some, None])
        rows = inside * (root / held)[some, None] - 2 * root[some, None]
        triangle = qr(np.vstack((triangle, np.pad(rows, ((0, 0), (0, 1))))), mode="r")[0][: len(at) + 1]
    wanted = np.zeros(len(mass))
    wanted[at] = nnls(triangle[:, :-1], triangle[:, -1])[0]
    change = wanted / wanted.sum() - mass
    now, rise, length = weight @ np.log(held), float(slope @ change), 1.0
    while length > _NEAR and weight @ np.log(_held(mass + length * change, first, last)) < now + length * rise / 3:
        length /= 2
    moved: Numbers = np.maximum(mass + length * change, 0)
    return moved


def _slope(mass: Numbers, first: Indices, last: Indices, weight: Numbers) -> Numbers:
    """Return how much the mean log-likelihood rises with each mass."""
    share, size = weight / _held(mass, first, last), len(mass)
    rising: Numbers = np.cumsum(totals(first, share, size + 1) - totals(last, share, size + 1))[:size]
    return rising


def _held(mass: Numbers, first: Indices, last: Indices) -> Numbers:
    reached = np.concatenate(([0.0], np.cumsum(mass)))
    held: Numbers = np.maximum(reached[last] - reached[first], 1e-300)
    return held
