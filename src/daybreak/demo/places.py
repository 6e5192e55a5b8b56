"""Three chairs in two rooms for each clinic, and a chair for each session that is played."""

import itertools
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import Scope
from daybreak.treat.public import ChairTaken, plan_session, register_monitor, set_up_chair, sign_order

CHAIRS = ("Chair 1", "Chair 2", "Chair 3")
AMOUNT = Decimal("0.5")  # what the played protocol offers
HOURS_LATER = (0, 3.25, 6.5, 24, 48)


def furnish(scope: Scope, *, at: datetime, monitors_at: datetime) -> None:
    """Set the chairs up, with a monitor each; half an hour of set-up is invented."""
    for chair, room in zip(CHAIRS, ("Room 1", "Room 1", "Room 2"), strict=True):
        set_up_chair(scope, key=new_key(at=at), name=chair, treatment_room=room, set_up_minutes=30, at=at)
        register_monitor(
            scope,
            key=new_key(at=monitors_at),
            name=f"Monitor of {chair}",
            location=chair,
            chair=chair,
            model="monitor_ieee11073",
            at=monitors_at,
        )


def plan_somewhere(
    scope: Scope, *, key: UUID, course: UUID, wanted: datetime, usual_chair: str, at: datetime
) -> datetime:
    """Plan and order a session, in the usual chair, or in another, or after the one that is there; return when."""
    chairs = sorted(CHAIRS, key=lambda chair: (chair != usual_chair, chair))
    for hours, chair in itertools.product(HOURS_LATER, chairs):
        planned = wanted + timedelta(hours=hours)
        try:
            plan_session(scope, key=key, course=course, planned_for=planned, chair=chair, at=at)
        except ChairTaken:
            continue
        sign_order(
            scope,
            key=new_key(at=at),
            session=key,
            amount=AMOUNT,
            valid_until=planned + timedelta(days=1),
            at=at,
        )
        return planned
    raise RuntimeError("The demonstration has more sessions than its chairs can hold.")
