"""Whom to call, and whether anybody reads now, in words."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from daybreak.design.public import clock, moment
from daybreak.identity.public import Person
from daybreak.kernel.moments import day_of
from daybreak.people.public import Site, hours_at, lines_of

DIALLED = re.compile(r"\+?\d[\d\s()/.-]*\d|\d{3,}")


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody to call; `dial` is empty where the words hold no single number."""

    label: str
    words: str
    dial: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Whether somebody of the clinic reads now, in words, and until when that is true (None: it stays so)."""

    words: str
    changes_at: datetime | None


def lines(site: Site | None) -> list[Line]:
    """Return whom to call: in danger, at any hour, and the clinic. No number is invented."""
    found = [Line(_("In danger now"), _("112 (Europe), 911 (North America)"), "")]
    if site is None:
        return found
    told = lines_of(site)
    if told.emergency_line:
        found = [Line(_("In danger now"), told.emergency_line, _dial(told.emergency_line))]
    if told.crisis_line:
        found.append(Line(_("To talk with someone now"), told.crisis_line, _dial(told.crisis_line)))
    if told.telephone:
        found.append(Line(site.name, told.telephone, _dial(told.telephone)))
    return found


def reading(site: Site | None, at: datetime) -> Reading:
    """Return whether somebody reads now. Where a site gave no hours, nobody is said to."""
    hours = hours_at(lines_of(site).hours, site.time_zone, at) if site is not None else None
    if site is None or hours is None or hours.changes_at is None:
        return Reading(_("Nobody reads this page at once, by day or by night. If it cannot wait, call."), None)
    if hours.is_open:
        until = clock(hours.changes_at, site.time_zone)
        return Reading(
            _("Your clinic reads until %(until)s today. If it cannot wait, call.") % {"until": until}, hours.changes_at
        )
    is_today = day_of(hours.changes_at, site.time_zone) == day_of(at, site.time_zone)
    when = (clock if is_today else moment)(hours.changes_at, site.time_zone)
    return Reading(
        _("Nobody at your clinic is reading now. It reads again from %(when)s. If it cannot wait, call.")
        % {"when": when},
        hours.changes_at,
    )


def line_to(who: Person) -> Line:
    """Return how to call a patient; the words are empty where no number is known."""
    return Line(_("Call %(name)s") % {"name": who.full_name}, who.telephone, _dial(who.telephone))


def _dial(words: str) -> str:
    found = DIALLED.search(words)
    return re.sub(r"[^\d+]", "", found.group()) if found else ""
