"""The library while the service runs: a changed file of a site's own is picked up, a broken one takes nothing down."""

import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from time import monotonic

from daybreak.rulebook.film import BELONGING
from daybreak.rulebook.library import Library

_LOOK_EVERY_SECONDS = 1.0
_READ = ("toml", "md", *BELONGING)
_Signature = tuple[tuple[str, int, int], ...]


class Bookcase:
    """Calling it gives the library as it stands.

    `folders` gives the shared folder and those read after it; a change in one of the latter is seen within a second.
    `last_good` gives the folder in which the last good copy of each of their files is kept over a restart, if any.
    """

    def __init__(self, folders: Callable[[], tuple[Path, ...]], last_good: Callable[[], Path | None]) -> None:
        self._folders = folders
        self._last_good = last_good
        self._held: Library | None = None
        self._signature: _Signature = ()
        self._looked_at = 0.0

    def __call__(self) -> Library:
        """Return the library; read the files again where they have changed, and keep what was good before."""
        if self._held is not None and monotonic() - self._looked_at < _LOOK_EVERY_SECONDS:
            return self._held
        folders = self._folders()
        signature = _signature(folders[1:])
        if self._held is None or signature != self._signature:
            self._held = self._read(folders)
            self._signature = signature
        self._looked_at = monotonic()
        return self._held

    def cache_clear(self) -> None:
        """Forget what was read."""
        self._held = None
        self._signature = ()
        self._looked_at = 0.0

    def _read(self, folders: tuple[Path, ...]) -> Library:
        kept = self._last_good()
        previous = self._held
        if previous is None and kept is not None and kept.is_dir() and len(folders) > 1:
            previous = Library.load(folders[0], *folders[1:-1], kept, once_good=True)
        library = Library.load(*folders, previous=previous)
        if kept is not None and len(folders) > 1:
            _keep(folders[-1], library, kept)
        return library


def _signature(folders: Iterable[Path]) -> _Signature:
    found = []
    for folder in folders:
        for path in sorted(each for ending in _READ for each in folder.rglob(f"*.{ending}")):
            try:
                seen = path.stat()
            except OSError:
                continue
            found.append((str(path), seen.st_mtime_ns, seen.st_size))
    return tuple(found)


def _keep(own: Path, library: Library, kept: Path) -> None:
    """Copy each good file of the site's own folder, so that a restart finds it even if it is broken by then."""
    broken = {fault.file for fault in library.faults}
    for path in own.glob("*/*/*.toml"):
        place = path.relative_to(own)
        if f"{own.name}/{place.as_posix()}" in broken:
            continue
        target = kept / place
        target.parent.mkdir(parents=True, exist_ok=True)
        half = target.with_suffix(f".{os.getpid()}.part")
        shutil.copyfile(path, half)
        half.replace(target)
