"""A message is taken in: everything it holds is stored or kept in the tray in one step, and the answer says so."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import inf
from time import monotonic
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.transaction import on_commit

from daybreak.interop.hl7.acknowledge import FAULT, REFUSED, TAKEN, Said, acknowledgement
from daybreak.interop.hl7.frames import MOST_BYTES, Frame
from daybreak.interop.hl7.message import Group, Head, NotUnderstood, Observation, head_of, narrow, parse
from daybreak.interop.hl7.readings import Doubted, Sorted, Taken, Unused, sorted_out
from daybreak.kernel.keys import key_from
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import TrayItem, commit_before_disk, one_step, put_all_in_tray, standing
from daybreak.people.public import Site
from daybreak.treat.public import (
    REFUSED as REFUSED_READING,
)
from daybreak.treat.public import (
    Bedside,
    NewReading,
    Outcome,
    Refused,
    Sender,
    bedside,
    bedside_unasked,
    gateway_device,
    is_visit_number,
    record_arrivals,
    record_at_once,
    refuse,
    refuse_all,
    sessions_with_visit_number,
)

# Faults of content; the others are refused whatever the content is (table 0008).
CONTENT = frozenset({"100", "101", "102", "103"})
OFF = "The site has recorded no regulatory assessment that stands, so its gateway is off."
_FAULTS = {
    "broken_off": ("102", "The message broke off before its end."),
    "not_framed": ("100", "The message has no frame: it must stand between the bytes 0B and 1C 0D (MLLP)."),
    "too_long": ("207", f"The message is longer than {MOST_BYTES:,} bytes."),
}
UNKNOWN_CODES = (
    "No code list of this monitor knows these codes, so their values are not stored. These are the first ones."
)
CODES = "list_of_unknown_codes"
MOST_TOLD = 20


@dataclass
class Account:
    """What became of a message: the answer to send, and counts for whoever watches the gateway."""

    answer: bytes
    counts: Counter[str] = field(default_factory=Counter)
    unknown: set[str] = field(default_factory=set)


def take_in(scope: Scope, frame: Frame, *, site: Site, at: datetime) -> Account:
    """Store what a frame holds and return the answer: `take_in_all` of one."""
    return take_in_all(scope, [frame], site=site, at=at)[0]


def take_in_all(scope: Scope, frames: Sequence[Frame], *, site: Site, at: datetime) -> list[Account]:
    """Store what frames hold, all of it in one step, and return their answers. Alarms are told at once; send the
    answers once what they speak of is on disk (`Disk`).

    Whatever cannot be read is kept in the tray without the segments that name people.
    """
    known = bedside_unasked(scope)
    read = [_read(scope, known, frame, site, at) for frame in frames] if known else []
    if known and all(each.is_plain for each in read):
        outcomes = record_at_once(scope, _arrivals(read), known=known, at=at)
        if outcomes is not None:
            return _all_accounted(scope, read, outcomes, at)
    with one_step():
        commit_before_disk()
        holds = bedside(scope)
        if holds is not known:
            read = [_read(scope, holds, frame, site, at) for frame in frames]
        return _all_accounted(scope, read, record_arrivals(scope, _arrivals(read), known=holds, at=at), at)


def _arrivals(read: Sequence["_Read"]) -> list[tuple[Sender, list[NewReading]]]:
    placed = [part for each in read for part in each.parts if not part.no_place]
    return [(part.sender, [each.reading for each in part.taken]) for part in placed]


def _all_accounted(scope: Scope, read: Sequence["_Read"], outcomes: Sequence[Outcome], at: datetime) -> list[Account]:
    left = iter(outcomes)
    return [_accounted(scope, each, left, at) for each in read]


@dataclass
class _Part:
    """What one group of a message holds: readings that are taken, what is doubted, and why it has no place."""

    group: Group
    sender: Sender
    found: list[Sorted]
    no_place: str

    @property
    def taken(self) -> list[Taken]:
        return [each for each in self.found if isinstance(each, Taken)]

    @property
    def is_plain(self) -> bool:
        """Whether nothing but readings is to be stored of it."""
        return not self.no_place and all(
            isinstance(each, Taken) or (isinstance(each, Unused) and each.is_known) for each in self.found
        )


@dataclass
class _Read:
    """A frame that was read: its parts, or what was wrong with it as a whole."""

    frame: Frame
    head: Head
    parts: list[_Part] = field(default_factory=list)
    fault: NotUnderstood | None = None

    @property
    def is_plain(self) -> bool:
        return self.fault is None and all(part.is_plain for part in self.parts)


def _read(scope: Scope, known: Bedside, frame: Frame, site: Site, at: datetime) -> _Read:
    head = head_of(frame.content)
    try:
        if not known.alarms_are_on(at):
            raise NotUnderstood("207", OFF)
        if frame.fault:
            raise NotUnderstood(*_FAULTS[frame.fault])
        if not site.synthetic and head.processing in ("T", "D"):
            raise NotUnderstood("202", "This is training or test data, and this site is real.", "MSH^1^11")
        message = parse(frame.content)
    except NotUnderstood as fault:
        return _Read(frame, head, fault=fault)
    return _Read(frame, head, [_part(scope, known, group, site, at) for group in message.groups])


def _part(scope: Scope, known: Bedside, group: Group, site: Site, at: datetime) -> _Part:
    monitor = known.monitor_at(group.location)
    sender = monitor or gateway_device(scope, at=at)
    session, no_place = _place(scope, group, monitor, at)
    found = sorted_out(
        group.observations,
        codes=known.codes_of(sender.model),
        sender=sender.key,
        site=scope.site,
        session=session,
        zone=ZoneInfo(site.time_zone),
        at=at,
    )
    return _Part(group, sender, list(found), no_place)


def _accounted(scope: Scope, read: _Read, outcomes: Iterator[Outcome], at: datetime) -> Account:
    """Return the account of a frame; `outcomes` goes on with those of its readings."""
    if fault := read.fault:
        if fault.sentence != OFF:
            _keep(scope, read.frame, fault.sentence, at)
        outcome = FAULT if fault.code in CONTENT else REFUSED
        said = [Said(fault.place, fault.code, fault.sentence)]
        return Account(_answer(read.head, outcome, said, read.frame, at), Counter(refused_messages=1))
    account, said = Account(b"", Counter(messages=1)), []
    for part in read.parts:
        unused = [each for each in part.found if isinstance(each, Unused)]
        account.counts["unused"] += len(unused)
        unknown = [each.observation for each in unused if not each.is_known]
        account.unknown |= {f"{each.code} {each.name}".strip() for each in unknown}
        said += _stored(scope, part, outcomes, at, account)
        said += _not_understood(part)
        _keep_unknown(scope, part.sender, unknown, at)
        said += _doubts(scope, part.found, part.group, part.sender, at, account)
    account.answer = _answer(read.head, TAKEN, said[:MOST_TOLD], read.frame, at)
    return account


def _place(scope: Scope, group: Group, monitor: Sender | None, at: datetime) -> tuple[UUID | None, str]:
    """Return the session that the visit number names, or why the observations cannot be placed.

    A number of another system's making says nothing here: then the place alone counts.
    """
    in_a_chair = monitor is not None and bool(monitor.chair)
    if is_visit_number(group.visit):
        sessions = sessions_with_visit_number(scope, group.visit, near=at)
        return (sessions[0], "") if len(sessions) == 1 else (None, f"No session of these days is {group.visit}.")
    if in_a_chair:
        return None, ""
    where = f"“{group.location}” is no place of a registered monitor" if group.location else "It names no place"
    return None, f"{where}, and no session is named."


def _stored(scope: Scope, part: _Part, outcomes: Iterator[Outcome], at: datetime, account: Account) -> list[Said]:
    if part.no_place:
        waits = [Refused(each.reading.key, part.no_place, _sent(each), part.sender) for each in part.taken]
        refuse_all(scope, waits, at=at)
        account.counts["tray"] += len(part.taken)
        sentence = f"{part.no_place} The readings wait for a person."
        return [Said("PV1^1^3", "204", sentence, warns=True)] if part.taken else []
    said = []
    for each in part.taken:
        outcome = next(outcomes)
        account.counts["tray" if outcome.answer == REFUSED_READING else outcome.answer] += 1
        if outcome.answer == REFUSED_READING:
            said.append(_told(each.observation.number, f"{outcome.reason} It waits for a person."))
    return said


def _not_understood(part: _Part) -> list[Said]:
    """Say so where nothing of a group is understood: a monitor that is set to other codes must not look well."""
    valued = [each.observation for each in part.found if each.observation.value]
    if not valued or not all(isinstance(each, Unused) and not each.is_known for each in part.found):
        return []
    sentence = "None of these codes is known here, so nothing of it is stored: choose the codes of this monitor."
    return [Said(f"OBX^{valued[0].number}^3", "103", sentence, warns=True)]


def _keep_unknown(scope: Scope, sender: Sender, unknown: Sequence[Observation], at: datetime) -> None:
    """Keep the codes that no list of the monitor's knows in the tray, each once, as it came first, and all that are new
    in a message as one thing: a person sees what is not read here. Those that were kept a moment ago are not looked up
    again with each message.
    """
    found: dict[tuple[UUID, str, str], Observation] = {}
    for each in unknown:
        if each.value:
            found.setdefault((sender.key, each.system, each.code), each)
    late = [code for code in found if monotonic() - _kept.get(code, -inf) > KEPT_SECONDS]
    if not late:
        return
    if len(_kept) > MOST_KEPT:
        _kept.clear()
    on_commit(lambda: _kept.update(dict.fromkeys(late, monotonic())))
    listed = _listed(scope, sender)
    new = [found[code] for code in late if code[1:] not in listed]
    if not new or len(listed) >= MOST_LISTED:
        return
    codes = [_of_code(each) for each in new]
    names = sorted(f"{each.system} {each.code}" for each in new)
    put_all_in_tray([
        TrayItem(
            site=scope.site, key=key_from("hl7 codes", scope.site, str(sender.key), *names), about=CODES,
            reason=UNKNOWN_CODES, received_at=at, content={"sent": json.dumps(codes), "device": str(sender.key)},
        )
    ])  # fmt: skip


def _listed(scope: Scope, sender: Sender) -> set[tuple[str, str]]:
    """Return system and code of what stands or stood in the tray as unknown of this monitor."""
    items = standing(TrayItem).filter(site=scope.site, about=CODES, content__device=str(sender.key))
    codes = (code for item in items for code in json.loads(item.content["sent"]))
    return {(code["system"], code["code"]) for code in codes}


KEPT_SECONDS, MOST_KEPT, MOST_LISTED = 600.0, 10_000, 500
_kept: dict[tuple[UUID, str, str], float] = {}


def _of_code(each: Observation) -> dict[str, str]:
    value = each.value if each.kind in ("NM", "SN") else ""
    return {
        "code": each.code,
        "system": each.system,
        "name": each.name,
        "value": value,
        "unit": each.unit,
        "at": each.at,
    }


def _doubts(
    scope: Scope, found: list[Sorted], group: Group, sender: Sender, at: datetime, account: Account
) -> list[Said]:
    doubted = [each for each in found if isinstance(each, Doubted)]
    waits = []
    for each in doubted:
        key = key_from("hl7 doubt", scope.site, str(sender.key), json.dumps(_plain(each), sort_keys=True))
        waits.append(Refused(key, each.why, {**_plain(each), "location": group.location}, sender))
    refuse_all(scope, waits, at=at)
    account.counts["tray"] += len(doubted)
    return [_told(each.observation.number, f"{each.why} It waits for a person.") for each in doubted]


def _told(number: int, sentence: str) -> Said:
    return Said(f"OBX^{number}^5", "102", sentence, warns=True)


def _sent(each: Taken) -> dict[str, str]:
    reading = each.reading
    return {
        "sign": reading.sign,
        "value": str(reading.value),
        "unit": reading.unit,
        "measured_at": reading.measured_at.isoformat(),
    }


def _plain(each: Doubted) -> dict[str, str]:
    told = each.observation
    value = told.value if told.kind in ("NM", "SN") else f"({len(told.value)} letters)"
    return {"sign": each.sign, "value": value, "unit": told.unit, "measured_at": told.at, "status": told.status}


def _keep(scope: Scope, frame: Frame, why: str, at: datetime) -> None:
    """Keep what could not be read: how long it was, what it hashes to, and the numbers in it, without who it is of."""
    content = {
        "bytes": len(frame.content),
        "sha256": hashlib.sha256(frame.content).hexdigest(),
        "numbers": _numbers(frame.content),
    }
    key = key_from("hl7 message", scope.site, str(content["sha256"]))
    refuse(scope, key=key, reason=why, sent=content, device=None, at=at)


def _numbers(raw: bytes) -> list[str]:
    """Return code, value, unit and time of what look like numeric observations; nothing that is free text."""
    kept = []
    for line in narrow(raw).replace(b"\n", b"\r").split(b"\r")[:500]:
        fields = line.decode("latin-1").split("|")
        if fields[0] == "OBX" and len(fields) > 6 and fields[2] in ("NM", "SN"):
            kept.append("|".join((fields[3], fields[5], fields[6], fields[14] if len(fields) > 14 else ""))[:200])
    return ["".join(c for c in each if c.isascii() and c.isprintable()) for each in kept]


def _answer(head: Head, outcome: str, said: list[Said], frame: Frame, at: datetime) -> bytes:
    control_id = hashlib.sha256(frame.content + at.isoformat().encode()).hexdigest()[:20].upper()
    return acknowledgement(head, outcome=outcome, said=said, control_id=control_id, at=at)


def database_lost(frame: Frame, *, at: datetime) -> bytes:
    """Return the answer while nothing can be stored: the sender keeps the message and sends it again."""
    said = [Said("", "207", "The database does not answer. Nothing was stored: send it again.")]
    return _answer(head_of(frame.content), REFUSED, said, frame, at)


def refused(frame: Frame, why: str, *, at: datetime) -> bytes:
    """Return the answer where the house refuses a message as a whole, with its sentence."""
    return _answer(head_of(frame.content), REFUSED, [Said("", "207", why)], frame, at)


def no_clinic(frame: Frame, *, at: datetime) -> bytes:
    """Return the answer where nobody can say which clinic a message is for."""
    why = "No clinic here knows this place or visit. Register the monitor, or name the clinic as the facility (MSH-6)."
    return _answer(head_of(frame.content), REFUSED, [Said("PV1^1^3", "204", why)], frame, at)
