"""The files beside a course: its texts, its videos and their captions, checked and put into its sections."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from daybreak.rulebook.captions import caption_wrongs
from daybreak.rulebook.faults import BrokenDefinition, Fault, did_you_mean
from daybreak.rulebook.film import CAPTIONS, MEDIA, MOST_BYTES, Seen, film_wrong, kind_of, seconds_of

_VIDEO = re.compile(r"\{\{\s*video\s+([^\s{}]+)\s*\}\}")
_JOINED = ("text", "films")
LineAt = Callable[[tuple[str | int, ...]], int]


@dataclass(frozen=True, slots=True)
class Beside:
    """What lies in the folder of a version: texts and captions by name, and what was seen of each video."""

    texts: tuple[tuple[str, str], ...] = ()
    captions: tuple[tuple[str, str], ...] = ()
    videos: tuple[tuple[str, Seen], ...] = ()


def beside(path: Path, root: Path) -> Beside:
    """Return what belongs to the version at `path`: the files in the folder of its number; raise BrokenDefinition."""
    own = path.with_suffix("")

    def texts(ending: str) -> tuple[tuple[str, str], ...]:
        return tuple(
            (each.name, text_of(each, f"{root.name}/{each.relative_to(root).as_posix()}"))
            for each in sorted(own.glob(f"*.{ending}"))
        )

    found = sorted(each for ending in MEDIA for each in own.glob(f"*.{ending}"))
    return Beside(texts("md"), texts(CAPTIONS), tuple((each.name, seen_at(each)) for each in found))


def text_of(path: Path, name: str) -> str:
    """Return the text of a file; raise BrokenDefinition where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BrokenDefinition([Fault(name, 1, "the file is not UTF-8 text: save it as UTF-8")]) from error
    except OSError as error:
        raise BrokenDefinition([Fault(name, 1, f"the file cannot be read: {error.strerror}")]) from error


def seen_at(path: Path) -> Seen:
    """Return what is seen of the video at `path`; one that cannot be read is nothing."""
    try:
        stat = path.stat()
        return _seen(path, stat.st_mtime_ns, stat.st_size)
    except OSError:
        return Seen(0, "", "", None)


@lru_cache(maxsize=256)
def _seen(path: Path, _changed_at: int, size: int) -> Seen:
    """Read a video once for as long as it does not change; one that is too large is not read at all."""
    if size > MOST_BYTES:
        return Seen(size, "", "", None)
    content = path.read_bytes()
    return Seen(len(content), hashlib.sha256(content).hexdigest(), kind_of(content), seconds_of(content))


def join(data: dict[str, Any], lying: Beside, name: str, line_at: LineAt) -> Iterator[tuple[str, int, str]]:
    """Put each section's text and videos into the section, so that the fingerprint is that of every word and picture.

    Yield what is wrong: file, line and sentence.
    """
    folder, texts = name.removesuffix(".toml"), dict(lying.texts)
    named: set[str] = set()
    sections = data.get("sections", [])
    for index, section in enumerate(sections if isinstance(sections, list) else []):
        if not isinstance(section, dict):
            continue
        for key in set(_JOINED) & set(section):
            yield name, line_at(("sections", index, key)), f"unknown key “{key}”: it is read from the files"
        file = section.get("file")
        if isinstance(file, str) and file in texts:
            named.add(file)
            section["text"] = texts[file]
            wanted = _wanted(texts[file])
            named |= {f"{film}.{ending}" for film in wanted for ending in (*MEDIA, CAPTIONS)}
            if films := [made for film in wanted if (made := _film(film, lying))]:
                section["films"] = films
            for film, line in wanted.items():
                yield from ((f"{folder}/{at or file}", where or line, why) for at, where, why in _wrongs(film, lying))
        elif isinstance(file, str):
            message = f"there is no file “{file}” in the folder {folder}{did_you_mean(file, texts)}"
            yield name, line_at(("sections", index, "file")), message
    for each in (*texts, *dict(lying.captions), *dict(lying.videos)):
        if each not in named:
            yield f"{folder}/{each}", 1, "no section names this file"


def _wanted(text: str) -> Mapping[str, int]:
    """Return the videos that a text names, with the line on which each is named first."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        for film in _VIDEO.findall(line):
            found.setdefault(film, number)
    return found


def _files(film: str, lying: Beside) -> list[tuple[str, Seen]]:
    return [(file, seen) for file, seen in lying.videos if file.rpartition(".")[0] == film]


def _film(film: str, lying: Beside) -> dict[str, Any] | None:
    captions = dict(lying.captions).get(f"{film}.{CAPTIONS}")
    files = _files(film, lying)
    if captions is None or len(files) != 1:
        return None
    file, seen = files[0]
    return {
        "name": film,
        "file": file,
        "sha256": seen.sha256,
        "seconds": seen.seconds,
        "captions_file": f"{film}.{CAPTIONS}",
        "captions": captions,
    }


def _wrongs(film: str, lying: Beside) -> Iterator[tuple[str, int, str]]:
    """Yield what is wrong with a video: its file and line (nothing where it is the text that names it), a sentence."""
    files, captions = _files(film, lying), dict(lying.captions).get(f"{film}.{CAPTIONS}")
    if not files:
        near = did_you_mean(film, {file.rpartition(".")[0] for file, _ in lying.videos})
        yield (
            "",
            0,
            f"there is no video “{film}”: {' or '.join(f'{film}.{e}' for e in MEDIA)} lies beside this text{near}",
        )
    if len(files) > 1:
        yield "", 0, f"two videos are called “{film}”: keep one of {' and '.join(file for file, _ in files)}"
    for file, seen in files:
        if wrong := film_wrong(file, seen):
            yield file, 1, wrong
    if files and captions is None:
        yield "", 0, f"the video “{film}” has no captions: write {film}.{CAPTIONS} beside it"
    if captions is not None:
        seconds = files[0][1].seconds if files else None
        yield from ((f"{film}.{CAPTIONS}", line, why) for line, why in caption_wrongs(captions, seconds))
