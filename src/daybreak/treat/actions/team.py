"""Who takes which role in a session, and who has looked at which piece of equipment."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import record_one
from daybreak.treat.actions.steps import demand, held
from daybreak.treat.models import Check, TeamMember
from daybreak.treat.queries.team import may_be_named
from daybreak.treat.rules.steps import OVER, NotNow
from daybreak.treat.rules.team import ROLES


class NotOfTheTeam(Refusal):
    """A role that there is not, or a person who cannot take it at this site."""


class NotListed(Refusal):
    """Equipment that the protocol does not list."""


def name_member(
    scope: Scope, *, key: UUID, session: UUID, account: UUID, role: str, at: datetime, present: bool = True
) -> TeamMember:
    """Say that somebody takes a role in a session, or with `present` false that they do not; raise NotOfTheTeam."""
    with held(scope, session) as now:
        demand(scope, Permission.RUN_SESSION, at=at)
        if now.state in OVER:
            raise NotNow("This session is over: its team stays as it was.")
        if role not in ROLES:
            raise NotOfTheTeam("Choose a role of the session.")
        if present and account not in may_be_named(scope, role):
            raise NotOfTheTeam("Choose somebody of this site who may take that role.")
        return record_one(
            TeamMember(
                site=scope.site,
                key=key,
                patient_key=now.session.patient_key,
                session_key=session,
                account_key=account,
                role=role,
                present=present,
                noted_at=at,
            )
        )


def confirm_equipment(scope: Scope, *, key: UUID, session: UUID, items: Sequence[str], at: datetime) -> Check:
    """Confirm pieces of the protocol's equipment, each seen by the scope's actor; raise NotListed, NotYourPart."""
    with held(scope, session) as now:
        signer = demand(scope, Permission.RUN_SESSION, at=at)
        known = {item.id for item in now.protocol.equipment}
        if not items or not set(items) <= known:
            raise NotListed("Tick what you have looked at, one or more of the list.")
        before = next((check for check in now.checks if check.key == key), None)
        order = before.order_key if before else now.order.key if now.order else None
        return record_one(
            Check(
                site=scope.site,
                key=key,
                patient_key=now.session.patient_key,
                session_key=session,
                order_key=order,
                kind="equipment",
                items=dict.fromkeys(sorted(items), True),
                signed_by=signer,
                signed_at=at,
            )
        )
