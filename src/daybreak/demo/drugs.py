"""The controlled drug of the demonstration: an ampoule is drawn for each session, the rest wasted by two."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import Scope, scoped
from daybreak.treat.public import account_of, draw, in_the_safe, receive, session_now, waste, witness


def fill_the_safe(scope: Scope, *, expires_after: datetime, at: datetime) -> None:
    """Receive enough ampoules for every session that is played; lots and papers are invented."""
    for lot, count, days in (("SYN-A1", 60, 40), ("SYN-B2", 40, 180)):
        receive(
            scope,
            key=new_key(at=at),
            drug="ketamine",
            container="ampoule",
            mg_each=Decimal(200),
            mg_per_ml=Decimal(10),
            number=lot,
            expires_on=(expires_after + timedelta(days=days)).date(),
            count=count,
            reference=f"SYN-DELIVERY-{lot}",
            at=at,
        )


def draw_one(scope: Scope, *, session: UUID, at: datetime) -> UUID:
    """Draw an ampoule of the lot that expires first; return the lot's key."""
    lot = in_the_safe(scope)[0].lot.key
    draw(scope, key=new_key(at=at), session=session, lot=lot, count=1, at=at)
    return lot


def waste_the_rest(scope: Scope, *, session: UUID, lot: UUID, seen_by: Scope | None, at: datetime) -> None:
    """Throw away what was not given; without `seen_by` it still waits for its witness."""
    now = session_now(scope, session)
    rest = account_of(scope, now).rest_mg if now else None
    if rest is None or rest <= 0:
        return
    thrown = waste(scope, key=new_key(at=at), session=session, lot=lot, amount_mg=rest, reason="left_over", at=at)
    if seen_by is not None:
        with scoped(seen_by):
            witness(seen_by, key=new_key(at=at), about=thrown.key, at=at + timedelta(minutes=1))
