"""Every write of the register: freeze a snapshot."""

import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from daybreak import __version__
from daybreak.consent.public import note_renewals
from daybreak.kernel.refusal import Refusal
from daybreak.ledger.public import one_step
from daybreak.people.public import sites
from daybreak.register.anchors import keep_anchors
from daybreak.register.folders import opened
from daybreak.register.manifest import NAME, Manifest, public_key_of, signed
from daybreak.register.models import Snapshot
from daybreak.register.pseudonyms import random_word
from daybreak.register.queries import LOCK, MAKING

if TYPE_CHECKING:
    from daybreak.register.freeze import Frozen
    from daybreak.register.synthetic.recipe import Recipe

Progress = Callable[[int, int, str], None]


class FreezeUnderWay(Refusal):
    """Another freeze is running."""


class NoRoom(Refusal):
    """The snapshot cannot be written."""


class RealHouse(Refusal):
    """Invented people would stand among the snapshots of real ones."""


def silent(done: int, of: int, what: str) -> None:
    """Say nothing about progress."""


def create_snapshot(
    *, actor: UUID | None, at: datetime, synthetic: bool | None = None, progress: Progress = silent
) -> Snapshot:
    """Freeze all consenting people of all sites into a new folder, signed, and record it.

    The folder gets its name in the transaction that records it, when everything is on the disk: there is
    never half a snapshot. Raises MixedSites, CannotRead, FreezeUnderWay and NoRoom. `progress(done, of,
    site)` is called with how many people are frozen.
    """
    import duckdb

    from daybreak.register.disclosing.actions import publish_tables
    from daybreak.register.freeze import freeze_into  # here, because its engine takes a second to load

    home = Path(settings.DAYBREAK_SNAPSHOTS)
    snapshot_id = f"{at:%Y%m%d}-{random_word()}"
    try:
        with _making(home, snapshot_id) as making:
            note_renewals(at=at)
            frozen = freeze_into(making, synthetic=synthetic, progress=_told(home, progress))
            manifest = _manifest(snapshot_id, frozen, at)
            (making / NAME).write_bytes(signed(manifest, settings.DAYBREAK_SIGNING_KEY))
            _reach_the_disk(making)
            _sync(keep_anchors(home, snapshot_id, frozen.anchors, seed=settings.DAYBREAK_SIGNING_KEY))
            made = _recorded(manifest, making, home / snapshot_id, actor=actor, at=at)
            publish_tables(made, opened(home / snapshot_id, manifest), at=at)
            return made
    except duckdb.IOException as fault:
        raise NoRoom(f"The snapshot could not be written to {home}: free some space and freeze again.") from fault


def create_cohort(
    recipe: "Recipe", *, actor: UUID | None, at: datetime, progress: Progress = silent
) -> tuple[Snapshot, bool]:
    """Make an invented cohort as a snapshot of this house and record it; return it, and whether it is new.

    A cohort that is there already is the same, to the byte, and is not made again. Raises RealHouse where any site
    of this house is real, FreezeUnderWay and NoRoom.
    """
    from daybreak.register.synthetic.keeping import fill  # here, because its engine takes a second to load

    if not all(site.synthetic for site in sites()):
        raise RealHouse("This house has real sites, and invented people never stand beside them. Use --out FOLDER.")
    found = Snapshot.objects.filter(id=recipe.id).first()
    if found is not None:
        return found, False
    home = Path(settings.DAYBREAK_SNAPSHOTS)
    with _making(home, recipe.id) as making:
        told = _told(home, progress)
        manifest = fill(making, recipe, at=at, key=settings.DAYBREAK_SIGNING_KEY, progress=told)
        _reach_the_disk(making)
        return _recorded(manifest, making, home / recipe.id, actor=actor, at=at), True


@contextmanager
def _making(home: Path, snapshot_id: str) -> Iterator[Path]:
    """Hold an empty folder for the only snapshot that is being made. Raises FreezeUnderWay and NoRoom."""
    try:
        with _alone(home):
            making = home / f"{MAKING}{snapshot_id}"
            making.mkdir()
            yield making
    except OSError as fault:
        if fault.errno not in (errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EDQUOT):
            raise
        raise NoRoom(
            f"The snapshot could not be written to {home} ({os.strerror(fault.errno)}). Nothing was kept of it."
        ) from fault


def _manifest(snapshot_id: str, frozen: "Frozen", at: datetime) -> Manifest:
    return Manifest(
        id=snapshot_id,
        created_at=at.isoformat(timespec="seconds"),
        code_version=__version__,
        synthetic=frozen.synthetic,
        sites=frozen.sites,
        files=dict(sorted(frozen.files.items())),
        definitions=tuple(
            sorted(frozen.definitions, key=lambda used: (used.kind, used.id, used.version, used.fingerprint))
        ),
        withheld=dict(frozen.withheld),
        seal=None,
        public_key=public_key_of(settings.DAYBREAK_SIGNING_KEY),
    )


@one_step()
def _recorded(manifest: Manifest, making: Path, kept: Path, *, actor: UUID | None, at: datetime) -> Snapshot:
    snapshot = Snapshot.objects.create(
        id=manifest.id,
        fingerprint=manifest.fingerprint,
        created_at=at,
        created_by=actor,
        synthetic=manifest.synthetic,
        rows=manifest.rows(),
    )
    making.rename(kept)
    _sync(kept.parent)
    return snapshot


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Hold the only freeze of this house; sweep away what an interrupted one left, before and after."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = os.open(home / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _sweep(home)
        try:
            yield
        finally:
            _sweep(home)
    except BlockingIOError as fault:
        raise FreezeUnderWay("Another snapshot is being frozen. Wait for it, then freeze again.") from fault
    finally:
        os.close(lock)


def _told(home: Path, progress: Progress) -> Progress:
    """Return the progress that other requests can read as well (`queries.under_way`): it stands in the lock."""

    def told(done: int, of: int, what: str) -> None:
        (home / LOCK).write_text(f"{done} {of}", encoding="ascii")
        progress(done, of, what)

    return told


def _sweep(home: Path) -> None:
    for left in home.glob(f"{MAKING}*"):
        shutil.rmtree(left)


def _reach_the_disk(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
