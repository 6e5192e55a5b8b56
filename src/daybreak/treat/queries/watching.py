"""What the watch over the alert path reads: the open pages of the team, the sessions under watch, what arrived last."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Min

from daybreak.kernel.scope import Scope
from daybreak.ledger.public import Read, rows
from daybreak.rulebook.public import Protocol
from daybreak.treat.models import Course, Presence
from daybreak.treat.queries.protocols import protocol_of
from daybreak.treat.queries.sessions import sessions_under_way
from daybreak.treat.rules.watching import Page, Place

# So many readings from the end show every stream; what is typed in more rarely is looked for by its sign.
_NEWEST = 60


@dataclass(frozen=True, slots=True)
class UnderWatch:
    """A session whose dose has begun and who has not gone home."""

    key: UUID
    patient_key: UUID
    chair: str
    protocol: Protocol
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Arrived:
    """The last readings of a session: when each sign was read, and the arrivals by device."""

    read_at: dict[str, datetime]
    by_device: list[tuple[UUID, datetime, datetime]]


def under_watch(scope: Scope) -> list[UnderWatch]:
    """Return the sessions under watch at the site."""
    found = [line for line in sessions_under_way(scope) if line.started_at is not None]
    if not found:
        return []
    keys = list({line.course_key for line in found})
    courses = {row.key: row for row in rows(Read(Course, {"site": scope.site, "key": keys}))}
    return [
        UnderWatch(
            line.key,
            line.patient_key,
            line.chair,
            protocol_of(courses[line.course_key]),
            line.started_at,
            line.ended_at,
        )
        for line in found
        if line.started_at is not None
    ]


def arrived(scope: Scope, sessions: list[UnderWatch]) -> dict[UUID, Arrived]:
    """Return what arrived last in each session."""
    found = {line.key: Arrived({}, []) for line in sessions}
    if not sessions:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [[line.key for line in sessions], scope.site, _NEWEST])
        for session, sign, device, measured_at, arrived_at in cursor.fetchall():
            its = found[session]
            its.read_at[sign] = max(measured_at, its.read_at.get(sign, measured_at))
            if device is not None:
                its.by_device.append((device, measured_at, arrived_at))
        rare = [(line.key, sign) for line in sessions for sign in _signs(line) if sign not in found[line.key].read_at]
        if rare:
            cursor.execute(_LAST_OF_SIGN, [[key for key, _ in rare], [sign for _, sign in rare], scope.site])
            for session, sign, measured_at in cursor.fetchall():
                found[session].read_at[sign] = measured_at
    return found


def _signs(line: UnderWatch) -> set[str]:
    return {sign.sign for sign in (*line.protocol.during.signs, *line.protocol.after.signs)}


_STANDS = "r.mark = '' AND NOT EXISTS (SELECT FROM treat_reading c WHERE c.site = r.site AND c.corrects = r.key)"
_LAST = f"""
SELECT s.key, r.sign, r.device_key, r.measured_at, r.recorded_at
FROM unnest(%s::uuid[]) AS s (key) CROSS JOIN LATERAL (
    SELECT * FROM treat_reading r WHERE r.site = %s AND r.session_key = s.key AND {_STANDS}
    ORDER BY r.measured_at DESC LIMIT %s
) r"""  # noqa: S608
_LAST_OF_SIGN = f"""
SELECT s.key, s.sign, r.measured_at
FROM unnest(%s::uuid[], %s::text[]) AS s (key, sign) CROSS JOIN LATERAL (
    SELECT r.measured_at FROM treat_reading r
    WHERE r.site = %s AND r.session_key = s.key AND r.sign = s.sign AND {_STANDS}
    ORDER BY r.measured_at DESC LIMIT 1
) r"""  # noqa: S608


def pages(scope: Scope, watched: set[UUID]) -> list[Page]:
    """Return the open pages of the team; a session that is not under watch is none."""
    return [
        Page(
            row.device_key, row.account_key, row.session_key if row.session_key in watched else None, row.beat_at,
            row.hidden_since, row.blocked_since, row.deaf_since, row.moved_since,
        )
        for row in Presence.objects.filter(site=scope.site, left_at=None)
    ]  # fmt: skip


def first_opened(scope: Scope, sessions: set[UUID]) -> dict[Place, datetime]:
    """Return when each person first opened each of these sessions on each device, whether or not a page is left."""
    places = Presence.objects.filter(site=scope.site, session_key__in=sessions)
    found = places.values("device_key", "account_key", "session_key").annotate(first=Min("opened_at"))
    return {(row["device_key"], row["account_key"], row["session_key"]): row["first"] for row in found}


def others_present(scope: Scope, *, device: UUID, since: datetime) -> int:
    """Return how many other devices of the team beat after `since` and hear alarms with their sound on."""
    here = Presence.objects.filter(
        site=scope.site, left_at=None, beat_at__gt=since, deaf_since=None, blocked_since=None
    )
    return here.exclude(device_key=device).values("device_key").distinct().count()
