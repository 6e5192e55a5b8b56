"""When somebody is there at a site: its hours, written as people write them, “mon-fri 08:00-17:00, sat 09:00-12:00”."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from daybreak.kernel.refusal import Refusal

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PART = re.compile(r"(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))? (?P<opens>\d\d:\d\d)-(?P<closes>\d\d:\d\d)")
LOOKS_AHEAD_DAYS = 8


class NotHours(Refusal):
    """The words are not hours."""


@dataclass(frozen=True, slots=True)
class Span:
    """On one day of the week (Monday is 0) somebody is there from `opens` up to, not including, `closes`."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Hours:
    """Whether somebody is there, and when that changes; None where nothing is known of a change."""

    is_open: bool
    changes_at: datetime | None


def spans_of(text: str) -> tuple[Span, ...]:
    """Return the spans that `text` names, none for an empty one; raise NotHours with an example otherwise."""
    return tuple(span for part in text.split(",") if part.strip() for span in _spans(part.strip().lower()))


def _spans(part: str) -> list[Span]:
    found = _PART.fullmatch(part)
    try:
        if found is None:
            raise ValueError(part)
        first, last = DAYS.index(found["first"]), DAYS.index(found["last"] or found["first"])
        opens, closes = time.fromisoformat(found["opens"]), time.fromisoformat(found["closes"])
    except ValueError:
        raise NotHours(
            f"“{part}” cannot be read as hours; an example is: mon-fri 08:00-17:00, sat 09:00-12:00"
        ) from None
    if last < first or closes <= opens:
        raise NotHours(f"“{part}” ends before it begins.")
    return [Span(day, opens, closes) for day in range(first, last + 1)]


def hours_at(text: str, zone: str, at: datetime) -> Hours:
    """Return whether somebody is there at `at` by the hours `text` in `zone`; without hours nobody ever is."""
    here = ZoneInfo(zone)
    today = at.astimezone(here).date()
    moments = [
        tuple(datetime.combine(day, clock, tzinfo=here).astimezone(UTC) for clock in (span.opens, span.closes))
        for ahead in range(LOOKS_AHEAD_DAYS)
        for day in [today + timedelta(days=ahead)]
        for span in spans_of(text)
        if span.weekday == day.weekday()
    ]
    closes = next((end for start, end in moments if start <= at < end), None)
    opens = min((start for start, _ in moments if start > at), default=None)
    return Hours(closes is not None, closes or opens)
