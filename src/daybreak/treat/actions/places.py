"""Chairs: set up, rename, end; and holding one for a session, which the database refuses to two at one time."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError

from daybreak.kernel.keys import key_from
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, record_one, standing
from daybreak.treat.actions.steps import demand, wait_for
from daybreak.treat.models import Booking, Chair, Device, Move, Session
from daybreak.treat.queries.places import as_planned, bookings, chair_named, chair_of_key, free_from
from daybreak.treat.queries.sessions import sessions_under_way
from daybreak.treat.rules.calendar import Period

RENAMED = "chair_renamed"


class NotAChair(Refusal):
    """A chair that cannot be set up, renamed or ended, and why."""


class ChairTaken(Refusal):
    """Another session holds the chair in that time. `free_at` is when it is free for as long (`length`)."""

    def __init__(
        self, *, chair: Chair, holder: UUID, patient: UUID, held: Period, free_at: datetime, length: timedelta
    ) -> None:
        self.chair, self.holder, self.patient, self.held = chair, holder, patient, held
        self.free_at, self.length = free_at, length
        super().__init__(f"{chair.name} is taken in that time by another session. Choose another time or chair.")


@one_step()
def set_up_chair(
    scope: Scope, *, key: UUID, name: str, treatment_room: str, set_up_minutes: int, at: datetime
) -> Chair:
    """Set up a chair in a room, with the minutes needed in it before each dose; raise NotAChair, NotYourPart."""
    demand(scope, Permission.MANAGE_SITE, at=at)
    _wait(scope)
    return _record(scope, key, None, key, name, treatment_room, set_up_minutes, at)


@one_step()
def change_chair(
    scope: Scope, *, key: UUID, chair: UUID, name: str, treatment_room: str, set_up_minutes: int, at: datetime
) -> Chair:
    """Rename a chair, or change its room or its minutes; its devices and the sessions planned in it follow.

    Raises NotAChair, also while a session is open in it: readings find their session by the chair's name. NotYourPart.
    """
    demand(scope, Permission.MANAGE_SITE, at=at)
    _wait(scope)
    before = _standing(scope, chair)
    if any(each.chair == before.name for each in sessions_under_way(scope)):
        raise NotAChair("A session is open in this chair. Change it when the session is over.")
    after = _record(scope, key, before.key, chair, name, treatment_room, set_up_minutes, at)
    if after.name != before.name and after.stored_now:
        _carry_over(scope, before, after, at)
    return after


@one_step()
def end_chair(scope: Scope, *, key: UUID, chair: UUID, at: datetime) -> Chair:
    """Take a chair out of use; raise NotAChair while sessions are planned in it, NotYourPart."""
    demand(scope, Permission.MANAGE_SITE, at=at)
    _wait(scope)
    before = _standing(scope, chair)
    ahead = len(bookings(scope, since=at, chair=chair))
    if ahead:
        sessions = "One session is" if ahead == 1 else f"{ahead} sessions are"
        raise NotAChair(f"{sessions} planned in {before.name}. Move or cancel first.")
    return record_one(
        Chair(
            site=scope.site,
            key=key,
            corrects=before.key,
            chair_key=chair,
            name=before.name,
            treatment_room=before.treatment_room,
            set_up_minutes=before.set_up_minutes,
            said_at=at,
            ended=True,
        )
    )


def hold(scope: Scope, session: Session, chair: Chair, period: Period) -> None:
    """Hold a chair for a session, whatever it held before; raise ChairTaken.

    The constraint decides, not a look before: two who plan at once cannot both be right.
    """
    _wait(scope)
    try:
        with one_step():
            release(scope, session.key)
            booking = Booking(
                site=scope.site,
                session_key=session.key,
                patient_key=session.patient_key,
                chair_key=chair.chair_key,
                begins_at=period.since,
                ends_at=period.until,
            )
            Booking.objects.bulk_create([booking])
    except IntegrityError as fault:
        others = bookings(scope, since=period.since, until=period.until, chair=chair.chair_key)
        other = next((each for each in others if each.session_key != session.key), None)
        if other is None:
            raise
        raise ChairTaken(
            chair=chair,
            holder=other.session_key,
            patient=other.patient_key,
            held=Period(other.begins_at, other.ends_at),
            length=period.until - period.since,
            free_at=free_from(
                scope, chair.chair_key, since=period.since, length=period.until - period.since, but=session.key
            ),
        ) from fault


def release(scope: Scope, session: UUID, *, at: datetime | None = None) -> None:
    """Free the chair of a session: wholly, or from the moment `at` on, so that what was held stays held."""
    held = Booking.objects.filter(site=scope.site, session_key=session)
    before = held.first()
    if before is None or (at is not None and at >= before.ends_at):
        return
    held.delete()
    if at is not None and before.begins_at < at:
        before.ends_at = at
        Booking.objects.bulk_create([before])


def _wait(scope: Scope) -> None:
    """Whoever changes the calendar of a site takes turns; two who swap chairs would wait for each other for ever."""
    wait_for(f"treat calendar {scope.site}")


def _standing(scope: Scope, chair: UUID) -> Chair:
    found = chair_of_key(scope, chair)
    if found is None or found.ended:
        raise NotAChair("There is no such chair at this site.")
    return found


def _record(
    scope: Scope, key: UUID, corrects: UUID | None, chair: UUID, name: str, room: str, minutes: int, at: datetime
) -> Chair:
    name, room = " ".join(name.split()), " ".join(room.split())
    if not 1 <= len(name) <= 30 or not 1 <= len(room) <= 60:
        raise NotAChair("Name the chair in 30 letters or fewer, and its room in 60.")
    if not 0 <= minutes <= 480:
        raise NotAChair("The set-up takes between 0 and 480 minutes.")
    other = chair_named(scope, name)
    if other is not None and other.chair_key != chair:
        raise NotAChair(f"There is a chair called {other.name} already.")
    return record_one(
        Chair(
            site=scope.site,
            key=key,
            corrects=corrects,
            chair_key=chair,
            name=name,
            treatment_room=room,
            set_up_minutes=minutes,
            said_at=at,
        )
    )


def _carry_over(scope: Scope, before: Chair, after: Chair, at: datetime) -> None:
    ahead = [each.session_key for each in bookings(scope, since=at, chair=before.chair_key)]
    for session in as_planned(scope, Session.objects.filter(site=scope.site, key__in=ahead)):
        if session.planned_until is not None:
            note_move(
                scope,
                session,
                key=key_from(str(after.key), str(session.key)),
                chair=after,
                period=Period(session.planned_for, session.planned_until),
                reason=RENAMED,
                at=at,
            )
    for device in standing(Device).filter(site=scope.site, chair=before.name, ended=False):
        record_one(
            Device(
                site=scope.site,
                key=key_from(str(after.key), str(device.key)),
                corrects=device.key,
                chair=after.name,
                name=device.name,
                token_hash=bytes(device.token_hash),
                location=device.location,
                model=device.model,
                issued_at=device.issued_at,
            )
        )


def note_move(
    scope: Scope, session: Session, *, key: UUID, chair: Chair, period: Period, reason: str, at: datetime
) -> Move:
    """Add a move to a session's history; the one before it, if any, is corrected by it."""
    known = Move.objects.filter(site=scope.site, key=key).first()
    last = Move.objects.filter(site=scope.site, session_key=session.key).order_by("-position").first()
    return record_one(
        Move(
            site=scope.site,
            key=key,
            corrects=known.corrects if known else last.key if last else None,
            patient_key=session.patient_key,
            session_key=session.key,
            position=known.position if known else last.position + 1 if last else 1,
            planned_for=period.since,
            planned_until=period.until,
            chair=known.chair if known else chair.name,
            chair_key=chair.chair_key,
            reason=reason,
            moved_at=at,
        )
    )
