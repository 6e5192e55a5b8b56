"""Sites beside one another, each against what its own mix of people or sessions would give anywhere: a funnel, never a
rank.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from daybreak.rulebook.public import Sureness, WatchedHarm
from daybreak.stats.public import binomial_limits
from daybreak.watch.surveillance.counts import CalendarCounts

INSIDE, NEAR, OUTSIDE = "inside", "between", "outside"


@dataclass(frozen=True, slots=True)
class Point:
    """A site: of how many, how many met, how many were expected from its mix, and the share that is left when the mix
    is taken out (None where nothing was expected). `place` says on which side of the limits it lies.
    """

    site: str
    total: int
    met: int
    expected: float
    adjusted: float | None
    place: str


@dataclass(frozen=True, slots=True)
class Limit:
    """The limits at one size of site."""

    total: int
    inner: tuple[float, float]
    outer: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Funnel:
    """All sites around the register's share, with the limits drawn at rising sizes."""

    share: float
    points: tuple[Point, ...]
    limits: tuple[Limit, ...]


def funnel(strata: Mapping[str, Sequence[tuple[int, int]]], sureness: Sureness) -> Funnel | None:
    """Return the funnel of sites, each with (met, of) by stratum in one order; None where nobody is counted, or where
    all or none met.

    A site's share is its observed over its expected number, times the register's share (indirect standardisation); the
    limits are exact binomial ones around that share (Spiegelhalter DJ. Stat Med 2005;24:1185-1202).
    """
    held = {site: np.asarray(cells, dtype=np.float64) for site, cells in strata.items()}
    held = {site: cells for site, cells in held.items() if cells.size and cells[:, 1].sum() > 0}
    if not held:
        return None
    whole = sum(held.values(), np.zeros_like(next(iter(held.values()))))
    share = float(whole[:, 0].sum() / whole[:, 1].sum())
    if not 0 < share < 1:
        return None
    rates = np.divide(whole[:, 0], whole[:, 1], out=np.zeros(len(whole)), where=whole[:, 1] > 0)
    points = tuple(_point(site, cells, rates, share, sureness) for site, cells in sorted(held.items()))
    most = max(point.total for point in points)
    return Funnel(share, points, tuple(_limit(total, share, sureness) for total in _sizes(most)))


def harm_funnel(counts: CalendarCounts, watched: WatchedHarm, sureness: Sureness) -> Funnel | None:
    """Return the funnel of sessions that are counted, adjusted for position and route."""
    events, held = counts.events(watched).sum(axis=1), counts.held(watched).sum(axis=1)
    pairs = {
        site: [(int(a), int(b)) for a, b in zip(events[at], held[at], strict=True)]
        for at, site in enumerate(counts.sites)
    }
    return funnel(pairs, sureness)


def _point(site: str, cells: np.ndarray, rates: np.ndarray, share: float, sureness: Sureness) -> Point:
    met, total = int(cells[:, 0].sum()), int(cells[:, 1].sum())
    expected = float((rates * cells[:, 1]).sum())
    if expected <= 0:
        return Point(site, total, met, expected, None, INSIDE)
    adjusted = met / expected * share
    around = _limit(total, share, sureness)
    place = next(
        (word for word, (lower, upper) in ((INSIDE, around.inner), (NEAR, around.outer)) if lower <= adjusted <= upper),
        OUTSIDE,
    )
    return Point(site, total, met, expected, adjusted, place)


def _limit(total: int, share: float, sureness: Sureness) -> Limit:
    def ends(percent: float) -> tuple[float, float]:
        found = binomial_limits(round(total * share), total, share, level=percent / 100)
        return found.lower, min(found.upper, 1.0)

    return Limit(total, ends(float(sureness.funnel_inner_percent)), ends(float(sureness.funnel_outer_percent)))


def _sizes(most: int) -> list[int]:
    """Return rising sizes at which the limits are drawn, up to a tenth above the largest site."""
    top = max(10, round(most * 1.1))
    return sorted({max(1, round(top * (step / 40) ** 1.5)) for step in range(1, 41)})
