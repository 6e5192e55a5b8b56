"""Adverse events."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from daybreak.identity.public import seal_text
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import announce, one_step, record_one
from daybreak.treat.models import AdverseEvent
from daybreak.treat.queries.events import event_history
from daybreak.treat.rules.events import NotAnEvent, check_event, check_times

__all__ = ["NotAnEvent", "record_adverse_event"]


@one_step()
def record_adverse_event(
    scope: Scope,
    *,
    key: UUID,
    patient: UUID,
    session: UUID | None,
    term: str,
    grade: int,
    relation: str,
    course: str,
    began_at: datetime,
    ended_at: datetime | None,
    at: datetime,
    criteria: Collection[str] = (),
    measure: str = "unknown",
    suspected: str = "",
    note: str = "",
    corrects: UUID | None = None,
) -> AdverseEvent:
    """Record an adverse event, or with `corrects` its later course; raise NotAnEvent.

    `criteria` are what makes it serious. A serious one is announced, each time that it is told.
    """
    check_event(term=term, grade=grade, relation=relation, criteria=criteria, course=course, measure=measure)
    check_times(began_at=began_at, ended_at=ended_at, course=course, at=at)
    is_new = not AdverseEvent.objects.filter(site=scope.site, key=key).exists()
    if is_new and corrects is not None:
        _check_stands(scope, corrects)
    event = record_one(
        AdverseEvent(
            site=scope.site,
            key=key,
            corrects=corrects,
            patient_key=patient,
            session_key=session,
            term=term,
            grade=grade,
            serious=bool(criteria),
            criteria=sorted(criteria),
            relation=relation,
            course=course,
            measure=measure,
            suspected=_sealed(scope, patient, suspected, key),
            began_at=began_at,
            ended_at=ended_at,
            noted_at=at,
            note=_sealed(scope, patient, note, key),
        )
    )
    if criteria and is_new:
        announce("serious event recorded", site=scope.site, key=key, at=at)
    return event


def _check_stands(scope: Scope, key: UUID) -> None:
    history = event_history(scope, key)
    if not history or history[-1].key != key:
        raise NotAnEvent("Somebody has told a later course of this event meanwhile. Read it first.")


def _sealed(scope: Scope, patient: UUID, words: str, key: UUID) -> bytes:
    return seal_text(scope, patient, words.strip(), fact=key) if words.strip() else b""
