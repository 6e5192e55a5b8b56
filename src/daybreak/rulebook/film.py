"""A video of a course: what a file is by its bytes, how long it takes, and how large it may be. Pure.

A file's name is never believed alone. Lengths are read from the file's own head: the `Duration` of WebM's `Info`
(RFC 9559), the `mvhd` of MP4 (ISO/IEC 14496-12).
"""

import struct
from dataclasses import dataclass

from daybreak.rulebook.form import Form, Word

MOST_BYTES = 25 * 2**20
"""What a phone on a slow line still loads: some ten minutes at the bit rate of drawn pictures."""
MEDIA = {"webm": "video/webm", "mp4": "video/mp4"}
CAPTIONS = "vtt"
BELONGING = (*MEDIA, CAPTIONS)
"""The endings of what may lie beside the texts of a course."""
_EBML, _WEBM = b"\x1a\x45\xdf\xa3", b"\x42\x82\x84webm"
_INFO, _SCALE, _DURATION = b"\x15\x49\xa9\x66", b"\x2a\xd7\xb1", b"\x44\x89"
_SEEK = b"\x53\xab\x84"
_USUAL_SCALE = 1_000_000


class Film(Form):
    """A video as a section shows it: `sha256` is that of its file, `captions` the text of the file of captions.

    `seconds` is nothing where the file does not say how long it takes.
    """

    name: Word
    file: str
    sha256: str
    captions_file: str
    seconds: float | None
    captions: str

    @property
    def media(self) -> str:
        """The media type of the file."""
        return MEDIA[self.file.rpartition(".")[2]]


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of a file beside a course: its size, its fingerprint, what it is, and how long it takes."""

    size: int
    sha256: str
    is_a: str
    seconds: float | None


def kind_of(content: bytes) -> str:
    """Return the ending that a file's first bytes deserve, or nothing where it is no video that every browser plays."""
    if content.startswith(_EBML) and _WEBM in content[:64]:
        return "webm"
    return "mp4" if content[4:8] == b"ftyp" else ""


def seconds_of(content: bytes) -> float | None:
    """Return how long a video takes, or nothing where its file does not say."""
    found = {"webm": _webm_seconds, "mp4": _mp4_seconds}.get(kind_of(content))
    try:
        return found(content) if found else None
    except (struct.error, IndexError):  # it is cut off in the middle of its head
        return None


def film_wrong(file: str, seen: Seen) -> str:
    """Return what is wrong with the file of a video, or nothing."""
    ending = file.rpartition(".")[2]
    if seen.size > MOST_BYTES:
        size, most = seen.size / 2**20, MOST_BYTES // 2**20
        return f"this video is {size:.1f} MB large; at most {most} MB, or a learner on a phone waits for it"
    if seen.is_a != ending:
        held = f"inside it is {seen.is_a}" if seen.is_a else "what it holds is neither WebM nor MP4"
        return f"this file is named .{ending}, and {held}"
    return ""


def _webm_seconds(content: bytes) -> float | None:
    at = content.find(_INFO)
    while at >= 0 and content[at - len(_SEEK) : at] == _SEEK:  # an index at the beginning names it first
        at = content.find(_INFO, at + 1)
    if at < 0:
        return None
    info = content[at : at + 1024]
    scale, place = _USUAL_SCALE, info.find(_SCALE)
    if place >= 0:
        size = info[place + 3] & 0x0F
        scale = int.from_bytes(info[place + 4 : place + 4 + size])
    place = info.find(_DURATION)
    if place < 0 or info[place + 2] not in (0x84, 0x88):
        return None
    form = ">f" if info[place + 2] == 0x84 else ">d"
    (ticks,) = struct.unpack_from(form, info, place + 3)
    return float(ticks) * scale / 1e9


def _mp4_seconds(content: bytes) -> float | None:
    at = content.find(b"mvhd")
    if at < 0:
        return None
    form, place = (">IQ", at + 24) if content[at + 4] == 1 else (">II", at + 16)
    scale, length = struct.unpack_from(form, content, place)
    return length / scale if scale else None
