"""Around the sessions of invented people: consent, credentials, and how well each session was watched."""

from dataclasses import dataclass

import numpy as np

from daybreak.register.synthetic.columns import Columns, keys, same, words
from daybreak.register.synthetic.people import People
from daybreak.register.synthetic.recipe import Place
from daybreak.register.synthetic.treatment import Sessions

CONSENT, CONSENT_VERSION = "registry", 2
_ASKED = 27
_IN_TIME, _LATE, _IN_TIME_POORLY, _LATE_POORLY = 0.93, 0.05, 0.5, 0.2
_ROLES, _CREDENTIALS = ("nurse", "physician_in_charge"), ("course", "acls")
_WITHOUT_CREDENTIAL = 0.3


@dataclass(frozen=True, slots=True)
class Watch:
    """Arrays with one value for each session: how many readings were in time, late and missed."""

    in_time: np.ndarray
    late: np.ndarray
    missed: np.ndarray


def watched(rng: np.random.Generator, place: Place, sessions: Sessions) -> Watch:
    """Draw how well each session was watched. A session that nobody read missed almost everything."""
    on_time, late = (_IN_TIME_POORLY, _LATE_POORLY) if place.monitors_poorly else (_IN_TIME, _LATE)
    read = np.where(sessions.unread, 0.08, on_time)
    in_time = rng.binomial(_ASKED, read)
    late_ones = rng.binomial(_ASKED - in_time, late / (1 - on_time) * ~sessions.unread)
    return Watch(in_time, late_ones, _ASKED - in_time - late_ones)


def quality_columns(
    rng: np.random.Generator, place: Place, people: People, sessions: Sessions, watch: Watch
) -> Columns:
    """Return the table of how well sessions were watched."""
    crossed = rng.poisson(0.15, sessions.count)
    return {
        "site": same(place.code, sessions.count),
        "person": keys(people.number[sessions.person]),
        "session": keys(sessions.fact),
        "asked": np.full(sessions.count, _ASKED),
        "in_time": watch.in_time,
        "late": watch.late,
        "missed": watch.missed,
        "longest_gap_seconds": 600 + 240 * watch.missed + rng.integers(0, 240, sessions.count),
        "crossed": crossed,
        "acted_on": rng.binomial(crossed, 0.4 if place.monitors_poorly else 0.9),
    }


def credential_columns(rng: np.random.Generator, place: Place, people: People, sessions: Sessions) -> Columns:
    """Return the table of credentials: a nurse and a physician in each session."""
    roles = len(_ROLES)
    role = np.tile(np.arange(roles), sessions.count)
    lacks = rng.random(len(role)) < (_WITHOUT_CREDENTIAL if place.monitors_poorly else 0.01)
    return {
        "site": same(place.code, len(role)),
        "person": keys(np.repeat(people.number[sessions.person], roles)),
        "session": keys(np.repeat(sessions.fact, roles)),
        "role": words(role, _ROLES),
        "credential": words(np.where(lacks, -1, role), _CREDENTIALS),
        "present": np.ones(len(role), dtype=np.int64),
        "holding": (~lacks).astype(np.int64),
    }


def consent_columns(rng: np.random.Generator, place: Place, people: People) -> Columns:
    """Return the table of consents: one for each person, in the three weeks before the first session."""
    minute = -rng.integers(60, 21 * 1440, people.count)
    return {
        "site": same(place.code, people.count),
        "person": keys(people.number),
        "version": np.full(people.count, CONSENT_VERSION),
        "day": minute // 1440,
        "minute": minute,
    }
