"""Courses, sessions, what was read and given in them."""

from dataclasses import dataclass

import numpy as np

from daybreak.register.synthetic.calibration import Calibration
from daybreak.register.synthetic.columns import Columns, keys, same, words
from daybreak.register.synthetic.people import LONGEST_INDUCTION, People
from daybreak.register.synthetic.recipe import Place

PROTOCOL, PROTOCOL_VERSION, ROUTE = "ketamine_iv_40min", 5, "intravenous"
A_DAY, INFUSION_MINUTES = 1440, 40
# Facts of one person are numbered from this many times the person's number: keys rise with person and never meet.
FACTS_A_PERSON = 1024
_LONGEST_MAINTENANCE = 40
_INTERVALS, _INTERVAL_SHARES = (7, 14, 21, 28), (0.1, 0.3, 0.3, 0.3)
_STOPPED = 0.006
_ENDINGS, _STOP_REASONS = ("completed", "stopped"), ("blood_pressure", "patient_wish", "distress")
_SIGNS = ("diastolic_pressure", "oxygen_saturation", "systolic_pressure")
_UNITS = ("mm[Hg]", "%", "mm[Hg]")
_READ_TIMES, _READ_TIMES_POORLY = 9, 2


@dataclass(frozen=True, slots=True)
class Sessions:
    """Arrays with one value for each session, sorted by person and time; `person` is the place among the people."""

    person: np.ndarray
    nth: np.ndarray
    minute: np.ndarray
    fact: np.ndarray
    systolic: np.ndarray
    diastolic: np.ndarray
    systolic_peak: np.ndarray
    diastolic_peak: np.ndarray
    unread: np.ndarray

    @property
    def count(self) -> int:
        """Return how many sessions there are."""
        return len(self.person)


def held(rng: np.random.Generator, known: Calibration, place: Place, people: People) -> Sessions:
    """Draw the sessions of people: the induction, and after the outcome visit a maintenance for some."""
    days = np.concatenate((people.induction_days, _maintenance(rng, people)), axis=1)
    held_here = np.isfinite(days) & (days <= people.end_day[:, None])
    held_here[:, :LONGEST_INDUCTION] &= np.arange(LONGEST_INDUCTION) < people.infusions[:, None]
    held_here[:, 0] = True
    person, column = np.nonzero(held_here)
    nth = (np.cumsum(held_here, axis=1)[person, column]).astype(np.int64)
    minute = np.rint(days[person, column] * A_DAY).astype(np.int64)
    pressure = _pressures(rng, known, people.count, person)
    unread = np.zeros(len(person), dtype=bool)
    if place.monitors_poorly:
        unread = rng.random(len(person)) < known.model.unread_where_poorly_monitored
    return Sessions(person, nth, minute, people.number[person] * FACTS_A_PERSON + nth, *pressure, unread)


def _maintenance(rng: np.random.Generator, people: People) -> np.ndarray:
    """Return the days of later sessions, infinity where there is none. A relapse ends them within a month."""
    count = people.count
    has = rng.random(count) < np.where(people.responds, 0.65, 0.15)
    begin = people.visit_day + rng.uniform(2, 9, count)
    every = rng.choice(_INTERVALS, count, p=_INTERVAL_SHARES)
    gaps = every[:, None] + rng.uniform(-2, 2, (count, _LONGEST_MAINTENANCE))
    days = begin[:, None] + np.cumsum(gaps, axis=1) - gaps[:, :1]
    stop = np.minimum(begin + rng.exponential(150, count), people.relapse_day + rng.uniform(0, 30, count))
    return np.where(has[:, None] & (days <= stop[:, None]), days, np.inf)


def _pressures(rng: np.random.Generator, known: Calibration, people: int, person: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return systolic and diastolic before each session, and both at their peak."""
    published, model, sessions = known.published, known.model, len(person)
    shared = rng.normal(0, 1, people)[person]
    before = [
        mean + sd * (np.sqrt(0.7) * shared + np.sqrt(0.3) * rng.normal(0, 1, sessions))
        for mean, sd in (
            (model.systolic_before, model.systolic_before_sd),
            (model.diastolic_before, model.diastolic_before_sd),
        )
    ]
    own, beside = np.sqrt(model.rise_between_people), np.sqrt(1 - model.rise_between_people)
    common = own * rng.normal(0, 1, people)[person] + beside * rng.normal(0, 1, sessions)
    apart = np.sqrt(1 - model.rise_correlation**2) * rng.normal(0, 1, sessions)
    systolic_rise = published.systolic_rise + published.systolic_rise_sd * common
    diastolic_rise = published.diastolic_rise + published.diastolic_rise_sd * (model.rise_correlation * common + apart)
    systolic, diastolic = (np.rint(each) for each in before)
    return systolic, diastolic, np.rint(systolic + systolic_rise), np.rint(diastolic + diastolic_rise)


def course_columns(rng: np.random.Generator, people: People, site: str) -> Columns:
    """Return the table of courses: one for each person, opened in the fortnight before the first session."""
    minute = -rng.integers(1 * A_DAY, 14 * A_DAY, people.count)
    return {
        "site": same(site, people.count),
        "person": keys(people.number),
        "course": keys(people.number * FACTS_A_PERSON),
        "protocol": same(PROTOCOL, people.count),
        "protocol_version": np.full(people.count, PROTOCOL_VERSION),
        "day": minute // A_DAY,
        "minute": minute,
    }


def session_columns(rng: np.random.Generator, people: People, sessions: Sessions, site: str) -> Columns:
    """Return the table of sessions."""
    number, person = people.number[sessions.person], sessions.person
    stopped = rng.random(sessions.count) < _STOPPED
    share = np.where(stopped, rng.uniform(0.2, 0.9, sessions.count), 1)
    weight = people.weight[person]
    return {
        "site": same(site, sessions.count),
        "person": keys(number),
        "session": keys(sessions.fact),
        "course": keys(number * FACTS_A_PERSON),
        "number": sessions.nth,
        "state": same("discharged", sessions.count),
        "ending": words(stopped.astype(int), _ENDINGS),
        "stop_reason": words(np.where(stopped, sessions.fact % len(_STOP_REASONS), -1), _STOP_REASONS),
        "route": same(ROUTE, sessions.count),
        "medicines_today": same("as_agreed", sessions.count),
        "day": sessions.minute // A_DAY,
        "minute": sessions.minute,
        "ended_minute": sessions.minute + np.rint(INFUSION_MINUTES * share).astype(np.int64),
        "dose_mg": np.round(people.mg_per_kg[person] * weight * share, 1),
        "weight_kg": weight,
    }


def reading_columns(rng: np.random.Generator, people: People, sessions: Sessions, place: Place) -> Columns:
    """Return the table of readings summed up: three signs of each session."""
    count, kinds = sessions.count, len(_SIGNS)
    dip = np.abs(rng.normal(0, 4, (count, 2)))
    saturation = np.rint(np.minimum(100, rng.normal(97.5, 1.2, count)))
    lowest_saturation = np.rint(saturation - np.abs(rng.normal(0, 1.3, count)))
    before = np.stack((sessions.diastolic, saturation, sessions.systolic), axis=1)
    highest = np.stack((sessions.diastolic_peak, saturation, sessions.systolic_peak), axis=1)
    lowest = np.rint(np.minimum(before, highest))
    lowest[:, 0] -= np.rint(dip[:, 0])
    lowest[:, 2] -= np.rint(dip[:, 1])
    lowest[:, 1] = lowest_saturation
    unread = np.repeat(sessions.unread, kinds)
    times = _READ_TIMES_POORLY if place.monitors_poorly else _READ_TIMES
    signs = np.tile(np.arange(kinds), count)
    return {
        "site": same(place.code, count * kinds),
        "person": keys(np.repeat(people.number[sessions.person], kinds)),
        "session": keys(np.repeat(sessions.fact, kinds)),
        "sign": words(signs, _SIGNS),
        "unit": words(signs, _UNITS),
        "readings": np.where(unread, 1, times),
        "baseline": before.ravel(),
        "lowest": np.where(unread, np.nan, lowest.ravel()),
        "highest": np.where(unread, np.nan, highest.ravel()),
    }


def medicine_columns(rng: np.random.Generator, people: People, sessions: Sessions, place: Place) -> Columns:
    """Return the table of medicines: a benzodiazepine that some people take before most of their sessions."""
    taken = np.flatnonzero(people.dampened[sessions.person] & (rng.random(sessions.count) < 0.85))
    minute = sessions.minute[taken] - rng.integers(30, 240, len(taken))
    count = len(taken)
    return {
        "site": same(place.code, count),
        "person": keys(people.number[sessions.person[taken]]),
        "key": keys(sessions.fact[taken] + 128),
        "session": keys(sessions.fact[taken]),
        "medicine": same("lorazepam", count),
        "how": same("taken", count),
        "dose": rng.choice([0.5, 1.0, 2.0], count, p=[0.3, 0.5, 0.2]),
        "unit": same("mg", count),
        "route": same("oral", count),
        "flow": np.full(count, np.nan),
        "device": same(None, count),
        "reason": same(None, count),
        "day": minute // A_DAY,
        "minute": minute,
        "ended_minute": np.ma.masked_all(count, dtype=np.int64),
    }
