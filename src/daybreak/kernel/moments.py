"""Moments and days. Datetimes are aware and in UTC; a site's zone stands beside them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return this moment in UTC. Only the edge (a view, a command, a job) asks; below it, time is an argument."""
    return datetime.now(UTC)


def day_of(moment: datetime, zone: str) -> date:
    """Return the calendar day that `moment` falls on in `zone` (an IANA name)."""
    return moment.astimezone(ZoneInfo(zone)).date()


def age_on(day: date, birth_date: date) -> int:
    """Return the age in completed years on `day`."""
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (not had_birthday)
