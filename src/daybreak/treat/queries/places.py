"""The site's chairs, and where and when a session is planned as it stands."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from daybreak.kernel.scope import Scope
from daybreak.ledger.public import standing
from daybreak.treat.models import Booking, Chair, Move, Session
from daybreak.treat.rules.calendar import Period, next_free


def chairs(scope: Scope) -> list[Chair]:
    """Return the chairs that are in use, by room and name."""
    found = standing(Chair).filter(site=scope.site, ended=False)
    return sorted(found, key=lambda chair: (chair.treatment_room.casefold(), chair.name.casefold()))


def chair_of_key(scope: Scope, chair: UUID) -> Chair | None:
    """Return a chair as it stands, ended or not, or nothing."""
    return standing(Chair).filter(site=scope.site, chair_key=chair).first()


def chair_named(scope: Scope, name: str) -> Chair | None:
    """Return the chair in use of that name, whatever its case, or nothing."""
    wanted = " ".join(name.split())
    return standing(Chair).filter(site=scope.site, ended=False, name__iexact=wanted).first()


def bookings(
    scope: Scope, *, since: datetime, until: datetime | None = None, chair: UUID | None = None
) -> list[Booking]:
    """Return who holds which chair at any moment in [since, until), or from `since` on; the earliest first."""
    found = Booking.objects.filter(site=scope.site, ends_at__gt=since)
    found = found if until is None else found.filter(begins_at__lt=until)
    found = found if chair is None else found.filter(chair_key=chair)
    return list(found.order_by("begins_at", "chair_key"))


def free_from(scope: Scope, chair: UUID, *, since: datetime, length: timedelta, but: UUID | None = None) -> datetime:
    """Return when from `since` on the chair is free for so long; the session `but` is not in its own way."""
    held = [each for each in bookings(scope, since=since, chair=chair) if each.session_key != but]
    return next_free((Period(each.begins_at, each.ends_at) for each in held), since=since, length=length)


def moved(session: Session, move: Move | None) -> Session:
    """Give a session the time and the chair of its last move, where there is one, and return it."""
    if move is not None:
        session.planned_for, session.planned_until = move.planned_for, move.planned_until
        session.chair, session.chair_key = move.chair, move.chair_key
    return session


def as_planned(scope: Scope, sessions: Iterable[Session]) -> list[Session]:
    """Give each session the time and the chair of its last move."""
    found = list(sessions)
    moves = standing(Move).filter(site=scope.site, session_key__in=[each.key for each in found])
    last = {move.session_key: move for move in moves} if found else {}
    return [moved(each, last.get(each.key)) for each in found]


def session_as_first_planned(scope: Scope, session: UUID) -> Session | None:
    """Return a session with the time and the chair that it was first planned for."""
    return standing(Session).filter(site=scope.site, key=session).first()


def moves_of(scope: Scope, session: UUID) -> list[Move]:
    """Return every move of a session, the first one first."""
    return list(Move.objects.filter(site=scope.site, session_key=session).order_by("position"))


def in_chair(scope: Scope, chair: str) -> Q:
    """Return the condition on sessions that they are planned in a chair, as they stand."""
    return _planned(scope, Q(chair=chair))


def planned_between(scope: Scope, since: datetime, until: datetime) -> Q:
    """Return the condition on sessions that they are planned for a moment in [since, until), as they stand."""
    return _planned(scope, Q(planned_for__gte=since, planned_for__lt=until))


def planned_at_some_moment_of(scope: Scope, since: datetime, until: datetime) -> Q:
    """Return the condition on sessions that their planned time has a moment in [since, until), as they stand."""
    return _planned(scope, Q(planned_for__lt=until) & (Q(planned_until__gt=since) | Q(planned_for__gte=since)))


def _planned(scope: Scope, wanted: Q) -> Q:
    moves = Move.objects.filter(site=scope.site)
    never_moved = wanted & ~Exists(moves.filter(session_key=OuterRef("key")))
    return never_moved | Q(key__in=standing(Move).filter(wanted, site=scope.site).values("session_key"))
