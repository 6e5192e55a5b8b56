"""The record of an emergency: written while it goes on, closed by a named clinician."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from daybreak.identity.public import seal_text
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import record_one
from daybreak.treat.actions.steps import demand, held
from daybreak.treat.models import EmergencyEntry
from daybreak.treat.queries.emergency import emergency_is_open
from daybreak.treat.queries.team import may_be_named
from daybreak.treat.rules.emergency import Entry, NotAnEntry, check_entry


def note_emergency(
    scope: Scope,
    *,
    key: UUID,
    session: UUID,
    entry: str,
    at: datetime,
    what: str = "",
    values: Mapping[str, Decimal | str | None] | None = None,
    words: str = "",
    done_by: UUID | None = None,
    minutes_ago: int = 0,
) -> EmergencyEntry:
    """Write down what was done in an emergency, `minutes_ago` minutes before `at`; raise NotAnEntry, NotYourPart.

    The first entry opens the record; nothing has to be said first.
    """
    with held(scope, session) as now:
        demand(scope, Permission.RUN_SESSION, at=at)
        said = {name: value for name, value in (values or {}).items() if value not in (None, "")}
        check_entry(entry, what=what, values=said, words=words, minutes_ago=minutes_ago)
        is_told = EmergencyEntry.objects.filter(site=scope.site, key=key).exists()
        if done_by is not None and not is_told and done_by not in may_be_named(scope, "nurse"):
            raise NotAnEntry("Choose who did it among those who may run a session at this site.")
        patient = now.session.patient_key
        return record_one(
            EmergencyEntry(
                site=scope.site,
                key=key,
                patient_key=patient,
                session_key=session,
                entry=entry,
                what=what,
                values={name: f"{v.normalize():f}" if isinstance(v, Decimal) else v for name, v in said.items()},
                words=seal_text(scope, patient, words.strip(), fact=key) if words.strip() else b"",
                done_by=done_by,
                done_at=at - timedelta(minutes=minutes_ago),
                noted_at=at,
            )
        )


def close_emergency(scope: Scope, *, key: UUID, session: UUID, words: str, at: datetime) -> EmergencyEntry:
    """Close the record, as a clinician, with how it ended; raise NotAnEntry without it, NotYourPart."""
    with held(scope, session) as now:
        closer = demand(scope, Permission.DISCHARGE, at=at)
        is_told = EmergencyEntry.objects.filter(site=scope.site, key=key).exists()
        if not is_told and not emergency_is_open(scope, session):
            raise NotAnEntry("There is no emergency record to close.")
        if not words.strip():
            raise NotAnEntry("Say how it ended: the record is closed only with that.")
        patient = now.session.patient_key
        return record_one(
            EmergencyEntry(
                site=scope.site,
                key=key,
                patient_key=patient,
                session_key=session,
                entry=Entry.CLOSED,
                words=seal_text(scope, patient, words.strip(), fact=key),
                done_by=closer,
                done_at=at,
                noted_at=at,
            )
        )
