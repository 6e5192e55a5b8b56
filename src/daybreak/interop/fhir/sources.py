"""Files, folders, gzip and zip, read as streams within stated limits. Nothing is ever unpacked to disk."""

import gzip
import io
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Protocol, cast

from daybreak.kernel.refusal import Refusal

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

NAMES = (".json", ".ndjson", ".jsonl", ".gz", ".zip")
"""Endings by which a folder's files are taken for FHIR; a file that is named itself is tried whatever its
name.
"""

MOST_MEMBERS = 10_000
"""Files that one zip archive may hold."""

MOST_INFLATION = 400
"""How many times larger than its packed form content may become (real FHIR grows 10 to 60 times) …"""

FREE_INFLATION = 64 * 1024 * 1024
"""… beyond this many bytes, which are always allowed."""

_TOO_LARGE = f"The content is more than {MOST_INFLATION} times larger than the file that holds it."
_DAMAGE = (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile)


class CannotRead(Refusal):
    """A file whose bytes cannot be had, and why."""


@dataclass
class Meter:
    """How many of the packed bytes have been read."""

    total: int = 0
    done: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or a file inside an archive: its name, and for a file that is passed over or refused the
    reason.
    """

    name: str
    path: Path
    member: str = ""
    base: int = 0
    passed_over: str = ""
    refused: str = ""


class _Bytes(Protocol):
    def read1(self, size: int, /) -> bytes: ...


class _Limited(io.RawIOBase):
    """A stream that ends with CannotRead when damaged or grown out of proportion, and moves the meter."""

    def __init__(self, stream: _Bytes, handle: IO[bytes], allowed: float, meter: Meter, base: int) -> None:
        super().__init__()
        self._stream, self._handle, self._left = stream, handle, allowed
        self._meter, self._base = meter, base

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer).cast("B")
        try:
            # `read1` hands out what could still be unpacked before the damage.
            chunk = self._stream.read1(len(view))
        except _DAMAGE as error:
            raise CannotRead("The file is damaged or ends too early.") from error
        except OSError as error:
            raise CannotRead(f"The file cannot be read: {error.strerror or error}.") from error
        self._left -= len(chunk)
        if self._left < 0:
            raise CannotRead(f"The content is more than {MOST_INFLATION} times larger than the file that holds it.")
        self._meter.done = max(self._meter.done, self._base + self._handle.tell())
        view[: len(chunk)] = chunk
        return len(chunk)


def sources(paths: list[Path], meter: Meter) -> list[Source]:
    """Return every source under `paths`, in the order of their names, and set the meter's total.

    Raises CannotRead where a path is not there.
    """
    found: list[Source] = []
    for path in paths:
        if path.is_dir():
            for file in _files_under(path):
                found.extend(_in_file(file, _printable(file.relative_to(path).as_posix()), meter, named=False))
        elif path.exists():
            found.extend(_in_file(path, _printable(path.name), meter, named=True))
        else:
            raise CannotRead(f"There is nothing at “{path}”.")
    return found


@contextmanager
def opened(source: Source, meter: Meter) -> Iterator[io.BufferedReader]:
    """Open a source as a stream of unpacked bytes. Raises CannotRead, also later while it is being read."""
    with ExitStack() as stack:
        try:
            handle = stack.enter_context(source.path.open("rb"))
            packed = os.fstat(handle.fileno()).st_size
            stream: IO[bytes] = handle
            if source.member:
                archive = stack.enter_context(zipfile.ZipFile(handle))
                stream = stack.enter_context(archive.open(source.member))
                packed = archive.getinfo(source.member).compress_size
            unpacked, is_packed = _unzipped(stream, stack)
        except (*_DAMAGE, RuntimeError, NotImplementedError, KeyError) as error:
            raise CannotRead(_why_not(error)) from error
        except OSError as error:
            raise CannotRead(f"The file cannot be read: {error.strerror or error}.") from error
        grown = is_packed or source.member
        allowed = packed * MOST_INFLATION + FREE_INFLATION if grown else float("inf")
        yield io.BufferedReader(_Limited(unpacked, handle, allowed, meter, source.base), 1 << 20)


def _files_under(folder: Path) -> list[Path]:
    found = []
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(parent) / name for name in names if not name.startswith(".")]
    return sorted(found)


def _in_file(path: Path, name: str, meter: Meter, *, named: bool) -> Iterator[Source]:
    base = meter.total
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            yield Source(name, path, refused="It is not an ordinary file.")
            return
        if not named and not name.lower().endswith(NAMES):
            yield Source(name, path, passed_over="not a FHIR file by its name")
            return
        meter.total += about.st_size
        with path.open("rb") as handle:
            is_zip = handle.read(4) == b"PK\x03\x04"
    except OSError as error:
        yield Source(name, path, refused=f"The file cannot be read: {error.strerror or error}.")
        return
    if is_zip:
        yield from _in_archive(path, name, base)
    else:
        yield Source(name, path, base=base)


def _in_archive(path: Path, name: str, base: int) -> Iterator[Source]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except (*_DAMAGE, OSError, ValueError, NotImplementedError) as error:
        yield Source(name, path, refused=_why_not(error))
        return
    if refused := _too_much(infos, path.stat().st_size):
        yield Source(name, path, refused=refused)
        return
    members = [info.filename for info in infos]
    for member in sorted(members):
        label = f"{name}/{_printable(member)}"
        if _leads_outside(member):
            yield Source(label, path, refused="The name of the file leads outside the archive.")
        elif PurePosixPath(member).name.startswith(".") or member.startswith("__MACOSX/"):
            yield Source(label, path, passed_over="a hidden file")
        elif not member.lower().endswith(NAMES):
            yield Source(label, path, passed_over="not a FHIR file by its name")
        else:
            yield Source(label, path, member=member, base=base)


def _too_much(infos: list[zipfile.ZipInfo], packed: int) -> str:
    """Return why an archive is refused before it is opened, "" where it is not.

    No member is read beyond the size it declares, so the sum of the declared sizes holds.
    """
    if len(infos) > MOST_MEMBERS:
        return f"The archive holds more than {MOST_MEMBERS:,} files."
    if len({info.filename for info in infos}) < len(infos):
        return "The archive holds two files of the same name."
    if sum(info.file_size for info in infos) > packed * MOST_INFLATION + FREE_INFLATION:
        return _TOO_LARGE
    return ""


def _unzipped(stream: IO[bytes], stack: ExitStack) -> tuple[_Bytes, bool]:
    """Return the stream behind at most one layer of gzip. Raises CannotRead for an archive in an archive."""
    start = stream.read(4)
    stream.seek(0)
    if start == b"PK\x03\x04":
        raise CannotRead("An archive inside an archive is not opened.")
    if start[:2] != b"\x1f\x8b":
        return cast(_Bytes, stream), False  # a file and a member of an archive both can
    unpacked = gzip.GzipFile(fileobj=stream, mode="rb")
    stack.callback(unpacked.close)
    return unpacked, True


def _leads_outside(member: str) -> bool:
    path = PurePosixPath(member.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or any(":" in part for part in path.parts[:1])


def _printable(name: str) -> str:
    return "".join(letter if letter.isprintable() else "�" for letter in name)[:200]


def _why_not(error: Exception) -> str:
    if isinstance(error, RuntimeError) and "password" in str(error):
        return "The archive is locked with a password."
    if isinstance(error, NotImplementedError):
        return "The archive is packed in a way that cannot be opened."
    return "The file is damaged or ends too early."
