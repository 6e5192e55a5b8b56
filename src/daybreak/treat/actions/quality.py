"""The quality of a session's watch is counted when the patient leaves, and again when something arrives later."""

from datetime import datetime
from uuid import UUID

from daybreak.kernel.keys import key_from
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import record_one, told_once
from daybreak.treat.models import SessionQuality
from daybreak.treat.queries.quality import quality_of, stored_quality
from daybreak.treat.queries.sessions import SessionNow, session_now
from daybreak.treat.rules.steps import Step


def note_quality(scope: Scope, now: SessionNow, *, at: datetime) -> SessionQuality | None:
    """Count how well a session was watched and keep it; nothing where it never started or nothing has changed."""
    found = quality_of(scope, now, at=at)
    before = stored_quality(scope, now.session.key)
    if found is None or (before and all(getattr(before, name) == n for name, n in found.counts.items())):
        return before
    return record_one(
        SessionQuality(
            site=scope.site,
            key=key_from("quality", str(now.session.key), str(before.key) if before else ""),
            corrects=before.key if before else None,
            patient_key=now.session.patient_key,
            session_key=now.session.key,
            counted_at=at,
            **found.counts,
        )
    )


def recount(scope: Scope, session: UUID, *, at: datetime) -> None:
    """Count the watch of a session again, where the patient has left and something was told of it later."""
    lock = key_from("quality", scope.site, str(session))
    with told_once(SessionQuality, site=scope.site, key=lock, moment="counted_at", at=at):  # one count at a time
        now = session_now(scope, session)
        if now is not None and now.moment_of(Step.DISCHARGED):
            note_quality(scope, now, at=at)
