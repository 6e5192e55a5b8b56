"""Adverse events of invented sessions. A site that monitors poorly reports few of them."""

from dataclasses import dataclass

import numpy as np

from daybreak.register.synthetic.calibration import Calibration
from daybreak.register.synthetic.columns import Columns, keys, same, words
from daybreak.register.synthetic.people import People
from daybreak.register.synthetic.recipe import Place, Recipe
from daybreak.register.synthetic.treatment import FACTS_A_PERSON, Sessions
from daybreak.register.tables import CRITERIA

# The chance of each in one session, and how often it is graded 2 or 3; invented.
_USUAL = {
    "dissociation": (0.22, 0.2, 0.01),
    "nausea": (0.09, 0.2, 0.01),
    "headache": (0.07, 0.15, 0.0),
    "dizziness": (0.06, 0.1, 0.0),
    "anxiety": (0.04, 0.25, 0.02),
    "sedation": (0.05, 0.15, 0.01),
    "vomiting": (0.015, 0.4, 0.02),
    "fainting": (0.001, 0.5, 0.2),
    "suicidal_thoughts": (0.0006, 0.4, 0.5),
}
_PRESSURE, _BLADDER = "high_blood_pressure", "urinary_symptoms"
TERMS = (*_USUAL, _PRESSURE, _BLADDER)
_CRITERIA_SHARE = {"suicidal_thoughts": 0.4, "fainting": 0.1, _PRESSURE: 0.03}
_RELATIONS, _RELATION_SHARES = ("possible", "probable", "certain", "unlikely"), (0.3, 0.45, 0.15, 0.1)
_FIRST_EVENT, _STAYS = 512, 0.4


@dataclass(frozen=True, slots=True)
class Events:
    """Arrays with one value for each event that was reported; `session` is the place among the sessions."""

    session: np.ndarray
    term: np.ndarray
    grade: np.ndarray
    serious: np.ndarray
    minute: np.ndarray


def happened(rng: np.random.Generator, recipe: Recipe, known: Calibration, place: Place, sessions: Sessions) -> Events:
    """Draw the events of sessions, by person and time."""
    reported = known.model.reported_where_poorly_monitored if place.monitors_poorly else 1.0
    found = []
    for term, name in enumerate(TERMS):
        chance, moderate, severe = _chances(name, recipe, known, sessions)
        session = np.flatnonzero(rng.random(sessions.count) < chance * reported)
        drawn = rng.random(len(session))
        grade = 1 + (drawn < moderate + severe).astype(np.int64) + (drawn < severe)
        serious = rng.random(len(session)) < _CRITERIA_SHARE.get(name, 0.0)
        found.append((session, np.full(len(session), term), grade, serious))
    session, term, grade, serious = (np.concatenate(each) for each in zip(*found, strict=True))
    minute = sessions.minute[session] + rng.integers(3, 60, len(session))
    order = np.lexsort((term, minute, sessions.person[session]))
    return Events(*(each[order] for each in (session, term, grade, serious, minute)))


def event_columns(
    rng: np.random.Generator, place: Place, people: People, sessions: Sessions, events: Events
) -> Columns:
    """Return the table of events."""
    count, person = len(events.session), sessions.person[events.session]
    starts = np.flatnonzero(np.concatenate(([True], person[1:] != person[:-1]))) if count else np.array([], int)
    within = np.arange(count) - np.repeat(starts, np.diff(np.append(starts, count)))
    relation = rng.choice(len(_RELATIONS), count, p=_RELATION_SHARES)
    stay = events.serious & (rng.random(count) < _STAYS)
    lasts = rng.integers(10, 24 * 60, count) * events.grade
    none = np.zeros(count, dtype=bool)
    return {
        "site": same(place.code, count),
        "person": keys(people.number[person]),
        "key": keys(people.number[person] * FACTS_A_PERSON + _FIRST_EVENT + within),
        "session": keys(sessions.fact[events.session]),
        "term": words(events.term, TERMS),
        "grade": events.grade,
        "serious": events.serious,
        **dict.fromkeys(CRITERIA, none),
        "hospital_stay": stay,
        "important_medical_event": events.serious & ~stay,
        "relation": words(relation, _RELATIONS),
        "course": same("recovered", count),
        "measure": words((events.grade > 2).astype(int), ("none", "dose_paused")),
        "day": events.minute // 1440,
        "minute": events.minute,
        "ended_minute": events.minute + lasts,
    }


def _chances(
    name: str, recipe: Recipe, known: Calibration, sessions: Sessions
) -> tuple["np.ndarray | float", float, float]:
    if name == _PRESSURE:
        severe = (sessions.systolic_peak >= known.published.severe_systolic) | (
            sessions.diastolic_peak >= known.published.severe_diastolic
        )
        return (severe & ~sessions.unread) * 0.9, 0.5, 0.45
    if name == _BLADDER:
        more = known.model.urinary_symptoms_per_session if "bladder" in recipe.effects else 0.0
        return known.model.urinary_symptoms + more * (sessions.nth - 1), 0.3, 0.02
    return _USUAL[name]
