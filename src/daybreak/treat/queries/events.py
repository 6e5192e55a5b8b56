"""Adverse events with their words, as they stand and as they were told before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from daybreak.identity.public import open_text
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import standing
from daybreak.treat.models import AdverseEvent


@dataclass(frozen=True, slots=True)
class EventEntry:
    """One adverse event, as somebody told it at `noted_at`. `corrects` is the telling before."""

    key: UUID
    patient_key: UUID
    session_key: UUID | None
    corrects: UUID | None
    term: str
    grade: int
    serious: bool
    criteria: tuple[str, ...]
    relation: str
    course: str
    measure: str
    suspected: str
    began_at: datetime
    ended_at: datetime | None
    noted_at: datetime
    noted_by: UUID | None
    note: str


def adverse_events(scope: Scope, patient: UUID, *, session: UUID | None = None) -> list[EventEntry]:
    """Return the patient's adverse events as they stand, oldest first, of one session or of all."""
    found = standing(AdverseEvent).filter(site=scope.site, patient_key=patient)
    if session:
        found = found.filter(session_key=session)
    return _entries(scope, found.order_by("began_at", "key"))


def events_of_site(scope: Scope, *, serious: bool = False, course: str = "", at_most: int = 500) -> list[EventEntry]:
    """Return the site's adverse events as they stand, newest first: serious ones, or those of one course, or all."""
    found = standing(AdverseEvent).filter(site=scope.site)
    if serious:
        found = found.filter(serious=True)
    if course:
        found = found.filter(course=course)
    return _entries(scope, found.order_by("-began_at", "key")[:at_most])


def event_history(scope: Scope, key: UUID) -> list[EventEntry]:
    """Return every telling of the event that `key` is a telling of, the first one first; or nothing."""
    itself = AdverseEvent.objects.filter(site=scope.site, key=key).first()
    if itself is None:
        return []
    every = AdverseEvent.objects.filter(site=scope.site, patient_key=itself.patient_key)
    by_key = {row.key: row for row in every}
    later = {row.corrects: row for row in by_key.values() if row.corrects}
    told = itself
    while told.corrects in by_key:
        told = by_key[told.corrects]
    chain = [told]
    while chain[-1].key in later:
        chain.append(later[chain[-1].key])
    return _entries(scope, chain)


def _entries(scope: Scope, found: Iterable[AdverseEvent]) -> list[EventEntry]:
    return [
        EventEntry(
            key=row.key,
            patient_key=row.patient_key,
            session_key=row.session_key,
            corrects=row.corrects,
            term=row.term,
            grade=row.grade,
            serious=row.serious,
            criteria=tuple(row.criteria),
            relation=row.relation,
            course=row.course,
            measure=row.measure,
            suspected=open_text(scope, row.patient_key, row.suspected) if row.suspected else "",
            began_at=row.began_at,
            ended_at=row.ended_at,
            noted_at=row.noted_at,
            noted_by=row.recorded_by,
            note=open_text(scope, row.patient_key, row.note) if row.note else "",
        )
        for row in found
    ]
