"""Adverse events."""

from datetime import datetime
from uuid import UUID

from daybreak.identity.public import seal_text
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import announce, one_step, record_one
from daybreak.treat.models import AdverseEvent
from daybreak.treat.rules.events import GRADES, RELATIONS, TERMS


class NotAnEvent(Refusal):
    """The words do not describe an adverse event."""


@one_step()
def record_adverse_event(
    scope: Scope,
    *,
    key: UUID,
    patient: UUID,
    session: UUID | None,
    term: str,
    grade: int,
    serious: bool,
    relation: str,
    began_at: datetime,
    ended_at: datetime | None,
    at: datetime,
    note: str = "",
    corrects: UUID | None = None,
) -> AdverseEvent:
    """Record an adverse event, or with `corrects` its later course; raise NotAnEvent. A serious one is announced."""
    if term not in TERMS or grade not in GRADES or relation not in RELATIONS:
        raise NotAnEvent("Choose what happened, how severe it was and how it relates to the treatment.")
    if began_at > at or (ended_at is not None and not began_at <= ended_at <= at):
        raise NotAnEvent("The event must begin before it ends, and neither lies in the future.")
    is_new = not AdverseEvent.objects.filter(site=scope.site, key=key).exists()
    event = record_one(
        AdverseEvent(
            site=scope.site,
            key=key,
            corrects=corrects,
            patient_key=patient,
            session_key=session,
            term=term,
            grade=grade,
            serious=serious,
            relation=relation,
            began_at=began_at,
            ended_at=ended_at,
            noted_at=at,
            note=seal_text(scope, patient, note.strip(), fact=key) if note.strip() else b"",
        )
    )
    if serious and is_new:
        announce("serious event recorded", site=scope.site, key=key, at=at)
    return event
