"""The tray as a person settles it: things that arrived for one reason from one place stand together."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from daybreak.kernel.scope import Scope
from daybreak.ledger.public import TrayItem, waiting_in_tray
from daybreak.treat.public import NewReading, NotAReading, Stay, devices, reading_in, stays_around

READINGS = "treat_reading"
MOST_ITEMS = 2_000


@dataclass(frozen=True, slots=True)
class Heap:
    """Things that wait for one reason. `readings` are those that could be placed, `stays` the sessions where."""

    reason: str
    about: str
    sender: str
    items: tuple[TrayItem, ...]
    readings: tuple[NewReading, ...]
    stays: tuple[Stay, ...]

    @property
    def keys(self) -> list[str]:
        """The keys of its things, as a form carries them."""
        return [str(item.key) for item in self.items]

    @property
    def since(self) -> datetime:
        """When the first of them arrived."""
        return min(item.received_at for item in self.items)

    @property
    def until(self) -> datetime:
        """When the last of them arrived."""
        return max(item.received_at for item in self.items)


def heaps(scope: Scope) -> list[Heap]:
    """Return what waits at the site, the newest heap first; at most MOST_ITEMS things."""
    names = {str(device.key): device.name for device in devices(scope)}
    grouped: dict[tuple[str, str, str], list[TrayItem]] = defaultdict(list)
    for item in waiting_in_tray(scope)[:MOST_ITEMS]:
        grouped[item.about, item.reason, _sender(item)].append(item)
    return [
        _heap(scope, about, reason, names.get(sender, ""), items) for (about, reason, sender), items in grouped.items()
    ]


def chosen(scope: Scope, keys: Sequence[UUID]) -> list[TrayItem]:
    """Return the things with these keys that still wait."""
    return list(waiting_in_tray(scope).filter(key__in=keys))


def shown(item: TrayItem) -> str:
    """Return what a thing holds in one line; what is sealed or long is only named."""
    content = item.content if isinstance(item.content, dict) else {"content": item.content}
    try:
        sent = json.loads(content["sent"])
    except (KeyError, TypeError, ValueError):
        sent = content
    if not isinstance(sent, dict):
        return str(sent)[:200]
    told = {str(name): value for name, value in sent.items() if value not in ("", None) and name != "key"}
    return ", ".join(f"{name.replace('_', ' ')} {str(value)[:80]}" for name, value in told.items())[:400]


def _heap(scope: Scope, about: str, reason: str, sender: str, items: list[TrayItem]) -> Heap:
    readings = [found for item in items if about == READINGS and (found := _reading(item))]
    stays: Sequence[Stay] = ()
    if readings and len(readings) == len(items):
        moments = [each.measured_at for each in readings]
        stays = stays_around(scope, since=min(moments), until=max(moments))
    return Heap(reason, about, sender, tuple(items), tuple(readings), tuple(stays))


def _reading(item: TrayItem) -> NewReading | None:
    try:
        return reading_in(item.about_key, item.content)
    except NotAReading:
        return None


def _sender(item: TrayItem) -> str:
    return str(item.content.get("device", "")) if isinstance(item.content, dict) else ""
