"""What the patient's line is drawn from: plain facts, no room's types."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, kw_only=True)
class Score:
    """One measured score; `words` are read when the mark is touched, such as "PHQ-9: 17"."""

    at: datetime.datetime
    value: float
    words: str
    url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Band:
    """A range of severity, both ends included, from the instrument's definition."""

    lower: float
    upper: float
    label: str


@dataclass(frozen=True, kw_only=True)
class SessionMark:
    """One infusion; the area of its mark is the dose. No dose: planned, or stopped before any was given."""

    at: datetime.datetime
    dose_mg: Decimal | None
    words: str
    url: str | None = None


class EventKind(StrEnum):
    """What kind of event a mark stands for; each has a row of its own."""

    EVENT = "event"
    CONSENT = "consent"


@dataclass(frozen=True, kw_only=True)
class EventMark:
    """Something that happened: an adverse event, a diagnosis, a signature, a withdrawal."""

    at: datetime.datetime
    kind: EventKind
    words: str
    url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Line:
    """Everything on one patient's line.

    `starts` and `ends` bound the drawing (aware moments, half-open). Between two scores further apart than
    `gap_days` only the gap is drawn. `zone` is the site's IANA zone, `scale` the name of the curve.
    """

    scale: str
    maximum: float
    zone: str
    starts: datetime.datetime
    ends: datetime.datetime
    gap_days: float
    bands: tuple[Band, ...] = ()
    scores: tuple[Score, ...] = ()
    sessions: tuple[SessionMark, ...] = ()
    events: tuple[EventMark, ...] = ()
