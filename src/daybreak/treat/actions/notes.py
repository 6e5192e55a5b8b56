"""Notes at the chair."""

from datetime import datetime
from uuid import UUID

from daybreak.identity.public import seal_text
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, record_one
from daybreak.treat.actions.steps import NoSuchSession, demand
from daybreak.treat.models import Note
from daybreak.treat.queries.sessions import session as session_of


class NothingWritten(Refusal):
    """A note without a word."""


@one_step()
def write_note(scope: Scope, *, key: UUID, session: UUID, words: str, at: datetime) -> Note:
    """Keep what somebody wrote about a session; raise NoSuchSession, NothingWritten, NotYourPart."""
    demand(scope, Permission.RUN_SESSION, at=at)
    line = session_of(scope, session)
    if line is None:
        raise NoSuchSession("There is no such session at this site.")
    if not words.strip():
        raise NothingWritten("Nothing is written yet.")
    sealed = seal_text(scope, line.patient_key, words.strip(), fact=key)
    return record_one(
        Note(
            site=scope.site,
            key=key,
            patient_key=line.patient_key,
            session_key=session,
            words=sealed,
            noted_at=at,
        )
    )
