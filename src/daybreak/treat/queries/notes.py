"""Notes of a session in their words."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from daybreak.identity.public import open_text
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import Read, rows
from daybreak.treat.models import Note


@dataclass(frozen=True, slots=True)
class NoteEntry:
    """One note: its words, who wrote them and when."""

    key: UUID
    words: str
    by: UUID | None
    noted_at: datetime


def notes_of(scope: Scope, session: UUID) -> list[NoteEntry]:
    """Return the notes of a session, oldest first."""
    found = rows(Read(Note, {"site": scope.site, "session_key": session}, by=("noted_at", "key")))
    return [
        NoteEntry(row.key, open_text(scope, row.patient_key, row.words), row.recorded_by, row.noted_at) for row in found
    ]
