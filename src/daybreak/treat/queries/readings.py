"""Readings of a session, and which session held a chair when."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from daybreak.kernel.scope import Scope
from daybreak.ledger.public import standing
from daybreak.rulebook.public import Reading as RuleReading
from daybreak.treat.models import Device, Reading, Session, SessionStep
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.readings import Sender, Stay
from daybreak.treat.rules.steps import OVER, Step

Row = Reading


def readings_of(scope: Scope, session: UUID, *, until: datetime | None = None) -> list[Reading]:
    """Return the readings of a session in the order they were measured, before `until` where one is named."""
    found = _of(scope, session)
    return list(found.filter(measured_at__lt=until) if until else found)


def readings_arrived_after(scope: Scope, session: UUID, *, batch: int) -> list[Reading]:
    """Return the readings that were stored after `batch`, whatever the moment they were measured: late ones too."""
    return list(_of(scope, session).filter(batch__gt=batch))


def baseline_of(scope: Scope, now: SessionNow) -> dict[str, Reading]:
    """Return the last reading of each sign before the start of the dose; before it, the last so far."""
    return {reading.sign: reading for reading in readings_of(scope, now.session.key, until=now.started_at)}


def reading_before(scope: Scope, session: UUID, *, sign: str, measured_at: datetime, key: UUID) -> Reading | None:
    """Return the reading of the same sign just before a moment."""
    found = _of(scope, session).filter(sign=sign, measured_at__lte=measured_at).exclude(key=key)
    return found.order_by("-measured_at", "-key").first()


def as_rule(reading: Reading) -> RuleReading:
    """Return a reading as the rulebook reads it."""
    return RuleReading(sign=reading.sign, value=reading.value, unit=reading.unit)


def device_with(scope: Scope, token_hash: bytes) -> Sender | None:
    """Return the site's device with that token, while it is not ended."""
    found = standing(Device).filter(site=scope.site, token_hash=token_hash).exclude(token_hash=b"").first()
    return _sender(found) if found else None


def devices(scope: Scope) -> list[Sender]:
    """Return the site's devices that may send."""
    found = standing(Device).filter(site=scope.site).exclude(token_hash=b"").order_by("chair", "name")
    return [_sender(row) for row in found]


def _sender(row: Device) -> Sender:
    return Sender(row.key, row.chair, row.name, row.issued_at)


def stays_in(
    scope: Scope, *, chair: str | None, sessions: Iterable[UUID] = (), since: datetime, until: datetime
) -> list[Stay]:
    """Return who held a chair (or which of `sessions` was open) at any moment from `since` up to and including
    `until`.
    """
    begun = _moments(scope, [Step.CHECKED_IN])
    found = standing(Session).filter(site=scope.site)
    found = found.filter(chair=chair) if chair is not None else found.filter(key__in=list(sessions))
    rows = list(found.filter(key__in=begun.filter(done_at__lte=until).values("session_key")))
    keys = [row.key for row in rows]
    starts = dict(begun.filter(session_key__in=keys).values_list("session_key", "done_at"))
    ends = dict(_moments(scope, list(OVER)).filter(session_key__in=keys).values_list("session_key", "done_at"))
    stays = [Stay(r.key, r.patient_key, r.chair, starts[r.key], ends.get(r.key)) for r in rows]
    return [stay for stay in stays if stay.until is None or stay.until > since]


def _moments(scope: Scope, steps: list[str]) -> QuerySet[SessionStep]:
    return SessionStep.objects.filter(site=scope.site, step__in=steps)


def _of(scope: Scope, session: UUID) -> QuerySet[Reading]:
    return standing(Reading).filter(site=scope.site, session_key=session).order_by("measured_at", "key")
