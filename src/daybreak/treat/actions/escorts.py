"""Who takes a patient home."""

from datetime import datetime
from uuid import UUID

from daybreak.identity.public import seal_text
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import record_one
from daybreak.treat.actions.steps import demand, held
from daybreak.treat.models import Escort
from daybreak.treat.queries.escorts import escort_row


class NoNumber(Refusal):
    """A number of nobody."""


def note_escort(scope: Scope, *, key: UUID, session: UUID, telephone: str, at: datetime) -> Escort:
    """Keep the number of who takes the patient home from this session; raise NoNumber, NotYourPart."""
    with held(scope, session) as now:
        demand(scope, Permission.RUN_SESSION, at=at)
        if not telephone.strip():
            raise NoNumber("Write down the telephone number of who takes the patient home.")
        told = Escort.objects.filter(site=scope.site, key=key).first()
        before, patient = escort_row(scope, session), now.session.patient_key
        return record_one(
            Escort(
                site=scope.site,
                key=key,
                corrects=told.corrects if told else before.key if before else None,
                patient_key=patient,
                session_key=session,
                telephone=seal_text(scope, patient, telephone.strip(), fact=key),
                noted_at=at,
            )
        )
