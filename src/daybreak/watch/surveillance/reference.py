"""What the other sites let expect of a site.

A site that stands far apart says nothing of the others: one that reports little would make every other look worse. It
is left out of what they are compared with, and named.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from daybreak.rulebook.public import Sureness
from daybreak.stats.public import spread_between
from daybreak.watch.surveillance.counts import Counts

# A stratum in which nothing was seen elsewhere is not without risk: half an event is added to what was seen.
HALF = 0.5
# With fewer sites nobody can say which of them is the one that stands apart, nor how far they ordinarily lie.
FEWEST_SITES = 5


@dataclass(frozen=True, eq=False, slots=True)
class Reference:
    """For each site, (…, sites): the risks (…, sites, strata) that others let expect, and whether it stands so far
    apart that it is left out of those.
    """

    risks: Counts
    apart: NDArray[np.bool_]


def risks_of(events: Counts, held: Counts) -> Counts:
    """Return the risk in each stratum, of what was seen there: (…, strata) from the same."""
    risks: Counts = (events + HALF) / (held + 2 * HALF)
    return risks


def reference(events: Counts, held: Counts, sureness: Sureness, *, effect: Counts | float = 1.0) -> Reference:
    """Return what each site is compared with, from all its `events` in sessions `held`, (…, sites, strata), and the
    design `effect` (…) of sessions of one person.

    Sites lie apart by chance and by an ordinary spread; a site beyond the outer limit of both is left out for the
    others.
    """
    apart = _apart(events, held, sureness, np.asarray(effect, dtype=np.float64))
    kept = ~apart[..., None]
    seen, had = np.where(kept, events, 0.0), np.where(kept, held, 0.0)
    others_seen, others_had = seen.sum(axis=-2, keepdims=True) - seen, had.sum(axis=-2, keepdims=True) - had
    return Reference(risks_of(others_seen, others_had), apart)


def _apart(events: Counts, held: Counts, sureness: Sureness, effect: Counts) -> NDArray[np.bool_]:
    """Return which sites stand apart, by the logarithms of their odds."""
    had = held.sum(axis=-1)
    if had.shape[-1] < FEWEST_SITES or not (had > 0).all():
        return np.zeros(had.shape, dtype=bool)
    whole = risks_of(events.sum(axis=-2), held.sum(axis=-2))
    due, seen = (held * whole[..., None, :]).sum(axis=-1), events.sum(axis=-1)
    found = _logit(seen, had) - _logit(due, had)
    found = found - np.median(found, axis=-1, keepdims=True)
    chance = effect[..., None] * (1 / (due + HALF) + 1 / np.maximum(had - due, HALF))
    spread = spread_between(found, chance)
    limit = NormalDist().inv_cdf(0.5 + float(sureness.funnel_outer_percent) / 200)
    far: NDArray[np.bool_] = np.abs(found) > limit * np.sqrt(chance + spread[..., None] ** 2)
    return far


def _logit(seen: Counts, had: Counts) -> Counts:
    odds: Counts = np.log((seen + HALF) / (had - seen + HALF))
    return odds
