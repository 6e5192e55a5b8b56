"""Moments and days. Datetimes are aware and in UTC; a site's zone stands beside them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """Return this moment in UTC. Only the edge (a view, a command, a job) asks; below it, time is an argument.

    Within `as_of` it is the moment that was told.
    """
    return _told.get() or datetime.now(UTC)


@contextmanager
def as_of(moment: datetime) -> Iterator[None]:
    """Let `now` be `moment` for the block: something that was done then is told only now, and its page is asked as it
    would have been asked then.
    """
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)


def day_of(moment: datetime, zone: str) -> date:
    """Return the calendar day that `moment` falls on in `zone` (an IANA name)."""
    return moment.astimezone(ZoneInfo(zone)).date()


class NoSuchTime(ValueError):
    """A time that the clocks of a zone never showed: they went forward over it."""


def at_clock(wall: datetime, zone: str, *, again: bool = False) -> datetime:
    """Return the moment in UTC at which the clocks of `zone` (an IANA name) show `wall`, whatever its own zone; of an
    hour that comes twice the first, or the second where it is shown `again`. This function will raise NoSuchTime for
    one that was left out.
    """
    here, said = ZoneInfo(zone), wall.replace(tzinfo=None, fold=0)
    moment = said.replace(tzinfo=here, fold=int(again)).astimezone(UTC)
    if moment.astimezone(here).replace(tzinfo=None, fold=0) != said:
        raise NoSuchTime(f"{said} is no time in {zone}")
    return moment


def comes_twice(wall: datetime, zone: str) -> bool:
    """Return whether the clocks of `zone` (an IANA name) show `wall` twice, since they go back."""
    first, second = (wall.replace(tzinfo=ZoneInfo(zone), fold=fold).utcoffset() for fold in (0, 1))
    return first is not None and second is not None and first > second


def age_on(day: date, birth_date: date) -> int:
    """Return the age in completed years on `day`."""
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (not had_birthday)
