"""The short tasks of cognition of invented people: done at some checks, on a device that may change."""

import numpy as np

from daybreak.register.oversight import COGNITION_TASKS
from daybreak.register.synthetic.columns import Columns, keys, same, words
from daybreak.register.synthetic.outcomes import Checks
from daybreak.register.synthetic.people import People
from daybreak.register.synthetic.recipe import Place
from daybreak.register.synthetic.treatment import A_DAY, FACTS_A_PERSON, Sessions

VERSION = 2
# All invented: how many do the tasks at a check, on another device than before, and with somebody beside.
_DONE, _OTHER_DEVICE, _WATCHED = 0.7, 0.15, 0.3
_DONE_BEFORE, _FIRST_RUN, _CHECKS_APART = 20, 448, 8
# In the order of COGNITION_TASKS: trials; of a reaction task, the shares right and of these too early and too late.
_TRIALS, _RIGHT = np.array([24, 8, 50, 20]), np.array([0.95, 0.65, 0.96, 0.99])
_EARLY, _LATE = 0.02, 0.005
_TIMED = np.array([True, False, False, True])
# Milliseconds: the mean of people, how they differ, and how one run differs from another of the same person.
_MEAN, _BETWEEN, _WITHIN = np.array([430.0, 0.0, 0.0, 290.0]), 0.15, 0.06
_SYMBOLS, _SYMBOLS_SD, _FEWEST = COGNITION_TASKS.index("digit_symbol"), 9, 8
_FRAMES = np.array([16.667, 11.111, 8.333])


def cognition_columns(
    rng: np.random.Generator, place: Place, people: People, sessions: Sessions, checks: Checks
) -> Columns:
    """Return the table of the tasks: all four at a check, at the same minute. No harm is planted in them."""
    session = checks.session[rng.random(len(checks.session)) < _DONE]
    person, series = sessions.person[session], _series(rng, sessions.person[session])
    frame = rng.choice(_FRAMES, len(session), p=(0.7, 0.1, 0.2))
    each = np.repeat(np.arange(len(session)), len(COGNITION_TASKS))
    task = np.tile(np.arange(len(COGNITION_TASKS)), len(session))
    trials, counted, early, late = _answers(rng, task)
    own = np.exp(_BETWEEN * rng.normal(0, 1, people.count))[person][each]
    median = _MEAN[task] * own * np.exp(_WITHIN * rng.normal(0, 1, len(task)))
    timed = _TIMED[task]
    value = np.where(timed, np.where(counted < _FEWEST, np.nan, np.round(median, 1)), counted)
    minute = sessions.minute[session] - _DONE_BEFORE
    fact = FACTS_A_PERSON * people.number[person] + _FIRST_RUN
    fact = (fact + sessions.nth[session] // _CHECKS_APART * len(COGNITION_TASKS))[each] + task
    return {
        "site": same(place.code, len(task)),
        "person": keys(people.number[person][each]),
        "key": keys(fact),
        "task": words(task, COGNITION_TASKS),
        "task_version": np.full(len(task), VERSION),
        "series": series[each],
        "trials": trials,
        "counted": counted,
        "too_early": np.ma.masked_array(early, ~timed),
        "too_late": np.ma.masked_array(late, ~timed),
        "wrong": trials - counted - early - late,
        "value": value,
        "unit": words(np.where(timed, 0, 1), ("ms", "{right}")),
        "frame_ms": frame[each],
        "timer_ms": np.full(len(task), 0.1),
        "watched": (rng.random(len(session)) < _WATCHED)[each],
        "exploratory": np.ones(len(task), dtype=bool),
        "day": minute[each] // A_DAY,
        "minute": minute[each],
    }


def _series(rng: np.random.Generator, person: np.ndarray) -> np.ndarray:
    """Return of which of the person's series each check is: a new one wherever the device changed."""
    first = np.concatenate(([True], person[1:] != person[:-1]))[: len(person)]
    changed = np.cumsum(~first & (rng.random(len(person)) < _OTHER_DEVICE))
    return 1 + changed - np.repeat(changed[first], np.diff(np.append(np.flatnonzero(first), len(person))))


def _answers(rng: np.random.Generator, task: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return trials, those that count, those too early and those too late of each run."""
    trials = _TRIALS[task]
    spread = np.rint(rng.normal(0, _SYMBOLS_SD, len(task))).astype(np.int64)
    trials = np.where(task == _SYMBOLS, np.maximum(trials + spread, 1), trials)
    early = rng.binomial(trials, np.where(_TIMED[task], _EARLY, 0))
    late = rng.binomial(trials - early, np.where(_TIMED[task], _LATE, 0))
    return trials, rng.binomial(trials - early - late, _RIGHT[task]), early, late
