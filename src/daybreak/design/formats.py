"""Dates and numbers as people read them: "Tue 3 Feb, 14:05", in the site's zone, in the reader's language."""

import datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from django.utils import dateformat, formats
from django.utils.translation import gettext, ngettext, pgettext

_LADDER = ((365 * 86400, "year"), (30 * 86400, "month"), (86400, "day"), (3600, "hour"), (60, "minute"))


def moment(value: datetime.datetime, zone: str | datetime.tzinfo, *, year: bool = False) -> str:
    """This function will write a moment in a zone, as "Tue 3 Feb, 14:05"; naive moments raise ValueError."""
    if value.tzinfo is None:
        raise ValueError("A moment without a zone cannot be shown.")
    local = value.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)
    form = pgettext("moment with year", "D j M Y, H:i") if year else pgettext("moment", "D j M, H:i")
    return dateformat.format(local, form)


def clock(value: datetime.datetime, zone: str | datetime.tzinfo) -> str:
    """This function will write the time of day of an aware moment in a zone, as "14:05"."""
    if value.tzinfo is None:
        raise ValueError("A moment without a zone cannot be shown.")
    return dateformat.format(value.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone), "H:i")


def day(value: datetime.date, zone: str | datetime.tzinfo | None = None, *, year: bool = True) -> str:
    """This function will write a day, as "Tue 3 Feb 2026"; a moment also needs the zone it is meant in."""
    if isinstance(value, datetime.datetime):
        if zone is None or value.tzinfo is None:
            raise ValueError("The day of a moment depends on a zone: give one.")
        value = value.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone).date()
    form = pgettext("day with year", "D j M Y") if year else pgettext("day", "D j M")
    return dateformat.format(value, form)


def number(value: Decimal | float, places: int | None = None) -> str:
    """This function will write a number with grouped thousands and, if given, that many places, halves up."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise TypeError(f"{value!r} is not a number; a missing value needs words of its own.")
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    if places is not None:
        exact = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return formats.number_format(exact, decimal_pos=places, use_l10n=True, force_grouping=abs(value) >= 10000)


def percent(value: float, places: int = 0) -> str:
    """This function will write a share between 0 and 1 as "42 %"."""
    return f"{number(value * 100, places)} %"


def ago(value: datetime.datetime, now: datetime.datetime) -> str:
    """This function will write the time between two aware moments, as "3 days ago" or "in 12 days"."""
    seconds = (now - value).total_seconds()
    for size, unit in _LADDER:
        count = int(abs(seconds) // size)
        if count:
            return _ago(count, unit, past=seconds > 0)
    return gettext("just now")


def _ago(count: int, unit: str, *, past: bool) -> str:
    amount = _amount(count, unit)
    return (gettext("%(amount)s ago") if past else gettext("in %(amount)s")) % {"amount": amount}


def _amount(count: int, unit: str) -> str:
    """Return "1 day", "3 days" in the reader's language."""
    words = {
        "year": ngettext("%(count)d year", "%(count)d years", count),
        "month": ngettext("%(count)d month", "%(count)d months", count),
        "day": ngettext("%(count)d day", "%(count)d days", count),
        "hour": ngettext("%(count)d hour", "%(count)d hours", count),
        "minute": ngettext("%(count)d minute", "%(count)d minutes", count),
    }
    return words[unit] % {"count": count}
