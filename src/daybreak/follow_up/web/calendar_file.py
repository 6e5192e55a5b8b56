"""An appointment as a calendar file (RFC 5545). Whoever sees the calendar sees an appointment, and not what for."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from daybreak.kernel.keys import key_from
from daybreak.treat.public import SessionSummary


def calendar_file(site: str, session: SessionSummary, *, at: datetime) -> str:
    """Return the file: title “Appointment”, no place, no description, and a name that tells no key of the house."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Daybreak//Appointment//EN",
        "BEGIN:VEVENT",
        f"UID:{key_from('calendar', site, str(session.key))}",
        f"DTSTAMP:{_stamp(at)}",
        f"DTSTART:{_stamp(session.planned_for)}",
        *([f"DTEND:{_stamp(session.planned_until)}"] if session.planned_until else []),
        f"SUMMARY:{_('Appointment')}",
        "CLASS:PRIVATE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "\r\n".join(lines) + "\r\n"


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
