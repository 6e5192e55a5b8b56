"""Invented people and their sessions: each with a tendency of one's own, at sites that are not quite alike."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from daybreak.stats.public import design_effect
from daybreak.watch.surveillance.counts import Counts

Places = NDArray[np.int64]
# Sessions a week at a site: first, second to sixth, later. Each week so many people begin; one in four stays longer.
PACE = (4, 8, 8)
_EARLY, _LATER, _STAYS = (0, 1, 2), tuple(range(4, 36, 4)), 4
# How much of what makes an event likely belongs to the person (on the scale of the probit), and how far apart the
# logarithms of the odds of sites lie. Invented.
WITHIN, BETWEEN = 0.25, 0.1


@dataclass(frozen=True, eq=False, slots=True)
class Simulated:
    """Runs of a register: events (runs, sites, weeks, strata), sessions (weeks, strata) at every site, and the design
    effect of each run as the product works it out. `alike` are sites taken as alike.
    """

    events: Counts
    held: Counts
    effect: Counts
    alike: bool = False

    def as_independent(self) -> "Simulated":
        """Return the same counts, taken as if sessions were independent and sites alike."""
        return replace(self, effect=np.ones_like(self.effect), alike=True)


@dataclass(frozen=True, eq=False, slots=True)
class Sessions:
    """The sessions of one site, sorted by week and stratum: whose each is, and in which cell."""

    weeks: int
    people: int
    person: Places
    cell: Places
    by_person: Places

    @staticmethod
    @lru_cache(maxsize=4)
    def of(weeks: int) -> "Sessions":
        """Return the sessions of a site that has long been at its pace when it is first watched."""
        before = max(_LATER)
        entered = np.repeat(np.arange(-before, weeks), PACE[0])
        offsets, strata = np.array((*_EARLY, *_LATER)), np.array([0, 1, 1, *[2] * len(_LATER)])
        week = entered[:, None] + offsets
        held = (week >= 0) & (week < weeks)
        held[:, len(_EARLY) :] &= (np.arange(len(entered)) % _STAYS == 0)[:, None]
        person, slot = np.nonzero(held)
        person = np.unique(person, return_inverse=True)[1]
        cell = week[held] * len(PACE) + strata[slot]
        order = np.argsort(cell, kind="stable")
        person, cell = person[order], cell[order]
        return Sessions(weeks, int(person.max()) + 1, person, cell, np.argsort(person, kind="stable"))

    def drawn(self, draw: np.random.Generator, odds: Counts) -> Simulated:
        """Return runs in which each session's risk is as its odds (runs, sites, weeks, strata) say, and a person's
        sessions hang together by a tendency that they share.
        """
        runs, sites = odds.shape[:2]
        bound = ndtri(odds / (1 + odds)).reshape(runs, sites, -1)[..., self.cell]
        own = draw.standard_normal((runs, sites, self.people), dtype=np.float32)[..., self.person]
        rest = draw.standard_normal((runs, sites, len(self.cell)), dtype=np.float32)
        happened = (np.sqrt(WITHIN) * own + np.sqrt(1 - WITHIN) * rest < bound).astype(np.float64)
        cells = np.bincount(self.cell, minlength=self.weeks * len(PACE)).astype(np.float64)
        events = _summed(happened, cells.astype(np.int64)).reshape(odds.shape)
        held = cells.reshape(self.weeks, len(PACE))
        return Simulated(events, held, self._effect(happened, events, held))

    def _effect(self, happened: Counts, events: Counts, held: Counts) -> Counts:
        """Return the design effect of each run, as `reductions.clustering` has it of rows."""
        risks = events.sum(axis=2) / held.sum(axis=0)
        due = risks[..., self.cell % len(PACE)]
        sessions = np.bincount(self.person)
        apart = _summed((happened - due)[..., self.by_person], sessions)
        return design_effect((apart**2).sum(axis=(1, 2)), (due * (1 - due)).sum(axis=(1, 2)))


def _summed(values: Counts, lengths: Places) -> Counts:
    """Return the sums over stretches of the last axis, each of a length that may be 0."""
    ends = np.cumsum(lengths)
    found = np.add.reduceat(values, np.minimum(ends - lengths, values.shape[-1] - 1), axis=-1)
    summed: Counts = np.where(lengths > 0, found, 0.0)
    return summed
