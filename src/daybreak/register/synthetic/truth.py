"""What is true of the invented people: the same invention, asked of very many of whom nothing is missing.

An analysis of a cohort is right where its interval holds these numbers as often as it says.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from daybreak.register.synthetic.calibration import calibration
from daybreak.register.synthetic.harms import happened
from daybreak.register.synthetic.outcomes import checked
from daybreak.register.synthetic.people import People, drawn
from daybreak.register.synthetic.recipe import Place, Recipe
from daybreak.register.synthetic.treatment import A_DAY, Sessions, held

MANY_SESSIONS, WORSE_BY, FIRST_DAYS = 16, 2, 28
_AN_INDUCTION = (4, 8)
_PIECE, _STREAM = 20_000, 7


@dataclass
class _Share:
    """So many of so many."""

    met: float = 0.0
    of: float = 0.0

    def add(self, met: np.ndarray) -> None:
        self.met += float(met.sum())
        self.of += len(met)

    @property
    def value(self) -> float:
        return self.met / self.of


def known_truth(recipe: Recipe, *, people: int) -> dict[str, float]:
    """Return by the names of the open questions the difference of shares that the invention holds, over about so many
    people: response by dose and by dampening drug, a worse bladder score after many sessions, an event on record where
    monitoring is poor.
    """
    pairs = {name: (_Share(), _Share()) for name in ("dose", "dampening_drugs", "bladder", "training_and_monitoring")}
    known = calibration()
    for rng, place, numbers in _pieces(recipe, people):
        drawn_here = drawn(rng, recipe, known.model, place, numbers)
        sessions = held(rng, known, place, drawn_here)
        inside = (drawn_here.infusions >= _AN_INDUCTION[0]) & (drawn_here.infusions <= _AN_INDUCTION[1])
        dose, responds = drawn_here.mg_per_kg, drawn_here.responds
        _add(pairs["dose"], inside & (dose >= 0.7), inside & (np.abs(dose - 0.5) < 0.05), responds)
        _add(pairs["dampening_drugs"], inside & drawn_here.dampened, inside & ~drawn_here.dampened, responds)
        _add(pairs["bladder"], *_checks(rng, recipe, sessions))
        reported = _reported(rng, recipe, place, drawn_here, sessions)
        everybody = np.ones(drawn_here.count, dtype=bool)
        poorly = everybody & place.monitors_poorly
        _add(pairs["training_and_monitoring"], poorly, everybody & ~poorly, reported)
    return {name: group.value - compared.value for name, (group, compared) in pairs.items()}


def _pieces(recipe: Recipe, people: int) -> Iterator[tuple[np.random.Generator, Place, np.ndarray]]:
    """Yield so many people, each site with its share but the one that monitors poorly, which has a share of its own."""
    for place in recipe.places():
        share = 0.05 if place.monitors_poorly else 0.95 * place.people / recipe.persons
        left, nth = round(people * share), 0
        while left > 0:
            taken = min(left, _PIECE)
            yield np.random.default_rng([recipe.seed, _STREAM, place.number, nth]), place, np.arange(taken)
            left, nth = left - taken, nth + 1


def _add(pair: tuple[_Share, _Share], group: np.ndarray, compared: np.ndarray, met: np.ndarray) -> None:
    pair[0].add(met[group])
    pair[1].add(met[compared])


def _checks(rng: np.random.Generator, recipe: Recipe, sessions: Sessions) -> tuple[np.ndarray, ...]:
    """Return of each check after a person's first one: whether it came after many sessions, after few, was worse."""
    checks = checked(rng, recipe, calibration().model, sessions)
    person, before = sessions.person[checks.session], sessions.nth[checks.session] - 1
    starts = np.concatenate(([True], person[1:] != person[:-1])) if len(person) else np.zeros(0, dtype=bool)
    first = np.maximum.accumulate(np.where(starts, np.arange(len(person)), 0))
    worse = checks.bladder - checks.bladder[first] >= WORSE_BY
    return ~starts & (before >= MANY_SESSIONS), ~starts & (before < MANY_SESSIONS), worse


def _reported(rng: np.random.Generator, recipe: Recipe, place: Place, people: People, sessions: Sessions) -> np.ndarray:
    events = happened(rng, recipe, calibration(), place, sessions)
    early = events.minute < FIRST_DAYS * A_DAY
    return np.bincount(sessions.person[events.session[early]], minlength=people.count) > 0
