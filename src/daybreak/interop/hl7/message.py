"""A message of HL7 v2 as what it says: which place, which visit, which observations. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from daybreak.interop.hl7.segments import Marks, NoSegments, Segment, segments

# MSH-18 (table 0211) in Python's words. Without it the standard says ASCII; what is not, is told.
CHARSETS = {
    "": "ascii",
    "ASCII": "ascii",
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    "UNICODE": "utf-8",
    "GB 18030-2000": "gb18030",
    "BIG-5": "big5",
    **{f"8859/{n}": f"iso8859-{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 15)},
}
_NUMBER = re.compile(r"[+-]?\d{1,9}(\.\d{1,6})?|[+-]?\.\d{1,6}")
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(?:(\d\d)(?:\.(\d{1,6})\d*)?)?([+-]\d\d[0-5]\d)?", re.ASCII)
_WIDE = re.compile(rb"(?:\xff\xfe|\xfe\xff)?\x00*M\x00+S\x00+H")
MOST_SEGMENTS = 5_000


class NotUnderstood(Exception):
    """A message that cannot be taken in. `code` is of table 0357; `place` names the segment and field."""

    def __init__(self, code: str, sentence: str, place: str = "MSH") -> None:
        super().__init__(sentence)
        self.code, self.sentence, self.place = code, sentence, place


@dataclass(frozen=True, slots=True)
class Head:
    """What an acknowledgement needs to know of a message."""

    control_id: str = ""
    version: str = "2.6"
    application: str = ""
    facility: str = ""
    receiving_application: str = ""
    receiving_facility: str = ""
    processing: str = "P"
    accept: str = ""
    answer: str = ""


class Observation(NamedTuple):
    """One OBX as it was sent. `number` counts the OBX of the message from 1; `value` is text, and no number where it is
    repeated, a bound or a range; `also` is the alternate code and its system, `unit_also` the same of the unit, and its
    words.
    """

    number: int
    code: str
    system: str
    also: tuple[str, str]
    name: str
    part: str
    kind: str
    value: str
    unit: str
    unit_system: str
    unit_also: tuple[str, str, str]
    flags: tuple[str, ...]
    status: str
    at: str


@dataclass(frozen=True, slots=True)
class Group:
    """The observations of one patient: where the patient is and under which visit number, as the monitor says it."""

    location: str
    visit: str
    observations: tuple[Observation, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """A message that was understood."""

    head: Head
    groups: tuple[Group, ...]


def head_of(raw: bytes) -> Head:
    """Return what can be read of a message's first segment, whatever is wrong with the rest."""
    line = re.split(r"[\r\n]", narrow(raw[:8_000])[:2_000].decode("latin-1").lstrip(), maxsplit=1)[0]
    if not line.startswith("MSH") or len(line) < 8:
        return Head()
    fields = ["MSH", line[3], *line.split(line[3])[1:]]

    def field(number: int) -> str:
        return _plain(fields[number]) if number < len(fields) else ""

    return Head(
        control_id=field(10)[:199],
        version=field(12).split(line[4])[0][:20] or "2.6",
        application=field(3),
        facility=field(4),
        receiving_application=field(5),
        receiving_facility=field(6),
        processing=field(11)[:1].upper() or "P",
        accept=field(15),
        answer=field(16),
    )


def narrow(raw: bytes) -> bytes:
    """Return a message in UTF-16 or UTF-32 as single bytes, of which the separators and numbers can be told; any other
    as it is.
    """
    return raw.replace(b"\x00", b"").lstrip(b"\xff\xfe") if _WIDE.match(raw) else raw


def parse(raw: bytes) -> Message:
    """Return the message; raise NotUnderstood with what is wrong and where."""
    head = head_of(raw)
    if _WIDE.match(raw):
        raise NotUnderstood("103", "The message is in UTF-16 or UTF-32: send it in UTF-8.", "MSH^1^18")
    text = _text(raw)
    try:
        read = list(segments(text))
    except NoSegments as fault:
        raise NotUnderstood("100", "This is no HL7 message: it must begin with a whole MSH segment.") from fault
    kind = (_part(read[0], 9), _part(read[0], 9, component=2))
    if any(each.name == "MSH" for each in read[1:]):
        raise NotUnderstood("100", "A second message begins inside this one: each has a frame of its own.")
    if not head.control_id:
        raise NotUnderstood("101", "The message has no control id, so it could not be acknowledged.", "MSH^1^10")
    if kind[0] != "ORU":
        raise NotUnderstood("200", f"Only ORU messages are read here, not “{kind[0][:10]}”.", "MSH^1^9")
    if kind[1] not in ("R01", ""):
        raise NotUnderstood("201", f"Only the event R01 is read here, not “{kind[1][:10]}”.", "MSH^1^9")
    groups = tuple(group for group in _groups(read) if group.observations)
    if not groups:
        raise NotUnderstood("100", "The message holds no observation: there is no OBX segment.", "OBX")
    return Message(head, groups)


def number_in(observation: Observation) -> Decimal | None:
    """Return the value as a number; None where it is none."""
    value = observation.value.strip()
    return Decimal(value) if _NUMBER.fullmatch(value) else None


def moment_in(text: str, *, zone: ZoneInfo, near: datetime) -> datetime | None:
    """Return a moment of HL7 (to the minute or finer), in `zone` where it names none; None where it is no moment.

    In the hour that a clock shows twice, the one nearer to `near` is meant.
    """
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    try:
        fraction = (found[7] or "").ljust(6, "0")
        plain = datetime(*(int(found[n] or 0) for n in range(1, 7)), int(fraction))  # noqa: DTZ001 the zone follows
        if offset := found[8]:
            east = timedelta(hours=int(offset[1:3]), minutes=int(offset[3:]))
            return plain.replace(tzinfo=timezone(-east if offset[0] == "-" else east))
    except ValueError:
        return None
    both = [plain.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    return min(both, key=lambda moment: abs(moment - near))


def _text(raw: bytes) -> str:
    name = head_charset(raw)
    if name not in CHARSETS:
        raise NotUnderstood("103", f"The character set “{name[:30]}” is not read here.", "MSH^1^18")
    text = _read(raw, CHARSETS[name]) or ("" if name else _read(raw, "utf-8"))
    if raw and not text:
        unnamed = "names no character set, and is neither ASCII nor UTF-8"
        raise NotUnderstood(
            "102", f"The message {f'is not in {name}, as it says it is' if name else unnamed}.", "MSH^1^18"
        )
    lines = [line for line in re.split(r"\r\n|\r|\n", text.strip("\ufeff\r\n\x00 ")) if line.strip()]
    if len(lines) > MOST_SEGMENTS:
        raise NotUnderstood("207", f"The message has more than {MOST_SEGMENTS} segments.")
    if "\x00" in text:
        raise NotUnderstood("102", "The message holds bytes that are no text.")
    return "\r".join(lines)


_READ = (b"MSH", b"PV1", b"OBR", b"OBX")


def _read(raw: bytes, charset: str) -> str:
    """Return a message in a character set, or nothing where it is in another. Segments of which nothing is read here
    may be in any: a monitor that writes a name in letters of its own still tells its numbers.
    """
    try:
        return raw.decode(charset)
    except UnicodeDecodeError:
        pass
    lines = re.split(rb"\r\n|\r|\n", raw)
    try:
        return "\r".join(each.decode(charset, "strict" if each.lstrip()[:3] in _READ else "replace") for each in lines)
    except UnicodeDecodeError:
        return ""


def head_charset(raw: bytes) -> str:
    """Return the character set that the message names, in capitals."""
    line = re.split(rb"[\r\n]", raw.lstrip(), maxsplit=1)[0][:2_000]
    fields = line.split(line[3:4]) if len(line) > 4 else []
    repeated = line[5:6] or b"~"
    return fields[17].split(repeated)[0].decode("latin-1").strip().upper() if len(fields) > 17 else ""


def _groups(read: Iterable[Segment]) -> Iterator[Group]:
    """Yield the patients of the message; PV1 and OBR hold for the OBX that follow them."""
    location = visit = taken = zone = ""
    found: list[Observation] = []
    number = 0
    for segment in read:
        match segment.name:
            case "MSH":
                zone = _zone(_part(segment, 7))
            case "PID":
                yield Group(location, visit, tuple(found))
                location, visit, taken, found = "", "", "", []
            case "PV1":
                yield Group(location, visit, tuple(found))
                location, visit, found = _location(segment), _part(segment, 19), []
            case "OBR":
                taken = _part(segment, 7)
            case "OBX":
                number += 1
                found.append(_observation(segment, number, taken, zone))
            case _:
                pass
    yield Group(location, visit, tuple(found))


def _zone(sent_at: str) -> str:
    """Return the zone of MSH-7: by the standard that of every moment of the message which names none."""
    found = _TIME.fullmatch(sent_at)
    return (found[8] or "") if found else ""


def _location(segment: Segment) -> str:
    """Return the place with every sub-component: two beds that only these tell apart are two places."""
    named = min(segment.field(3).count(segment.marks.components) + 1, 11)
    parts = [_plain(segment.part(3, component=n, whole=True)) for n in range(1, named + 1)]
    return "^".join(parts).rstrip("^")


def _value(segment: Segment, kind: str) -> str:
    if segment.repetitions(5) > 1:
        return "~".join(_part(segment, 5, repetition=n + 1) for n in range(min(5, segment.repetitions(5))))
    if kind != "SN":
        return _part(segment, 5)
    comparator, number, *more = (_part(segment, 5, component=n) for n in range(1, 5))
    return "".join((comparator.removeprefix("="), number, *more))


def _observation(segment: Segment, number: int, taken: str, zone: str) -> Observation:
    at = _part(segment, 14) or taken
    found = _TIME.fullmatch(at)
    kind = _part(segment, 2)
    code, name, system, also_code, _, also_system, *_ = _coded(segment, 3)
    unit, unit_words, unit_system, unit_code, _, also_unit_system = _coded(segment, 6)
    return Observation(
        number=number,
        code=code,
        system=system,
        also=(also_code, also_system),
        name=name,
        part=_part(segment, 4),
        kind=kind,
        value=_value(segment, kind),
        unit=unit,
        unit_system=unit_system,
        unit_also=(unit_code, also_unit_system, unit_words),
        flags=tuple(filter(None, (_part(segment, 8, repetition=n + 1) for n in range(min(5, segment.repetitions(8)))))),
        status=_part(segment, 11),
        at=at + zone if found and not found[8] else at,
    )


def _coded(segment: Segment, number: int) -> tuple[str, ...]:
    """Return the first six components of a field: code, name, system, and the alternate of each. A monitor names the
    same few again and again, so the short ones are kept.
    """
    text = segment.field(number)
    return (_components if len(text) <= _SHORT else _components.__wrapped__)(text, segment.marks)


_SHORT = 200


@lru_cache(maxsize=2_000)
def _components(text: str, marks: Marks) -> tuple[str, ...]:
    segment = Segment("", (text,), marks)
    return tuple(_part(segment, 0, component=n) for n in range(1, 7))


def _part(segment: Segment, field: int, *, component: int = 1, repetition: int = 1) -> str:
    return _plain(segment.part(field, component=component, repetition=repetition))


def _plain(text: str) -> str:
    """Return text without marks that no table or page should meet."""
    return (text if text.isprintable() else "".join(c for c in text if c.isprintable())).strip()[:200]
