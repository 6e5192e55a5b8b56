"""Captions of a video, as WebVTT has them: their language, their cues, and what is wrong in a file of them. Pure.

Of https://www.w3.org/TR/webvtt1/ this reads what captions need: the header, notes, and cues with their times and words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

HEADER = "WEBVTT"
SPOKEN = "en"
"""The language of captions whose header names none."""
_ARROW = "-->"
_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMES = re.compile(rf"^{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t].*)?$")
_LANGUAGE = re.compile(r"^Language:[ \t]*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)[ \t]*$")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^>]+)>")
_TAG = re.compile(r"<[^>]*>")
_NO_CUES = ("NOTE", "STYLE", "REGION")


@dataclass(frozen=True, slots=True)
class Cue:
    """Words on the screen from one moment to another, in seconds; `line` is where its times stand in the file."""

    line: int
    begins: float
    ends: float
    words: str


def language_of(text: str) -> str:
    """Return the language of captions: the `Language:` of their header, or English."""
    head = text.partition("\n\n")[0].splitlines()[1:]
    return next((found[1] for line in head if (found := _LANGUAGE.match(line))), SPOKEN)


def cues_of(text: str) -> list[Cue]:
    """Return the cues that can be read, in the order of the file; speakers are named, other marks are taken off."""
    found = []
    for line, times, words in _blocks(text):
        if times:
            begins, ends = _seconds(times.groups()[:4]), _seconds(times.groups()[4:])
            found.append(Cue(line, begins, ends, _plain(words)))
    return found


def caption_wrongs(text: str, seconds: float | None) -> Iterator[tuple[int, str]]:
    """Yield what is wrong in captions for a video of so many `seconds` (None where nobody knows): line and sentence."""
    first = text.partition("\n")[0]
    if first != HEADER and not first.startswith((f"{HEADER} ", f"{HEADER}\t")):
        yield 1, f"captions are WebVTT: their first line is {HEADER}"
        return
    if _ARROW in text.partition("\n\n")[0]:
        yield 2, "an empty line stands between WEBVTT and the first cue"
    for line, times, _words in _blocks(text):
        if times is None:
            yield line, "the times of a cue are written 00:01.500 --> 00:04.000, with a full stop"
    cues = cues_of(text)
    if not cues:
        yield 1, "there are no captions in this file"
    before = 0.0
    for cue in cues:
        if cue.ends <= cue.begins:
            yield cue.line, "this cue ends before it begins"
        if cue.begins < before:
            yield cue.line, "this cue begins before the one above it: cues stand in the order of their times"
        if seconds is not None and cue.ends > seconds + 0.5:
            yield cue.line, f"this cue ends after the video, which takes {seconds:.1f} seconds"
        if not cue.words:
            yield cue.line, "this cue says nothing"
        before = max(before, cue.begins)


def _blocks(text: str) -> Iterator[tuple[int, re.Match[str] | None, str]]:
    """Yield each cue: the line of its times, its times (nothing where they cannot be read), and what it says."""
    line = 1
    for place, block in enumerate(re.split(r"\n[ \t]*(?=\n)", text)):
        rows, begun = block.lstrip("\n").split("\n"), line + len(block) - len(block.lstrip("\n"))
        line += block.count("\n") + 1
        if place == 0 or not any(rows) or rows[0].split(" ")[0].strip() in _NO_CUES:
            continue
        at = next((n for n, row in enumerate(rows[:2]) if _ARROW in row), 0)
        yield begun + at, _TIMES.match(rows[at].strip()), "\n".join(rows[at + 1 :])


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000


def _plain(words: str) -> str:
    """Return what a cue says as plain text: a voice becomes its name with a colon."""
    named = _VOICE.sub(lambda found: f"{found[1].strip()}: ", words)
    return " ".join(unescape(_TAG.sub("", named)).split())
