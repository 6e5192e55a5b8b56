"""The tray as a person settles it: things that arrived for one reason, from one device and without a long silence stand
together, said once with how many they are, the first and the last.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet, TextField, Value, Window
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Lag, Lead, RowNumber

from daybreak.design.public import moment
from daybreak.kernel.scope import Scope
from daybreak.kernel.units import written
from daybreak.ledger.public import TrayItem, waiting_in_tray
from daybreak.rulebook.public import words_of
from daybreak.treat.public import (
    NewReading,
    NotAReading,
    SessionSummary,
    Stay,
    devices,
    reading_in,
    sessions_of_keys,
    stays_around,
)

READINGS, ACTS = "treat_reading", "treat_act"
MOST_HEAPS, MOST_PLACED, MOST_SHOWN = 60, 2_000, 12
GAP = timedelta(hours=1)
"""After so long a silence what arrives stands apart: a monitor that was left on fills one heap for each such time."""


@dataclass(frozen=True, slots=True)
class Lot:
    """Which things of the tray are meant: of one kind, for one reason, from one device, from one moment to another."""

    about: str
    reason: str
    device: str
    since: datetime
    until: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Heap:
    """Things that wait for one reason, and the first few of them; `stays` are the sessions where they could be
    placed, `told_in` those in which acts wait to be settled beside what is recorded there.
    """

    lot: Lot
    sender: str
    items: tuple[TrayItem, ...]
    stays: tuple[Stay, ...]
    told_in: tuple[SessionSummary, ...] = ()


def heaps(scope: Scope) -> list[Heap]:
    """Return what waits at the site, the newest heap first; at most MOST_HEAPS."""
    names = {str(device.key): device.name for device in devices(scope)}
    lots = sorted(_lots(scope), key=lambda lot: lot.until, reverse=True)[:MOST_HEAPS]
    return [_heap(scope, lot, names.get(lot.device, "")) for lot in lots]


def _lots(scope: Scope) -> Iterator[Lot]:
    """Yield each heap by its first and its last thing, as the database finds them; nothing else of it is read."""
    together = {"partition_by": [F("about"), F("reason"), F("device")], "order_by": [F("received_at"), F("key")]}
    marked = _by_device(scope).annotate(
        nth=Window(RowNumber(), **together),
        before=Window(Lag("received_at"), **together),
        after=Window(Lead("received_at"), **together),
    )
    first = Q(before=None) | Q(received_at__gt=F("before") + GAP)
    last = Q(after=None) | Q(after__gt=F("received_at") + GAP)
    ends = marked.filter(first | last).order_by("about", "reason", "device", "nth")
    began: tuple[datetime, int] | None = None
    for each in ends.values("about", "reason", "device", "received_at", "nth", "before", "after"):
        at, nth = each["received_at"], each["nth"]
        if each["before"] is None or at > each["before"] + GAP:
            began = at, nth
        if began and (each["after"] is None or each["after"] > at + GAP):
            yield Lot(each["about"], each["reason"], each["device"], began[0], at, nth - began[1] + 1)


def chosen(scope: Scope, lot: Lot) -> list[TrayItem]:
    """Return the things of a heap that still wait, oldest first; nothing where they are not those that were seen."""
    found = list(_of(scope, lot))
    return found if len(found) == lot.count else []


def _of(scope: Scope, lot: Lot) -> "QuerySet[TrayItem]":
    about = Q(about=lot.about, reason=lot.reason, device=lot.device)
    within = Q(received_at__gte=lot.since, received_at__lte=lot.until)
    return _by_device(scope).filter(about & within).order_by("received_at", "key")


def _by_device(scope: Scope) -> "QuerySet[TrayItem]":
    return waiting_in_tray(scope).annotate(
        device=Coalesce(KeyTextTransform("device", "content"), Value(""), output_field=TextField())
    )


def shown(item: TrayItem, zone: str) -> list[str]:
    """Return what a thing holds, in a line and one for each member of a list in it; what is long is only named."""
    sent = _sent(item)
    reading = _reading(item) if item.about == READINGS else None
    if reading and isinstance(sent, dict) and not {name for name in sent if sent[name]} - _OF_A_READING:
        much = f"{words_of(reading.sign).capitalize()} {reading.value:f} {written(reading.unit)}".strip()
        return [f"{much}, {moment(reading.measured_at, zone, year=True)}"]
    return [line for each in (sent if isinstance(sent, list) else [sent]) for line in _lines(each)]


_OF_A_READING = {"sign", "value", "unit", "measured_at", "session"}


def _sent(item: TrayItem) -> object:
    content = item.content if isinstance(item.content, dict) else {"content": item.content}
    try:
        return json.loads(content["sent"])
    except (KeyError, TypeError, ValueError):
        return content


def _lines(sent: object) -> list[str]:
    if not isinstance(sent, dict):
        return [str(sent)[:200]]
    told = {str(name): value for name, value in sent.items() if value not in ("", None) and name != "key"}
    lists = {name: told.pop(name) for name in [*told] if isinstance(told[name], list)}
    first = ", ".join(f"{name.replace('_', ' ')} {str(value)[:80]}" for name, value in told.items())[:400]
    return [first, *(str(each)[:200] for members in lists.values() for each in members)]


def _heap(scope: Scope, lot: Lot, sender: str) -> Heap:
    items = list(_of(scope, lot)[: MOST_PLACED if lot.about == READINGS and lot.count <= MOST_PLACED else MOST_SHOWN])
    readings = [found for item in items if lot.about == READINGS and (found := _reading(item))]
    stays: Sequence[Stay] = ()
    if len(readings) == lot.count:
        moments = [each.measured_at for each in readings]
        stays = stays_around(scope, since=min(moments), until=max(moments))
    told_in = sessions_of_keys(scope, {each for item in items if (each := _session_of_act(item))})
    return Heap(lot, sender, tuple(items[:MOST_SHOWN]), tuple(stays), tuple(told_in))


def _session_of_act(item: TrayItem) -> UUID | None:
    """Return the session in which an act waits; nothing for one that could not even be opened."""
    is_told = item.about == ACTS and isinstance(item.content, dict) and "act" in item.content
    return UUID(item.content["session"]) if is_told else None


def _reading(item: TrayItem) -> NewReading | None:
    try:
        return reading_in(item.about_key, item.content)
    except NotAReading:
        return None
