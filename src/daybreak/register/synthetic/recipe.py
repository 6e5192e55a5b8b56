"""What a cohort is made from: how many people, the seed, and which effects are planted in it."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from daybreak import __version__
from daybreak.kernel.refusal import Refusal
from daybreak.register.manifest import INVENTED
from daybreak.register.synthetic.calibration import calibration

EFFECTS = {
    "dose": "more milligrams per kilogram, more improvement",
    "dampening": "a benzodiazepine before the session, less improvement",
    "bladder": "each session adds to the chance of urinary symptoms and to the bladder score",
}
FEWEST, MOST = 100, 10_000_000
_PEOPLE_A_SITE, _FEWEST_SITES, _MOST_SITES = 500, 6, 200
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"


class NotARecipe(Refusal):
    """A cohort that cannot be made."""


@dataclass(frozen=True, slots=True)
class Place:
    """One invented site: how many people it has in the register, and whether it deviates."""

    code: str
    number: int
    first_person: int
    people: int
    does_worse: bool
    monitors_poorly: bool


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides what stands in the files. The same recipe gives the same bytes."""

    persons: int
    seed: int
    effects: frozenset[str]

    @property
    def id(self) -> str:
        """Return the name of the snapshot: made from the recipe, so that one cohort has one name."""
        text = json.dumps(
            {**self.told(), "version": __version__, "calibration": calibration().fingerprint}, sort_keys=True
        )
        digest = hashlib.sha256(text.encode()).digest()
        return INVENTED + "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:8])

    def told(self) -> dict[str, Any]:
        """Return the recipe for the manifest, with the sites that deviate: whoever tests a method must know."""
        places = self.places()
        return {
            "persons": self.persons,
            "seed": self.seed,
            "effects": sorted(self.effects),
            "does_worse": [place.code for place in places if place.does_worse],
            "monitors_poorly": [place.code for place in places if place.monitors_poorly],
        }

    def places(self) -> tuple[Place, ...]:
        """Return the sites, of different sizes; one of them does worse, another monitors poorly."""
        count = max(_FEWEST_SITES, min(_MOST_SITES, self.persons // _PEOPLE_A_SITE))
        weights = np.random.default_rng([self.seed, 0]).lognormal(0, 0.6, count)
        edges = np.round(np.concatenate(([0], np.cumsum(weights))) / weights.sum() * self.persons).astype(int)
        return tuple(
            Place(
                code=f"synthetic-{number + 1:03d}",
                number=number,
                first_person=int(edges[number]),
                people=int(edges[number + 1] - edges[number]),
                does_worse=number == count // 3,
                monitors_poorly=number == 2 * count // 3,
            )
            for number in range(count)
        )


def recipe(*, persons: int, seed: int, effects: Iterable[str] = tuple(EFFECTS)) -> Recipe:
    """Return the recipe; raise NotARecipe with one sentence for what cannot be made."""
    wanted = frozenset(effects)
    if not FEWEST <= persons <= MOST:
        raise NotARecipe(f"A cohort has between {FEWEST:,} and {MOST:,} persons, not {persons:,}.")
    if seed < 0:
        raise NotARecipe("A seed is a whole number, 0 or above.")
    if unknown := sorted(wanted - EFFECTS.keys()):
        raise NotARecipe(f"There is no effect “{unknown[0]}”. There are {', '.join(EFFECTS)}.")
    return Recipe(persons, seed, wanted)
