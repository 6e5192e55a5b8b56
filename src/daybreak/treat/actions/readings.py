"""Readings come in, from devices and by hand; what goes beyond a limit calls for someone in the same transaction."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from daybreak.kernel.scope import Scope
from daybreak.ledger.public import TrayItem, one_step, put_in_tray, record, standing
from daybreak.measure.public import fact_definition, library
from daybreak.treat.actions.alarms import raise_alarms
from daybreak.treat.models import Reading
from daybreak.treat.queries.readings import stays_in
from daybreak.treat.rules.readings import NewReading, Sender, Stay, place, trouble

ABOUT = "treat_reading"
STORED, SAME, REFUSED = "stored", "same", "refused"
TAKEN = "This key is taken by another reading."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one reading: stored now, the same as one that is there, or refused (and kept in the tray) with
    the reason.
    """

    key: UUID | None
    answer: str
    reason: str = ""


@one_step()
def record_readings(
    scope: Scope, readings: Sequence[NewReading], *, at: datetime, device: Sender | None = None
) -> list[Outcome]:
    """Store readings of the device's chair (or, typed by a person, of the session each names) and answer for each in
    order.

    A retry of a stored reading is the same reading. What cannot be right or cannot be placed is refused with a reason
    and waits
    in the site's tray. Alarms are raised here too, and told by NOTIFY once this is committed.
    """
    troubles = [_trouble(new, device, at) for new in readings]
    stays = _stays(scope, [new for new, reason in zip(readings, troubles, strict=True) if not reason], device)
    answers: list[Outcome | None] = [None] * len(readings)
    rows: list[Reading] = []
    for index, new in enumerate(readings):
        found = troubles[index] or place(new, stays)
        if isinstance(found, str):
            answers[index] = refuse(scope, key=new.key, reason=found, sent=_plain(new), device=device, at=at)
        else:
            rows.append(_row(scope, new, found, device))
    recorded = record(rows)
    raise_alarms(scope, [row for row in rows if row.key in recorded.new], at=at)
    seen: set[UUID] = set()
    for index, new in enumerate(readings):
        if answers[index] is None:
            answers[index] = _answer(new.key, recorded.new, recorded.different, seen)
            seen.add(new.key)
    return [answer for answer in answers if answer is not None]


def refuse(
    scope: Scope, *, key: UUID | None, reason: str, sent: object, device: Sender | None, at: datetime
) -> Outcome:
    """Keep what cannot be a reading in the tray, once, with the reason."""
    content = {
        "sent": json.dumps(sent, default=str, ensure_ascii=True),
        "device": str(device.key) if device else "",
    }
    known = standing(TrayItem).filter(site=scope.site, about=ABOUT, about_key=key, reason=reason, content=content)
    if not known.exists():
        put_in_tray(site=scope.site, about=ABOUT, about_key=key, reason=reason, content=content, received_at=at)
    return Outcome(key, REFUSED, reason)


def _answer(key: UUID, new: set[UUID], different: set[UUID], seen: set[UUID]) -> Outcome:
    if key in different and (key in seen or key not in new):
        return Outcome(key, REFUSED, TAKEN)
    return Outcome(key, STORED if key in new and key not in seen else SAME)


def _stays(scope: Scope, readings: Sequence[NewReading], device: Sender | None) -> list[Stay]:
    moments = [new.measured_at for new in readings]
    if not moments:
        return []
    named = {new.session for new in readings if new.session}
    chair = device.chair or None if device else None
    return stays_in(scope, chair=chair, sessions=named, since=min(moments), until=max(moments))


def _trouble(new: NewReading, device: Sender | None, at: datetime) -> str | None:
    if new.session is None and (device is None or not device.chair):
        return "It names no session, and comes from no chair."
    return trouble(new, definition=fact_definition(library(), new.sign), at=at)


def _row(scope: Scope, new: NewReading, stay: Stay, device: Sender | None) -> Reading:
    return Reading(
        site=scope.site,
        key=new.key,
        patient_key=stay.patient,
        session_key=stay.session,
        sign=new.sign,
        value=round(new.value, 3),
        unit=new.unit,
        measured_at=new.measured_at,
        device_key=device.key if device else None,
    )


def _plain(new: NewReading) -> Mapping[str, str]:
    return {
        "sign": new.sign[:100],
        "value": str(new.value)[:60],
        "unit": new.unit[:40],
        "measured_at": new.measured_at.isoformat(),
        "session": str(new.session or ""),
    }
