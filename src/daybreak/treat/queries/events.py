"""Adverse events with their words."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from daybreak.identity.public import open_text
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import standing
from daybreak.treat.models import AdverseEvent


@dataclass(frozen=True, slots=True)
class EventEntry:
    """One adverse event."""

    key: UUID
    patient_key: UUID
    session_key: UUID | None
    term: str
    grade: int
    serious: bool
    relation: str
    began_at: datetime
    ended_at: datetime | None
    noted_at: datetime
    note: str


def adverse_events(scope: Scope, patient: UUID, *, session: UUID | None = None) -> list[EventEntry]:
    """Return the patient's adverse events, oldest first, of one session or of all."""
    found = standing(AdverseEvent).filter(site=scope.site, patient_key=patient)
    if session:
        found = found.filter(session_key=session)
    return [
        EventEntry(
            key=row.key,
            patient_key=row.patient_key,
            session_key=row.session_key,
            term=row.term,
            grade=row.grade,
            serious=row.serious,
            relation=row.relation,
            began_at=row.began_at,
            ended_at=row.ended_at,
            noted_at=row.noted_at,
            note=open_text(scope, patient, row.note) if row.note else "",
        )
        for row in found.order_by("began_at", "key")
    ]
