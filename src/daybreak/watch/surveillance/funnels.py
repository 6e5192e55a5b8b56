"""Sites beside one another, each against what its own mix of people or sessions would give anywhere: a funnel, never a
rank.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import hypot
from statistics import NormalDist

import numpy as np

from daybreak.rulebook.public import Sureness, WatchedHarm
from daybreak.stats.public import binomial_limits, spread_between
from daybreak.watch.surveillance.counts import CalendarCounts
from daybreak.watch.surveillance.reference import FEWEST_SITES

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
    """All sites around the register's share, with the limits drawn at rising sizes.

    `left_out` are sites so far apart that they do not count towards the share; `effect` is how many sessions are worth
    one, `spread` the standard deviation of sites beyond chance.
    """

    share: float
    points: tuple[Point, ...]
    limits: tuple[Limit, ...]
    left_out: tuple[str, ...] = ()
    effect: float = 1.0
    spread: float = 0.0


def funnel(
    strata: Mapping[str, Sequence[tuple[int, int]]], sureness: Sureness, *, effect: float = 1.0
) -> Funnel | None:
    """Return the funnel of sites, each with (met, of) by stratum in one order; None where nobody is counted, or where
    all or none met. `effect` is the design effect of what is counted: 1 for people, more for their sessions.

    A site's share is its observed over its expected number, times the register's share (indirect standardisation). The
    limits around that share are exact binomial ones for as many as are worth one, widened by the ordinary spread of
    sites (Spiegelhalter DJ. Stat Med 2005;24:1185-1202, additive random effects). A site beyond the outer limit
    does not count towards the share.
    """
    held = {site: np.asarray(cells, dtype=np.float64) for site, cells in sorted(strata.items())}
    held = {site: cells for site, cells in held.items() if cells.size and cells[:, 1].sum() > 0}
    whole = sum(held.values(), np.zeros((1, 2))) if held else np.zeros((1, 2))
    if not 0 < whole[:, 0].sum() < whole[:, 1].sum():
        return None
    spread, apart = _apart(held, whole, sureness, effect)
    kept = sum((cells for site, cells in held.items() if site not in apart), np.zeros_like(whole))
    if not 0 < kept[:, 0].sum() < kept[:, 1].sum():
        kept, apart = whole, ()
    around = _Around(float(kept[:, 0].sum() / kept[:, 1].sum()), effect, spread, sureness)
    rates = np.where(kept[:, 1] > 0, _rates(kept), _rates(whole))
    points = tuple(_point(site, cells, rates, around) for site, cells in held.items())
    sizes = _sizes(max(point.total for point in points))
    return Funnel(around.share, points, tuple(around.limit(total) for total in sizes), apart, effect, spread)


def harm_funnel(
    counts: CalendarCounts, watched: WatchedHarm, sureness: Sureness, *, effect: float = 1.0
) -> Funnel | None:
    """Return the funnel of sessions that are counted, adjusted for position and route."""
    events, held = counts.events(watched).sum(axis=1), counts.held(watched).sum(axis=1)
    pairs = {
        site: [(int(a), int(b)) for a, b in zip(events[at], held[at], strict=True)]
        for at, site in enumerate(counts.sites)
    }
    return funnel(pairs, sureness, effect=effect)


@dataclass(frozen=True, slots=True)
class _Around:
    """What the limits stand around, and what widens them."""

    share: float
    effect: float
    spread: float
    sureness: Sureness

    def limit(self, total: int) -> Limit:
        """Return the limits of a site of that size."""
        return Limit(
            total,
            self._ends(total, self.sureness.funnel_inner_percent),
            self._ends(total, self.sureness.funnel_outer_percent),
        )

    def _ends(self, total: int, percent: Decimal) -> tuple[float, float]:
        level = float(percent) / 100
        worth = max(1, round(total / self.effect))
        found = binomial_limits(round(worth * self.share), worth, self.share, level=level)
        sites = NormalDist().inv_cdf((1 + level) / 2) * self.spread
        below, above = hypot(self.share - found.lower, sites), hypot(found.upper - self.share, sites)
        return max(0.0, self.share - below), min(1.0, self.share + above)


def _apart(
    held: Mapping[str, np.ndarray], whole: np.ndarray, sureness: Sureness, effect: float
) -> tuple[float, tuple[str, ...]]:
    """Return the spread of sites beyond chance, and which lie beyond the outer limit of both; none of few sites."""
    if len(held) < FEWEST_SITES:
        return 0.0, ()
    rates, share = _rates(whole), float(whole[:, 0].sum() / whole[:, 1].sum())
    cells = np.stack(list(held.values()))
    due, total = (rates * cells[..., 1]).sum(axis=-1), cells[..., 1].sum(axis=-1)
    if not (due > 0).all():
        return 0.0, ()
    found = cells[..., 0].sum(axis=-1) / due * share
    found = found - np.median(found)
    chance = effect * share * (1 - share) / total
    spread = float(spread_between(found, chance))
    z = NormalDist().inv_cdf((1 + float(sureness.funnel_outer_percent) / 100) / 2)
    far = np.abs(found) > z * np.sqrt(chance + spread**2)
    return spread, tuple(site for site, is_far in zip(held, far, strict=True) if is_far)


def _rates(cells: np.ndarray) -> np.ndarray:
    return np.divide(cells[:, 0], cells[:, 1], out=np.zeros(len(cells)), where=cells[:, 1] > 0)


def _point(site: str, cells: np.ndarray, rates: np.ndarray, around: _Around) -> Point:
    met, total = int(cells[:, 0].sum()), int(cells[:, 1].sum())
    expected = float((rates * cells[:, 1]).sum())
    if expected <= 0:
        return Point(site, total, met, expected, None, INSIDE)
    adjusted, limits = met / expected * around.share, around.limit(total)
    place = next(
        (word for word, (lower, upper) in ((INSIDE, limits.inner), (NEAR, limits.outer)) if lower <= adjusted <= upper),
        OUTSIDE,
    )
    return Point(site, total, met, expected, adjusted, place)


def _sizes(most: int) -> list[int]:
    """Return rising sizes at which the limits are drawn, up to a tenth above the largest site."""
    top = max(10, round(most * 1.1))
    return sorted({max(1, round(top * (step / 40) ** 1.5)) for step in range(1, 41)})
