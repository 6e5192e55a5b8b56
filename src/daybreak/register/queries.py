"""Every read of the register: which snapshots there are, whether one is intact, and its tables."""

import fcntl
from pathlib import Path

from django.conf import settings

from daybreak.kernel.refusal import Refusal
from daybreak.register.folders import Dataset, NotIntact, not_intact, opened
from daybreak.register.manifest import INVENTED, Manifest, public_key_of, read_manifest
from daybreak.register.models import Snapshot
from daybreak.register.verification import Verification, stamp_of, verified

MAKING, LOCK = ".making-", ".lock"
# What was compared in this process, as it was before that: the recorded fingerprint, and how its files lay there.
_COMPARED: dict[str, tuple[str, tuple[object, ...]]] = {}


class NoSuchSnapshot(Refusal):
    """There is no snapshot of that id."""


def snapshots() -> list[Snapshot]:
    """Return every snapshot, newest first."""
    return list(Snapshot.objects.order_by("-created_at", "-id"))


def frozen_snapshots(*, synthetic: bool) -> list[Snapshot]:
    """Return the snapshots that were frozen from this house's sites of one kind, newest first; an invented cohort is
    none of them, since nobody in it was ever at a site.
    """
    return [each for each in snapshots() if each.synthetic == synthetic and not each.invented]


def newest_frozen() -> Snapshot:
    """Return the newest snapshot of this house's people; raise NoSuchSnapshot where there is none, or where synthetic
    and real ones would have to be told apart by a guess.
    """
    kinds = [frozen_snapshots(synthetic=synthetic) for synthetic in (False, True)]
    if all(kinds):
        raise NoSuchSnapshot("There are real and synthetic snapshots here: name the one that is meant.")
    found = next((each[0] for each in kinds if each), None)
    if found is None:
        raise NoSuchSnapshot("There is no snapshot yet. “daybreak snapshot create” freezes one.")
    return found


def snapshot(snapshot_id: str) -> Snapshot:
    """Return the snapshot of that id; raise NoSuchSnapshot."""
    found = Snapshot.objects.filter(id=snapshot_id).first() if snapshot_id.isprintable() else None
    if found is None:
        raise NoSuchSnapshot(f"There is no snapshot “{snapshot_id}”. “daybreak snapshot list” names them all.")
    return found


def is_invented(snapshot_id: str) -> bool:
    """Return whether a snapshot's name is that of an invented cohort."""
    return snapshot_id.startswith(INVENTED)


def folder_of(snapshot_id: str) -> Path:
    """Return the folder of a snapshot's files."""
    return Path(settings.DAYBREAK_SNAPSHOTS) / snapshot_id


def verify(snapshot_id: str) -> Verification:
    """Return whether a snapshot is still what was frozen, and what is not; raise NoSuchSnapshot."""
    found = snapshot(snapshot_id)
    return verified(
        folder_of(found.id),
        fingerprint=found.fingerprint,
        public_key=public_key_of(settings.DAYBREAK_SIGNING_KEY),
    )


def under_way() -> tuple[int, int] | None:
    """Return of how many people the snapshot that is being made is done, and of how many it will be; nothing while none
    is being made. Whoever makes one holds the lock and writes into it: what an interrupted one left counts for nothing.
    """
    home = Path(settings.DAYBREAK_SNAPSHOTS)
    if next(home.glob(f"{MAKING}*"), None) is None:
        return None
    with (home / LOCK).open(encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            done, _, of = lock.read().partition(" ")
            return (int(done), int(of)) if of else (0, 0)
    return None


def manifest_of(snapshot_id: str) -> Manifest:
    """Return a snapshot's manifest; raise NoSuchSnapshot, or ForeignSnapshot when it cannot be read."""
    return read_manifest(folder_of(snapshot(snapshot_id).id))[0]


def intact(snapshot_id: str) -> str:
    """Return the fingerprint of a snapshot that is what was frozen; raise NoSuchSnapshot, or NotIntact with
    what is wrong.

    Every file is compared with its digest once in a process, and again as soon as any file of the folder was touched;
    `verify` always compares all.
    """
    asked = snapshot(snapshot_id)
    folder = folder_of(snapshot_id)
    seen = asked.fingerprint, stamp_of(folder) if folder.is_dir() else ()
    if _COMPARED.get(snapshot_id) == seen:
        return asked.fingerprint
    found = verify(snapshot_id)
    if not found.intact:
        _COMPARED.pop(snapshot_id, None)
        raise NotIntact(not_intact(snapshot_id, found))
    _COMPARED[snapshot_id] = seen
    return found.fingerprint


def dataset(snapshot_id: str) -> Dataset:
    """Return the tables of an intact snapshot; raise NoSuchSnapshot, or NotIntact.

    The engine is loaded here, when it is first needed: it takes a second, and few pages use it. Each call
    opens one of its own, since an engine serves one thread.
    """
    intact(snapshot_id)
    return opened(folder_of(snapshot_id), manifest_of(snapshot_id))
