"""Dates and times of FHIR: partial ones stay partial, and a time of day without a zone is refused, as FHIR
requires a zone.
"""

import re
from datetime import UTC, date, datetime, timedelta

from daybreak.interop.fhir.element import Defect, Element
from daybreak.interop.fhir.records import Precision, When

CLOCKS_DIFFER = timedelta(minutes=10)
"""How far ahead of ours another system's clock may be."""

_WEST_TO_EAST = timedelta(hours=14)
_NOBODY_ALIVE = date(1870, 1, 1)
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d)?)(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)


def past(element: Element, name: str, *, now: datetime) -> When | None:
    """Return the date or time under `name`, or None. Raises Defect where it lies after `now`."""
    when = stated(element, name)
    if when and lies_after(when, now):
        raise Defect(f"{element.path}.{name} is “{when.stated}”, which lies in the future.")
    return when


def stated(element: Element, name: str) -> When | None:
    """Return the date or time under `name`, which may lie ahead, None where it is absent."""
    text = element.text(name)
    if not text:
        return None
    when = _read(text, f"{element.path}.{name}")
    if when.day < _NOBODY_ALIVE:
        raise Defect(f"{element.path}.{name} is “{text}”, before anybody alive was born.")
    return when


def period(element: Element, *, now: datetime, may_lie_ahead: bool = False) -> tuple[When | None, When | None]:
    """Return start and end of a Period. Raises Defect where it ends before it starts."""
    start = stated(element, "start") if may_lie_ahead else past(element, "start", now=now)
    end = stated(element, "end") if may_lie_ahead else past(element, "end", now=now)
    check_order(start, end, f"{element.path}.end")
    return start, end


def check_order(start: When | None, end: When | None, path: str) -> None:
    """Raise Defect where `end` certainly lies before `start`; partial dates get the benefit of the doubt."""
    if start is None or end is None:
        return
    if _is_before(end, start):
        raise Defect(f"{path} is “{end.stated}”, before the start “{start.stated}”.")


def lies_after(when: When, now: datetime) -> bool:
    """Say whether a time certainly lies after `now`; a day begins where it begins first on earth."""
    if when.moment:
        return when.moment > now + CLOCKS_DIFFER
    return when.day > (now.astimezone(UTC) + _WEST_TO_EAST).date()


def _read(text: str, path: str) -> When:
    wrong = Defect(f"{path} is “{text[:40]}”, which is not a date or time of FHIR.")
    if found := _DATE.fullmatch(text):
        year, month, day = found.groups()
        precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
        try:
            return When(text, precision, date(int(year), int(month or 1), int(day or 1)))
        except ValueError as error:
            raise wrong from error
    found = _TIME.fullmatch(text)
    if not found:
        raise wrong
    day, clock, fraction, zone = found.groups()
    if not zone:
        raise Defect(f"{path} is “{text}”, a time of day without a time zone.")
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}{(fraction or '')[:7]}{zone}")
        return When(text, Precision.MOMENT, moment.date(), moment.astimezone(UTC))
    except (ValueError, OverflowError) as error:
        raise wrong from error


def _is_before(end: When, start: When) -> bool:
    if start.moment and end.moment:
        return end.moment < start.moment
    return _last_day(end) < start.day


def _last_day(when: When) -> date:
    if when.precision is Precision.YEAR:
        return date(when.day.year, 12, 31)
    if when.precision is Precision.MONTH:
        return (when.day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    # A day and a moment may have been stated in different zones.
    return when.day + timedelta(days=1) if when.precision is Precision.MOMENT else when.day
