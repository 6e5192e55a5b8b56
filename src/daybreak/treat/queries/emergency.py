"""The emergency record of a session, in its words."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from daybreak.identity.public import open_text
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import Read, rows
from daybreak.treat.models import EmergencyEntry
from daybreak.treat.rules.emergency import is_under_way


@dataclass(frozen=True, slots=True)
class EmergencyLine:
    """One entry: what was done, by whom (who recorded it, unless another is named), and when."""

    key: UUID
    entry: str
    what: str
    values: dict[str, str]
    words: str
    done_by: UUID | None
    recorded_by: UUID | None
    done_at: datetime
    noted_at: datetime


def emergency_of(scope: Scope, session: UUID) -> list[EmergencyLine]:
    """Return the entries of a session's emergency record, in the order in which they were done."""
    found = rows(Read(EmergencyEntry, {"site": scope.site, "session_key": session}, by=("done_at", "noted_at", "key")))
    return [
        EmergencyLine(
            row.key, row.entry, row.what, dict(row.values),
            open_text(scope, row.patient_key, row.words) if row.words else "",
            row.done_by, row.recorded_by, row.done_at, row.noted_at,
        )
        for row in found
    ]  # fmt: skip


def emergency_is_open(scope: Scope, session: UUID) -> bool:
    """Return whether an emergency of the session is under way: its record is not closed."""
    found = EmergencyEntry.objects.filter(site=scope.site, session_key=session)
    return is_under_way(list(found.order_by("noted_at", "key").values_list("entry", flat=True)))
