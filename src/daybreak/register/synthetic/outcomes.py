"""What was asked and answered: totals of the PHQ-9, checks in long treatment, and why observation ended."""

from dataclasses import dataclass

import numpy as np

from daybreak.register.synthetic.calibration import Model
from daybreak.register.synthetic.columns import Columns, keys, same, words
from daybreak.register.synthetic.people import HIGHEST_TOTAL, People
from daybreak.register.synthetic.recipe import Place, Recipe
from daybreak.register.synthetic.treatment import A_DAY, FACTS_A_PERSON, Sessions

QUESTIONNAIRE, QUESTIONNAIRE_VERSION = "phq9", 1
CHECK, CHECK_VERSION = "long_term_effects", 2
BANDS = ("minimal", "mild", "moderate", "moderately_severe", "severe")
_BAND_EDGES = (5, 10, 15, 20)
# Weeks after the outcome visit at which people are asked again.
_WEEKS = np.array([*range(1, 13), 16, 20, 24])
_CHECK_EVERY = 8
_KINDS, _KIND_SHARES = ("died", "lost", "moved", "transferred", "withdrew"), (0.01, 0.66, 0.12, 0.09, 0.12)
_SOURCES = ("notice", "clinic", "patient", "other clinic", "patient")
_FIRST_SCORE, _FIRST_CHECK = 256, 384
_ASKED_BEFORE = 30


@dataclass(frozen=True, slots=True)
class Checks:
    """At which sessions (places among them) the long-term effects were asked, and the bladder score there."""

    session: np.ndarray
    bladder: np.ndarray


def score_columns(
    rng: np.random.Generator, model: Model, place: Place, people: People, sessions: Sessions, checks: Checks
) -> Columns:
    """Return the table of scores: PHQ-9 totals, and the bladder score of checks in long treatment."""
    person, day, total, nth = _totals(rng, model, place, people)
    checked, points = checks.session, checks.bladder
    every = np.concatenate((person, sessions.person[checked]))
    minute = np.concatenate((np.rint(day * A_DAY).astype(np.int64), sessions.minute[checked] - _ASKED_BEFORE))
    fact = np.concatenate((nth + _FIRST_SCORE, sessions.nth[checked] + _FIRST_CHECK))
    is_check = np.arange(len(every)) >= len(person)
    value = np.concatenate((total, points)).astype(np.float64)
    order = np.lexsort((fact, minute, every))
    every, minute, fact, is_check, value = (each[order] for each in (every, minute, fact, is_check, value))
    number = people.number[every]
    return {
        "site": same(place.code, len(every)),
        "person": keys(number),
        "key": keys(number * FACTS_A_PERSON + fact),
        "instrument": words(is_check.astype(int), (QUESTIONNAIRE, CHECK)),
        "instrument_version": np.where(is_check, CHECK_VERSION, QUESTIONNAIRE_VERSION),
        "name": words(is_check.astype(int), ("total", "bladder")),
        "value": value,
        "band": words(np.where(is_check, -1, np.digitize(value, _BAND_EDGES)), BANDS),
        "prorated": np.zeros(len(every), dtype=bool),
        "day": minute // A_DAY,
        "minute": minute,
    }


def _totals(rng: np.random.Generator, model: Model, place: Place, people: People) -> tuple[np.ndarray, ...]:
    """Return person, day, total and place in the schedule of every PHQ-9 that was answered."""
    count, last = people.count, people.last_induction_day
    later = people.visit_day[:, None] + 7 * _WEEKS + rng.uniform(-1, 1, (count, len(_WEEKS)))
    early = np.stack(
        (-rng.uniform(0.1, 7, count), last + rng.uniform(0.8, 1.3, count), last + rng.uniform(6, 8, count)), axis=1
    )
    days = np.concatenate((early, people.visit_day[:, None], later), axis=1)
    well = people.responds[:, None] & (days < people.relapse_day[:, None])
    totals = np.concatenate(
        (
            people.baseline[:, None],
            _on_the_way(rng, people, 0.85, 1.5)[:, None],
            _on_the_way(rng, people, 0.95, 1.5)[:, None],
            people.visit_total[:, None],
            _afterwards(rng, people, well[:, 4:]),
        ),
        axis=1,
    )
    missed = np.where(well, model.misses_responding, model.misses_otherwise)
    missed[:, 0] = 0.04
    if place.monitors_poorly:
        missed = missed + model.misses_more_where_poorly_monitored
    answered = (rng.random(days.shape) >= missed) & (days <= people.end_day[:, None])
    person, column = np.nonzero(answered)
    return person, days[person, column], totals[person, column], column


def _on_the_way(rng: np.random.Generator, people: People, share: float, spread: float) -> np.ndarray:
    """Return a total at which so large a share of the improvement is reached."""
    return _total(people.baseline * (1 - share * people.improvement) + rng.normal(0, spread, people.count))


def _afterwards(rng: np.random.Generator, people: People, well: np.ndarray) -> np.ndarray:
    """Return the totals after the outcome visit: at most half the baseline while well, above it otherwise."""
    half = (people.baseline // 2)[:, None]
    around = people.visit_total[:, None] + rng.normal(0, 1.8, well.shape)
    fallen = half + 1 + np.abs(rng.normal(2, 3, well.shape))
    otherwise = np.where(people.responds[:, None], fallen, np.maximum(around, half + 1))
    return _total(np.where(well, np.minimum(np.rint(around), half), otherwise))


def _total(value: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(value), 0, HIGHEST_TOTAL).astype(np.int64)


def checked(rng: np.random.Generator, recipe: Recipe, model: Model, sessions: Sessions) -> Checks:
    """Draw at which sessions the long-term effects were asked, and the bladder score there."""
    at = np.flatnonzero((sessions.nth % _CHECK_EVERY == 1) & (rng.random(sessions.count) < 0.9))
    mean = np.full(len(at), model.bladder_points)
    if "bladder" in recipe.effects:
        mean = mean + model.bladder_points_per_session * (sessions.nth[at] - 1)
    return Checks(at, np.minimum(rng.poisson(mean), 12))


def check_columns(place: Place, people: People, sessions: Sessions, checks: Checks) -> Columns:
    """Return the table of long-term checks."""
    count, person = len(checks.session), sessions.person[checks.session]
    minute = sessions.minute[checks.session] - _ASKED_BEFORE
    return {
        "site": same(place.code, count),
        "person": keys(people.number[person]),
        "key": keys(people.number[person] * FACTS_A_PERSON + sessions.nth[checks.session] + _FIRST_CHECK),
        "checked": same("bladder", count),
        "value": checks.bladder.astype(np.float64),
        "finding": same(None, count),
        "day": minute // A_DAY,
        "minute": minute,
    }


def end_columns(rng: np.random.Generator, people: People, place: Place) -> Columns:
    """Return the table of ends: one row for each person who left."""
    gone = np.flatnonzero(people.left)
    kind = rng.choice(len(_KINDS), len(gone), p=_KIND_SHARES)
    minute = np.maximum(np.rint(people.end_day[gone] * A_DAY).astype(np.int64), A_DAY) // A_DAY * A_DAY
    return {
        "site": same(place.code, len(gone)),
        "person": keys(people.number[gone]),
        "kind": words(kind, _KINDS),
        "source": words(kind, _SOURCES),
        "attempts": np.where(kind == 1, rng.integers(2, 6, len(gone)), 0),
        "manner": words(np.where(kind == 0, 0, -1), ("disease",)),
        "day": minute // A_DAY,
        "minute": minute,
    }
