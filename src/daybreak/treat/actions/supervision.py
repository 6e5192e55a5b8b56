"""The supervisor signs that a session was supervised."""

from datetime import datetime
from uuid import UUID

from daybreak.kernel.keys import key_from
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import record_one, told_once
from daybreak.treat.actions.steps import demand, held
from daybreak.treat.models import Supervision
from daybreak.treat.queries.supervision import supervised_by


class NotSupervised(Refusal):
    """A signature for a session that this person did not supervise, or that is not over."""


def sign_supervised(scope: Scope, *, session: UUID, account: UUID, role: str, at: datetime) -> Supervision:
    """Sign, as the supervisor of a session, that one stayed beside `account` in `role`; signed twice it is one
    signature. Raise NotSupervised, NoSuchSession, NotYourPart.
    """
    with held(scope, session):
        signer = demand(scope, Permission.RUN_SESSION, at=at)
        if account == signer:
            raise NotSupervised("Somebody else signs that you were supervised.")
        told = supervised_by(scope, account=signer)
        found = next(
            (s for s in told if (s.session, s.beside.account, s.beside.role) == (session, account, role)), None
        )
        if found is None:
            raise NotSupervised("You were not the supervisor of this person in this session.")
        if not found.over:
            raise NotSupervised("Sign once the patient was discharged: the team may still change.")
        key = key_from("supervised", str(session), str(account), role, str(signer))
        with told_once(Supervision, site=scope.site, key=key, moment="signed_at", at=at) as moment:
            return record_one(
                Supervision(
                    site=scope.site,
                    key=key,
                    session_key=session,
                    account_key=account,
                    role=role,
                    signed_by=signer,
                    signed_at=moment,
                )
            )
