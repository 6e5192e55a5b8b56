"""Takes a stream of bytes apart into resources: the entries of a Bundle, the lines of NDJSON, or one resource
alone.
"""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from daybreak.interop.fhir.sources import CannotRead, Meter, Source, opened
from daybreak.interop.fhir.strict_json import Flawed, NotJson, parse

LARGEST_DOCUMENT = 256 * 1024 * 1024
"""Bytes of a Bundle, which is held in memory whole. Larger exports come as NDJSON, which is read line by
line.
"""

LARGEST_LINE = 16 * 1024 * 1024
"""Bytes of one line of NDJSON."""

MOST_NOT_FHIR = 10_000
"""Lines that hold no resource, or nothing, after which a file is given up: somebody packed rubbish, or sent a log."""

UNKNOWN = "unknown"
FILE = "file"
_OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff", b"{\x00", b"\x00{", b"\x00\x00")
_NO_OBJECT = "The file is not FHIR: it does not begin with a JSON object."
_TYPE = re.compile(r"[A-Z][A-Za-z]{1,63}")
_BY_LINE = (".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz")


@dataclass(frozen=True, slots=True)
class Found:
    """A resource and where it stood, or the reason why there is none (`problem`) or why it is left
    (`passed_over`).
    """

    file: str
    position: str
    type: str
    resource: dict[str, Any]
    full_url: str = ""
    problem: str = ""
    passed_over: str = ""


def found_in(source: Source, meter: Meter, *, wanted: Callable[[bytes], bool] | None = None) -> Iterator[Found]:
    """Yield what stands in a source, in order. With `wanted`, lines of NDJSON it says no to are left out
    unread.

    A source that is not FHIR yields one Found with the problem, of the type "file" at the position "file".
    """
    if source.refused or source.passed_over:
        yield _about_file(source, source.refused, source.passed_over)
        return
    try:
        with opened(source, meter) as stream:
            yield from _contents(source, stream, wanted or (lambda line: True))
    except CannotRead as error:
        yield _about_file(source, str(error))


def _about_file(source: Source, problem: str, passed_over: str = "") -> Found:
    return Found(source.name, FILE, FILE, {}, problem=problem, passed_over=passed_over)


def _contents(source: Source, stream: io.BufferedReader, wanted: Callable[[bytes], bool]) -> Iterator[Found]:
    first, number = _first_line(stream)
    problem = _wrong_beginning(first)
    following = stream.readline(LARGEST_LINE + 1) if problem in ("", _NO_OBJECT) else b""
    if problem and not (_is_named_by_line(source) and _is_object(following)):
        yield _about_file(source, problem)
        return
    if _is_by_line(source, first, following):
        lines = chain([first, following], iter(lambda: stream.readline(LARGEST_LINE + 1), b""))
        yield from _lines(source, stream, lines, number, wanted)
        return
    whole = first + following + stream.read(max(LARGEST_DOCUMENT + 1 - len(first), 0))
    yield from _document(source, whole)


def _first_line(stream: io.BufferedReader) -> tuple[bytes, int]:
    """Return the first line that is not blank, without a byte order mark, and its number."""
    number = 1
    line = stream.readline(LARGEST_DOCUMENT + 1).removeprefix(b"\xef\xbb\xbf")
    while line and not line.strip() and number <= MOST_NOT_FHIR:
        line, number = stream.readline(LARGEST_DOCUMENT + 1), number + 1
    return line, number


def _wrong_beginning(first: bytes) -> str:
    start = first.lstrip()[:4]
    if not start:
        return "The file is empty."
    if start.startswith(_OTHER_ENCODINGS):
        return "The file is written in UTF-16 or UTF-32. FHIR is written in UTF-8: save it as that."
    if start[:1] == b"<":
        return "The file is XML or a web page. Daybreak reads FHIR as JSON: export it as that."
    if start[:1] != b"{":
        return _NO_OBJECT
    return ""


def _is_by_line(source: Source, first: bytes, following: bytes) -> bool:
    if _is_named_by_line(source):
        return first.strip() != b"{"
    return bool(following.strip()) and (_is_object(first) or _is_object(following))


def _is_named_by_line(source: Source) -> bool:
    return source.name.lower().endswith(_BY_LINE) or source.member.lower().endswith(_BY_LINE)


def _is_object(line: bytes) -> bool:
    if len(line) > LARGEST_LINE or not line.strip().endswith(b"}"):
        return False
    try:
        return isinstance(parse(line.decode()), dict)
    except (NotJson, UnicodeDecodeError):
        return False


def _lines(
    source: Source,
    stream: io.BufferedReader,
    lines: Iterator[bytes],
    number: int,
    wanted: Callable[[bytes], bool],
) -> Iterator[Found]:
    not_fhir = 0
    for at, line in enumerate(lines, start=number):
        if not_fhir > MOST_NOT_FHIR:
            yield _about_file(source, f"More than {MOST_NOT_FHIR:,} of its lines hold no FHIR. The rest was not read.")
            return
        position = f"line {at}"
        if len(line) > LARGEST_LINE:
            _skip_line(stream, line)
            problem = f"The line is longer than {LARGEST_LINE // 1024**2} MB."
            yield Found(source.name, position, UNKNOWN, {}, problem=problem)
        elif not line.strip():
            not_fhir += 1
        elif wanted(line):
            for found in _line(source, position, line):
                not_fhir += found.type == UNKNOWN
                yield found


def _skip_line(stream: io.BufferedReader, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = stream.readline(1 << 20)


def _line(source: Source, position: str, line: bytes) -> Iterator[Found]:
    try:
        found = parse(line.decode())
    except UnicodeDecodeError:
        yield Found(source.name, position, UNKNOWN, {}, problem="The line is not written in UTF-8.")
        return
    except NotJson as error:
        yield Found(source.name, position, UNKNOWN, {}, problem=str(error))
        return
    if isinstance(found, dict) and found.get("resourceType") == "Bundle":
        yield from _entries(source, found, f"{position}, ", position)
    else:
        yield _resource(source, position, found, "")


def _document(source: Source, whole: bytes) -> Iterator[Found]:
    if len(whole) > LARGEST_DOCUMENT:
        limit = f"{LARGEST_DOCUMENT // 1024**2} MB"
        yield _about_file(source, f"The file is larger than {limit}. Export it as NDJSON, which has no limit.")
        return
    try:
        found = parse(whole.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        yield _about_file(source, f"The file is not written in UTF-8 (at byte {error.start:,}).")
        return
    except NotJson as error:
        yield _about_file(source, f"The file is not FHIR, or ends too early. {error}")
        return
    if not isinstance(found.get("resourceType"), str):
        yield _about_file(source, "The file is not FHIR: it does not say a resourceType.")
    elif found["resourceType"] == "Bundle":
        yield from _entries(source, found, "", FILE)
    else:
        yield _resource(source, "entry 1", found, "")


def _entries(source: Source, bundle: dict[str, Any], prefix: str, own_position: str) -> Iterator[Found]:
    problem = f"In the Bundle, {bundle.flaws[0]}." if isinstance(bundle, Flawed) else ""
    entries = bundle.get("entry", [])
    if not isinstance(entries, list):
        problem = "Bundle.entry is not a list."
    if problem:
        yield Found(source.name, own_position, FILE if own_position == FILE else UNKNOWN, {}, problem=problem)
        return
    for number, entry in enumerate(entries, start=1):
        yield _entry(source, f"{prefix}entry {number}", entry)


def _entry(source: Source, position: str, entry: object) -> Found:
    if not isinstance(entry, dict):
        return Found(source.name, position, UNKNOWN, {}, problem="Bundle.entry is not an object.")
    if isinstance(entry, Flawed):
        return Found(source.name, position, UNKNOWN, {}, problem=f"In the entry, {entry.flaws[0]}.")
    full_url = entry.get("fullUrl", "")
    if not isinstance(full_url, str):
        return Found(source.name, position, UNKNOWN, {}, problem="Bundle.entry.fullUrl is not a text.")
    if "resource" not in entry:
        request = entry.get("request")
        if isinstance(request, dict) and request.get("method") == "DELETE":
            reason = "it asks for a deletion, and Daybreak only adds"
            return Found(source.name, position, UNKNOWN, {}, passed_over=reason)
        return Found(source.name, position, UNKNOWN, {}, problem="Bundle.entry.resource is missing.")
    return _resource(source, position, entry["resource"], full_url)


def _resource(source: Source, position: str, resource: object, full_url: str) -> Found:
    if not isinstance(resource, dict):
        return Found(source.name, position, UNKNOWN, {}, problem="The resource is not an object.")
    kind = resource.get("resourceType")
    if not isinstance(kind, str) or not _TYPE.fullmatch(kind):
        return Found(source.name, position, UNKNOWN, {}, problem="The resource does not say a resourceType.")
    problem = f"In the resource, {resource.flaws[0]}." if isinstance(resource, Flawed) else ""
    if kind == "Bundle":
        problem = "A Bundle inside a Bundle is not opened."
    return Found(source.name, position, kind, resource, full_url, problem)
