"""Who is in the invented cohort, how each does, and until when each is watched."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from daybreak.register.synthetic.calibration import Model
from daybreak.register.synthetic.recipe import Place, Recipe

SEXES, _SEX_SHARES = ("female", "male", "other", "unknown"), (0.6, 0.39, 0.006, 0.004)
_DOSES, _DOSE_SHARES = np.array([0.4, 0.5, 0.6, 0.75, 1.0]), np.array([0.06, 0.64, 0.12, 0.12, 0.06])
_DAMPENED = 0.3
_INFUSIONS = np.arange(1, 11)
_INFUSION_SHARES = np.array([0.05, 0.05, 0.05, 0.12, 0.1, 0.42, 0.08, 0.08, 0.03, 0.02])
LONGEST_INDUCTION = len(_INFUSIONS)
HIGHEST_TOTAL, LOWEST_BASELINE = 27, 10
_SHORTEST_WATCH, _LONGEST_WATCH = 75.0, 540.0
_VISIT_FROM, _VISIT_UNTIL = 14.5, 30.5
A_WEEK = 7 * 1440
# Monday, 4 January 2021, and two years: with the longest watch all of it lies in the past.
_FIRST_WEEK, _WEEKS_OF_STARTING = 1096, 104


@dataclass(frozen=True, slots=True)
class People:
    """Arrays with one value for each person. Days are counted from the first session.

    `visit_day` is the day of the outcome visit, `relapse_day` when a responder falls back (infinity for who never
    does), `end_day` until when anything is known, `left` whether that is because the person left, and `started` the
    minute of the first session, counted from the calendar's first Monday.
    """

    number: np.ndarray
    sex: np.ndarray
    age: np.ndarray
    weight: np.ndarray
    mg_per_kg: np.ndarray
    dampened: np.ndarray
    baseline: np.ndarray
    improvement: np.ndarray
    infusions: np.ndarray
    induction_days: np.ndarray
    visit_day: np.ndarray
    visit_total: np.ndarray
    responds: np.ndarray
    relapse_day: np.ndarray
    end_day: np.ndarray
    left: np.ndarray
    started: np.ndarray

    @property
    def count(self) -> int:
        """Return how many people there are."""
        return len(self.number)

    @property
    def last_induction_day(self) -> np.ndarray:
        """Return the day of each person's last infusion of the induction."""
        return self.induction_days[np.arange(self.count), self.infusions - 1]


def drawn(rng: np.random.Generator, recipe: Recipe, model: Model, place: Place, numbers: np.ndarray) -> People:
    """Draw the people of those numbers at a place."""
    count = len(numbers)
    sex = rng.choice(len(SEXES), count, p=_SEX_SHARES)
    dose, dampened = rng.choice(_DOSES, count, p=_DOSE_SHARES), rng.random(count) < _DAMPENED
    baseline = np.clip(np.rint(rng.normal(18.5, 4.3, count)), LOWEST_BASELINE, HIGHEST_TOTAL).astype(np.int64)
    improvement = _improvement(rng, recipe, model, place, dose, dampened)
    infusions = rng.choice(_INFUSIONS, count, p=_INFUSION_SHARES)
    induction = _induction(rng, count)
    last = induction[np.arange(count), infusions - 1]
    visit_day = last + rng.uniform(_VISIT_FROM, _VISIT_UNTIL, count)
    total = np.clip(np.rint(baseline * (1 - improvement) + rng.normal(0, 1, count)), 0, HIGHEST_TOTAL).astype(np.int64)
    responds = 2 * total <= baseline
    relapse = visit_day + model.relapse_scale_days * rng.weibull(model.relapse_shape, count)
    watched = rng.uniform(_SHORTEST_WATCH, _LONGEST_WATCH, count)
    leaves = last + rng.exponential(1, count) / np.where(responds, model.leaves_responding, model.leaves_otherwise)
    return People(
        number=numbers,
        sex=sex,
        age=np.clip(rng.normal(43, 14, count), 18, 90).astype(np.int64),
        weight=np.round(np.clip(rng.normal(np.where(sex == 1, 88, 74), 16), 42, 180), 1),
        mg_per_kg=dose,
        dampened=dampened,
        baseline=baseline,
        improvement=improvement,
        infusions=infusions,
        induction_days=induction,
        visit_day=visit_day,
        visit_total=total,
        responds=responds,
        relapse_day=np.where(responds, relapse, np.inf),
        end_day=np.minimum(watched, leaves),
        left=leaves < watched,
        started=rng.integers(_FIRST_WEEK * A_WEEK, (_FIRST_WEEK + _WEEKS_OF_STARTING) * A_WEEK, count),
    )


def site_effect(recipe: Recipe, model: Model, place: Place) -> float:
    """Return by how much people improve more at a place than elsewhere, as a share of their baseline.

    The effects of all sites are centred; what makes one site do worse is not.
    """
    own = _site_effects(recipe, model.improvement_by_site_sd)[place.number]
    return own + (model.worse_site_improvement if place.does_worse else 0.0)


@lru_cache(maxsize=16)
def _site_effects(recipe: Recipe, spread: float) -> tuple[float, ...]:
    people = np.array([place.people for place in recipe.places()])
    effects = np.random.default_rng([recipe.seed, 1]).normal(0, spread, len(people))
    return tuple((effects - effects @ people / people.sum()).tolist())


def _improvement(
    rng: np.random.Generator, recipe: Recipe, model: Model, place: Place, dose: np.ndarray, dampened: np.ndarray
) -> np.ndarray:
    """Return the improvement. A planted effect is centred, so that it moves people and not the average."""
    mean = np.full(len(dose), model.improvement_mean + site_effect(recipe, model, place))
    if "dose" in recipe.effects:
        centre = float(np.log(_DOSES) @ _DOSE_SHARES)
        mean += model.dose_improvement_per_log * (np.log(dose) - centre)
    if "dampening" in recipe.effects:
        mean += model.dampening_improvement * (dampened - _DAMPENED)
    return rng.normal(mean, model.improvement_sd)


def _induction(rng: np.random.Generator, count: int) -> np.ndarray:
    """Return the days of up to ten infusions: most people come two or three times a week, some once."""
    weekly = rng.random((count, 1)) < 0.06
    gaps = np.where(weekly, 7, rng.choice([2, 3, 4], (count, LONGEST_INDUCTION - 1), p=[0.4, 0.35, 0.25]))
    days = np.concatenate((np.zeros((count, 1)), np.cumsum(gaps, axis=1)), axis=1)
    days[:, 1:] += rng.uniform(-0.1, 0.1, (count, LONGEST_INDUCTION - 1))
    return days
