"""Is a snapshot still what was frozen? Changed, missing and added files are found, and a changed manifest."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from daybreak.register.manifest import NAME, ForeignSnapshot, FrozenFile, Manifest, is_signed, read_manifest

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one file of a snapshot: changed, missing, added, or not signed."""

    path: str
    what: str


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer for one snapshot. `fingerprint` is that of the manifest found, or empty."""

    id: str
    fingerprint: str
    files: int
    problems: tuple[Problem, ...]

    @property
    def intact(self) -> bool:
        """Return whether nothing is wrong."""
        return not self.problems


def verified(folder: Path, *, fingerprint: str, public_key: str) -> Verification:
    """Compare a snapshot's folder with its manifest, and that with the fingerprint and public key of this
    house.
    """
    if not folder.is_dir():
        return Verification(folder.name, "", 0, (Problem(folder.name, "the folder is missing"),))
    try:
        manifest, text = read_manifest(folder)
    except ForeignSnapshot as no:
        return Verification(folder.name, "", 0, (Problem(NAME, str(no)),))
    problems = [
        *_problems_of_manifest(manifest, text, fingerprint, public_key),
        *_problems_of_files(folder, manifest),
    ]
    return Verification(folder.name, manifest.fingerprint, len(manifest.files), tuple(problems))


def stamp_of(folder: Path) -> tuple[tuple[str, int, int, int, int], ...]:
    """Return what tells cheaply whether anything in a folder was touched: each file with its size, its inode, and when
    it and its entry were last changed (nanoseconds). A digest says more: this is for what was compared before.
    """
    found, waiting = [], [str(folder)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                told = entry.stat(follow_symlinks=False)
                found.append((entry.path, told.st_size, told.st_ino, told.st_mtime_ns, told.st_ctime_ns))
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
    return tuple(sorted(found))


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    running = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            running.update(piece)
    return running.hexdigest()


def _problems_of_manifest(manifest: Manifest, text: bytes, fingerprint: str, public_key: str) -> Iterator[Problem]:
    if not is_signed(text, manifest):
        yield Problem(NAME, "changed: the signature does not fit")
    if manifest.public_key != public_key:
        yield Problem(NAME, "signed by another house")
    if manifest.fingerprint != fingerprint:
        yield Problem(NAME, "changed: its fingerprint is not the recorded one")


def _problems_of_files(folder: Path, manifest: Manifest) -> Iterator[Problem]:
    present = {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir() or path.is_symlink()}
    for path, file in sorted(manifest.files.items()):
        if path not in present:
            yield Problem(path, "missing")
        elif not _is_same(folder / path, file):
            yield Problem(path, "changed")
    for path in sorted(present - set(manifest.files) - {NAME}):
        yield Problem(path, "added")


def _is_same(path: Path, file: FrozenFile) -> bool:
    return path.stat().st_size == file.bytes and digest_of(path) == file.sha256
