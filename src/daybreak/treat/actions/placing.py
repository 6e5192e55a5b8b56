"""Readings that waited in the tray are placed in the session that a person names."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import PLACED, TrayItem, one_step, settle_tray
from daybreak.treat.actions.readings import REFUSED, record_readings
from daybreak.treat.queries.devices import device_of
from daybreak.treat.rules.readings import NewReading, Sender
from daybreak.treat.rules.waiting import NotAReading, reading_in


class NotPlaced(Refusal):
    """Readings that do not fit the session that was named; nothing was changed."""


@one_step()
def place_readings(scope: Scope, *, key: UUID, items: Sequence[TrayItem], session: UUID, at: datetime) -> int:
    """Store what the tray holds as readings of a session, under their own keys, and settle it; return how many.

    All or none: raises NotPlaced where one is no reading, or was not measured while the session was open.
    """
    sent: dict[str, list[NewReading]] = defaultdict(list)
    for item in items:
        try:
            new = reading_in(item.about_key, item.content)
        except NotAReading as fault:
            raise NotPlaced(str(fault)) from fault
        sent[str(item.content.get("device", ""))].append(replace(new, session=session))
    for device, readings in sent.items():
        _place(scope, readings, device_of(scope, UUID(device)) if device else None, at)
    settle_tray(scope, key=key, items=[item.key for item in items], outcome=PLACED, at=at)
    return len(items)


def _place(scope: Scope, readings: Sequence[NewReading], sender: Sender | None, at: datetime) -> None:
    anywhere = replace(sender, chair="") if sender else None
    for outcome in record_readings(scope, readings, at=at, device=anywhere):
        if outcome.answer == REFUSED:
            raise NotPlaced(f"{outcome.reason} Nothing was placed.")
