"""Turnbull's curve: survival where an event is only known to lie between two visits."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from daybreak.stats.arrays import Indices, Numbers, numbers, same_length, totals
from daybreak.stats.estimate import ImpossibleCounts

_NEAR = 1e-10
_MOST_STEPS = 100_000


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
    1994;81:618-623 (the bound on what is left to gain); Varadhan R, Roland C. Scand J Stat 2008;35:335-353 (the
    squared steps). Raises ImpossibleCounts for bounds that do not rise.
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
    mass, gap = _self_consistent(first, last, weight / weight.sum(), len(ends))
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


def _self_consistent(first: Indices, last: Indices, weight: Numbers, size: int) -> tuple[Numbers, float]:
    """Return the masses, and the bound on what is left to gain, by self-consistency with squared steps."""
    mass, gap = np.full(size, 1 / size), np.inf

    def gain(of: Numbers) -> Numbers:
        share = weight / _held(of, first, last)
        edges = totals(first, share, size + 1) - totals(last, share, size + 1)
        rising: Numbers = np.cumsum(edges)[:size]
        return rising

    for _ in range(_MOST_STEPS):
        slope = gain(mass)
        gap = float(slope.max() - 1)
        if gap <= _NEAR:
            break
        once = mass * slope
        twice = once * gain(once)
        change, bend = once - mass, twice - 2 * once + mass
        length = min(-1.0, -float(np.sqrt((change @ change) / max(bend @ bend, 1e-300))))
        leap = mass - 2 * length * change + length**2 * bend
        if (leap < 0).any() or not np.isfinite(leap).all():
            leap = twice
        leap = leap / leap.sum()
        mass = leap * gain(leap)
        if (weight * np.log(_held(mass, first, last))).sum() < (weight * np.log(_held(twice, first, last))).sum():
            mass = twice
        mass = mass / mass.sum()
    return mass, gap


def _held(mass: Numbers, first: Indices, last: Indices) -> Numbers:
    reached = np.concatenate(([0.0], np.cumsum(mass)))
    held: Numbers = np.maximum(reached[last] - reached[first], 1e-300)
    return held
