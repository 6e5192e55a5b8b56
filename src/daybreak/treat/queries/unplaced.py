"""Readings that were sent for a session and could not be placed: they wait in the tray and are never drawn as truth."""

import json
from dataclasses import dataclass
from datetime import datetime

from daybreak.kernel.scope import Scope
from daybreak.ledger.public import TrayItem, standing
from daybreak.treat.queries.sessions import SessionNow

ABOUT = "treat_reading"


@dataclass(frozen=True, slots=True)
class Unplaced:
    """One reading in the tray, as it was sent, with the reason."""

    sign: str
    value: str
    unit: str
    reason: str
    received_at: datetime


def unplaced_of(scope: Scope, now: SessionNow) -> list[Unplaced]:
    """Return what waits in the tray and names this session, oldest first."""
    found = standing(TrayItem).filter(
        site=scope.site, about=ABOUT, content__sent__icontains=str(now.session.key)
    ).order_by("received_at", "key")  # fmt: skip
    return [_of(item) for item in found]


def _of(item: TrayItem) -> Unplaced:
    sent = json.loads(item.content["sent"])
    told = sent if isinstance(sent, dict) else {}
    sign, value, unit = (str(told.get(name, "")) for name in ("sign", "value", "unit"))
    return Unplaced(sign, value, unit, item.reason, item.received_at)
