"""Ticks of a time axis: the closer one looks, the finer they get."""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils import dateformat

FACTORS = (0.22, 1, 2, 4, 8, 16, 64)
_ROOM = 76
_MOST = 400


@dataclass(frozen=True, kw_only=True)
class Tick:
    """One tick; `factor` is the zoom from which it has room: below 1, on a phone that shows the whole line."""

    at: datetime.datetime
    words: str
    factor: float


@dataclass(frozen=True)
class _Unit:
    """A calendar step whose ticks contain those of every coarser one."""

    days: float
    starts: Callable[[datetime.datetime], bool]
    form: str


def _is_new_year(at: datetime.datetime) -> bool:
    return at.month == 1 and at.day == 1 and at.hour == 0


_UNITS = (
    _Unit(3650.0, lambda at: _is_new_year(at) and at.year % 10 == 0, "Y"),
    _Unit(1825.0, lambda at: _is_new_year(at) and at.year % 5 == 0, "Y"),
    _Unit(365.0, _is_new_year, "Y"),
    _Unit(90.0, lambda at: at.month % 3 == 1 and at.day == 1 and at.hour == 0, "M Y"),
    _Unit(28.0, lambda at: at.day == 1 and at.hour == 0, "M Y"),
    _Unit(7.0, lambda at: at.day in (1, 8, 15, 22) and at.hour == 0, "j M"),
    _Unit(1.0, lambda at: at.hour == 0, "j M"),
    _Unit(0.25, lambda at: at.hour % 6 == 0, "H:i"),
)


def ticks(starts: datetime.datetime, ends: datetime.datetime, zone: str, width: float) -> list[Tick]:
    """This function will return the ticks of every zoom, in order; `width` is the axis at zoom 1."""
    days = max((ends - starts) / datetime.timedelta(days=1), 1e-6)
    finest = {factor: _finest_unit(days, width * factor) for factor in FACTORS}
    found = []
    for at in _steps(starts, ends, zone, fine=finest[FACTORS[-1]] == len(_UNITS) - 1):
        unit = next((index for index, unit in enumerate(_UNITS) if unit.starts(at)), None)
        factor = next((factor for factor in FACTORS if unit is not None and unit <= finest[factor]), None)
        if unit is not None and factor is not None:
            found.append(Tick(at=at, words=dateformat.format(at, _UNITS[unit].form), factor=factor))
    return found


def _finest_unit(days: float, width: float) -> int:
    """Return the index of the finest unit whose ticks have room."""
    room = [i for i, unit in enumerate(_UNITS) if width * unit.days / days >= _ROOM and days / unit.days <= _MOST]
    return max(room, default=0)


def _steps(starts: datetime.datetime, ends: datetime.datetime, zone: str, *, fine: bool) -> Iterator[datetime.datetime]:
    """Walk through the site's days, or their quarters, by the clock on the wall."""
    local = starts.astimezone(ZoneInfo(zone))
    wall = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    step = datetime.timedelta(hours=6 if fine else 24)
    while wall < ends:
        if wall >= starts:
            yield wall
        wall = wall + step
