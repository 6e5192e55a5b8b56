"""The order of a session as it stands."""

from uuid import UUID

from daybreak.kernel.scope import Scope
from daybreak.ledger.public import standing
from daybreak.treat.models import Order, Witness
from daybreak.treat.rules.order import Ordered


def order_of(scope: Scope, session: UUID) -> Ordered | None:
    """Return the order that holds for a session, the newest, or nothing."""
    row = order_row(scope, session)
    if row is None:
        return None
    second = Witness.objects.filter(site=scope.site, about=row.key).values_list("signed_by", flat=True)
    return Ordered(
        key=row.key,
        amount=row.amount,
        unit=row.unit,
        weight_used=row.weight_used,
        above_usual=row.above_usual,
        valid_until=row.valid_until,
        signers=frozenset({row.signed_by, *second}),
    )


def order_row(scope: Scope, session: UUID) -> Order | None:
    """Return the newest order of a session with everything that was signed, or nothing."""
    return standing(Order).filter(site=scope.site, session_key=session).order_by("-signed_at", "-key").first()


def order_of_key(scope: Scope, order: UUID | None) -> Order | None:
    """Return an order by its key, whether or not it still holds, or nothing."""
    return None if order is None else Order.objects.filter(site=scope.site, key=order).first()
