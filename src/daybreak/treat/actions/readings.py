"""Readings come in, from devices and by hand; what goes beyond a limit calls for someone in the same transaction."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django.db.transaction import set_rollback

from daybreak.kernel.keys import key_from
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import (
    Recorded,
    TrayItem,
    one_step,
    put_all_in_tray,
    record_columns,
    record_columns_at_once,
)
from daybreak.treat.actions.alarms import Judged, are_calm, raise_alarms
from daybreak.treat.actions.quality import recount
from daybreak.treat.models import Reading
from daybreak.treat.queries.bedside import Bedside, bedside
from daybreak.treat.queries.readings import stays_in
from daybreak.treat.rules.readings import NewReading, Sender, Stay, in_its_unit, place, trouble

ABOUT = "treat_reading"
STORED, SAME, REFUSED = "stored", "same", "refused"
TAKEN = "This key is taken by another reading."


class Outcome(NamedTuple):
    """What became of one reading: stored now, the same as one that is there, or refused (and kept in the tray) with
    the reason.
    """

    key: UUID | None
    answer: str
    reason: str = ""


Arrival = tuple[Sender | None, Sequence[NewReading]]
"""What one device sent at once; what a person typed comes from no device."""


@one_step()
def record_readings(
    scope: Scope, readings: Sequence[NewReading], *, at: datetime, device: Sender | None = None
) -> list[Outcome]:
    """Store readings of the device's chair (or, typed by a person, of the session each names) and answer for each in
    order: `record_arrivals` of one sender.
    """
    return record_arrivals(scope, [(device, readings)], known=bedside(scope), at=at)


def record_arrivals(scope: Scope, arrivals: Sequence[Arrival], *, known: Bedside, at: datetime) -> list[Outcome]:
    """Store what several devices sent and answer for each reading in order. Call it in the step that asked for `known`.

    A retry of a stored reading is the same reading. What cannot be right or cannot be placed is refused with a reason
    and waits in the site's tray. Alarms are raised here too, and told by NOTIFY once this is committed. What arrives
    after the patient has left changes how well the session was watched, so that is counted again.
    """
    placed = _placed(scope, arrivals, known, at)
    refuse_all(scope, placed.refused, at=at)
    if not placed.rows:
        return _answers(placed.answers, [], Recorded())
    rows, columns = placed.rows, placed.columns
    recorded = record_columns(Reading, same={"site": scope.site}, columns=columns)
    new = rows if len(recorded.new) == len(rows) else [row for row in rows if row[0] in recorded.new]
    raise_alarms(scope, _judged(new), known=known, at=at)
    for session in sorted(placed.over) if new else ():
        recount(scope, session, at=at)
    return _answers(placed.answers, columns["key"], recorded)


def record_at_once(scope: Scope, arrivals: Sequence[Arrival], *, known: Bedside, at: datetime) -> list[Outcome] | None:
    """Store what several devices sent as `record_arrivals` does, where all of it has its place and is new; else return
    None. It is a step of its own that does not wait for the disk (`Disk`). Nothing is looked up before: the statement
    that stores asks itself whether what is `known` still holds, and what calls for nobody needs no other.
    """
    placed = _placed(scope, arrivals, known, at)
    if not placed.rows or placed.refused or placed.over:
        return None
    columns, judged = placed.columns, _judged(placed.rows)
    provided, given = known.holds
    store = partial(
        record_columns_at_once, Reading, same={"site": scope.site}, columns=columns, provided=provided, given=given
    )
    if are_calm(judged, known=known, at=at):
        stored = store()
    else:
        with one_step():
            if stored := store():
                raise_alarms(scope, judged, known=known, at=at)
            else:
                set_rollback(True)
    return [Outcome(key, STORED) for key in columns["key"]] if stored else None


@dataclass
class _Placed:
    """What became of readings before any is stored: no answer yet to those that have a row; `over` are the sessions
    whose patient has left.
    """

    answers: list[Outcome | None] = field(default_factory=list)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    over: set[UUID] = field(default_factory=set)
    refused: list["Refused"] = field(default_factory=list)

    @property
    def columns(self) -> dict[str, Sequence[Any]]:
        return dict(zip(_COLUMNS, zip(*self.rows, strict=True), strict=True))


def _judged(rows: Sequence[tuple[Any, ...]]) -> list[Judged]:
    return [Judged._make(row[:6]) for row in rows]


def _placed(scope: Scope, arrivals: Sequence[Arrival], known: Bedside, at: datetime) -> _Placed:
    placed = _Placed()
    for device, readings in arrivals:
        troubles = [_trouble(new, device, known, at) for new in readings]
        sound = [new for new, reason in zip(readings, troubles, strict=True) if not reason]
        stays, sender = _stays(scope, known, sound, device), device.key if device else None
        for new, reason in zip(readings, troubles, strict=True):
            found = reason or place(new, stays)
            if isinstance(found, str):
                placed.answers.append(Outcome(new.key, REFUSED, found))
                placed.refused.append(Refused(new.key, found, _plain(new), device))
            else:
                placed.answers.append(None)
                value, unit = in_its_unit(new, known.definition(new.sign))
                placed.over.update([found.session] if found.until is not None else [])
                row = (new.key, found.session, new.sign, value, unit, new.measured_at, found.patient, sender)
                placed.rows.append(row)
    return placed


_COLUMNS = (*Judged._fields, "patient_key", "device_key")


def _answers(answers: list[Outcome | None], keys: Sequence[UUID], recorded: Recorded) -> list[Outcome]:
    """Fill in what became of the readings that had a place, in their order."""
    if len(recorded.new) == len(answers):
        return [Outcome(key, STORED) for key in keys]
    seen: set[UUID] = set()
    left = iter(keys)
    found = []
    for answer in answers:
        if answer is None:
            key = next(left)
            answer = _answer(key, recorded.new, recorded.different, seen)  # noqa: PLW2901
            seen.add(key)
        found.append(answer)
    return found


class Refused(NamedTuple):
    """What cannot be a reading: the key and the content that were sent, by which device, and why not."""

    key: UUID | None
    reason: str
    sent: object
    device: Sender | None


def refuse(
    scope: Scope, *, key: UUID | None, reason: str, sent: object, device: Sender | None, at: datetime
) -> Outcome:
    """Keep what cannot be a reading in the tray, once, with the reason."""
    refuse_all(scope, [Refused(key, reason, sent, device)], at=at)
    return Outcome(key, REFUSED, reason)


def refuse_all(scope: Scope, refused: Sequence[Refused], *, at: datetime) -> None:
    """Keep all of it in the tray by one statement; what is sent again is there already, since its key comes from it."""
    put_all_in_tray([_waiting(scope, each, at) for each in refused])


def _waiting(scope: Scope, refused: Refused, at: datetime) -> TrayItem:
    sent = json.dumps(refused.sent, default=str, ensure_ascii=True)
    device = str(refused.device.key) if refused.device else ""
    return TrayItem(
        site=scope.site,
        key=key_from("refused", scope.site, str(refused.key), refused.reason, sent, device),
        about=ABOUT,
        about_key=refused.key,
        reason=refused.reason,
        content={"sent": sent, "device": device},
        received_at=at,
    )


def _answer(key: UUID, new: set[UUID], different: set[UUID], seen: set[UUID]) -> Outcome:
    if key in different and (key in seen or key not in new):
        return Outcome(key, REFUSED, TAKEN)
    return Outcome(key, STORED if key in new and key not in seen else SAME)


def _stays(scope: Scope, known: Bedside, readings: Sequence[NewReading], device: Sender | None) -> list[Stay]:
    moments = [new.measured_at for new in readings]
    if not moments:
        return []
    since, until = min(moments), max(moments)
    if device is not None and device.chair:
        return known.stays(device.chair, since=since, until=until)
    named = {new.session for new in readings if new.session}
    return stays_in(scope, sessions=named, since=since, until=until)


def _trouble(new: NewReading, device: Sender | None, known: Bedside, at: datetime) -> str | None:
    if new.session is None and (device is None or not device.chair):
        return "It names no session, and comes from no chair."
    return trouble(new, definition=known.definition(new.sign), at=at)


def _plain(new: NewReading) -> Mapping[str, str]:
    return {
        "sign": new.sign[:100],
        "value": str(new.value)[:60],
        "unit": new.unit[:40],
        "measured_at": new.measured_at.isoformat(),
        "session": str(new.session or ""),
    }
