"""Taking a step: one at a time in each session, never twice, never backwards in time."""

from bisect import insort
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from django.db import connection

from daybreak.identity.public import seal_text
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import Fact, one_step, record_one, told_once
from daybreak.measure.public import AnswerSet
from daybreak.people.public import permissions_at
from daybreak.treat.models import (
    AdverseEvent,
    AlarmStep,
    Check,
    Count,
    Device,
    EmergencyEntry,
    MedicineGiven,
    Movement,
    Note,
    Order,
    Override,
    Reading,
    ReferrerLetter,
    ReportSent,
    SessionStep,
    TeamMember,
    Waste,
    Witness,
)
from daybreak.treat.queries.answers import today
from daybreak.treat.queries.sessions import SessionNow, session_now
from daybreak.treat.rules.steps import Step, check_allowed, state_after


class NoSuchSession(Refusal):
    """There is no session of that key at the site."""


class BackwardsInTime(Refusal):
    """A step that is dated before the one it follows."""


class NotYourPart(Refusal):
    """The person may not do this at this site."""


@contextmanager
def held(scope: Scope, session: UUID) -> Iterator[SessionNow]:
    """Hold a session for the block, one step in which two devices take turns; raise NoSuchSession."""
    with one_step():
        wait_for(f"treat session {scope.site} {session}")
        now = session_now(scope, session)
        if now is None:
            raise NoSuchSession("There is no such session at this site.")
        yield now


MOMENTS: dict[str, tuple[type[Fact], str]] = {
    "step": (SessionStep, "done_at"),
    "check": (Check, "signed_at"),
    "member": (TeamMember, "noted_at"),
    "override": (Override, "signed_at"),
    "acknowledgement": (AlarmStep, "done_at"),
    "event": (AdverseEvent, "noted_at"),
    "reading": (Reading, "measured_at"),
    "note": (Note, "noted_at"),
    "medicine": (MedicineGiven, "given_at"),
    "device": (Device, "issued_at"),
    "movement": (Movement, "moved_at"),
    "waste": (Waste, "wasted_at"),
    "count": (Count, "counted_at"),
    "witness": (Witness, "signed_at"),
    "letter": (ReferrerLetter, "signed_at"),
    "report": (ReportSent, "sent_at"),
    "emergency": (EmergencyEntry, "noted_at"),
    "effect": (AnswerSet, "answered_at"),
    "order": (Order, "signed_at"),
}


def told(kind: str, scope: Scope, *, key: UUID, at: datetime) -> AbstractContextManager[datetime]:
    """Give the moment of what was told before under this key, or `at`: a page that is sent twice is one fact."""
    model, moment = MOMENTS[kind]
    return told_once(model, site=scope.site, key=key, moment=moment, at=at)


_placed: ContextVar[Mapping[UUID, UUID | None]] = ContextVar("placed", default=MappingProxyType({}))


@contextmanager
def placed(steps: Mapping[UUID, UUID | None]) -> Iterator[None]:
    """Let the steps of these keys stand before later ones: they were told late, and `rules.merge` found their place.

    A step that a person takes instead of another names that one, and corrects it.
    """
    token = _placed.set(steps)
    try:
        yield
    finally:
        _placed.reset(token)


def wait_for(name: str) -> None:
    """Wait until no other transaction holds `name`, and hold it until this one ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def is_taken(now: SessionNow, key: UUID) -> bool:
    """Return whether the step of that key was taken already: the call is a retry."""
    return any(step.key == key for step in now.steps)


def take(
    scope: Scope,
    now: SessionNow,
    *,
    key: UUID,
    step: Step,
    at: datetime,
    reason: str = "",
    values: Mapping[str, object] | None = None,
    note: str = "",
) -> SessionStep:
    """Add a step to a held session; raise NotNow or BackwardsInTime. A retry with the same content changes nothing."""
    before = next((each for each in now.steps if each.key == key), None)
    instead = before.corrects if before else _placed.get().get(key)
    if before is None:
        others = [each for each in now.steps if each.key != instead]
        earlier = [each.step for each in others if each.done_at <= at]
        if len(earlier) < len(others) and key not in _placed.get():
            raise BackwardsInTime("This would have happened before the step that it follows. Check the time.")
        check_allowed(state_after(earlier), step, reason=reason, manner=now.manner)
    patient = now.session.patient_key
    taken = record_one(
        SessionStep(
            site=scope.site,
            key=key,
            corrects=instead,
            patient_key=patient,
            session_key=now.session.key,
            position=before.position if before else max((each.position for each in now.steps), default=0) + 1,
            step=str(step),
            done_at=at,
            reason=reason,
            values=dict(values or {}),
            note=seal_text(scope, patient, note.strip(), fact=key) if note.strip() else b"",
        )
    )
    if before is None:
        now.steps[:] = [each for each in now.steps if each.key != instead]
        insort(now.steps, taken, key=lambda each: each.done_at)
    return taken


def demand(scope: Scope, permission: Permission, *, at: datetime) -> UUID:
    """Return the actor, who must be a named person with `permission` at the site on that day; raise NotYourPart."""
    if scope.actor is None:
        raise NotYourPart("This needs a named person.")
    if permission not in permissions_at(account=scope.actor, site=scope.site, on=today(scope, at)):
        raise NotYourPart(f"Your role at this site does not let you {permission.value}.")
    return scope.actor
