"""How the person is reached who takes a patient home."""

from uuid import UUID

from daybreak.identity.public import open_text
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import standing
from daybreak.treat.models import Escort


def escort_of(scope: Scope, session: UUID) -> str:
    """Return the telephone number that was given for a session; empty before one is."""
    row = standing(Escort).filter(site=scope.site, session_key=session).order_by("noted_at", "key").last()
    return open_text(scope, row.patient_key, row.telephone) if row else ""


def escort_row(scope: Scope, session: UUID) -> Escort | None:
    """Return the standing row of a session's escort, or nothing."""
    return standing(Escort).filter(site=scope.site, session_key=session).order_by("noted_at", "key").last()
