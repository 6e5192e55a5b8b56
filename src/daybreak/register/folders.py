"""Snapshots as folders: whether one fits its own manifest, and its tables. No database, no house."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from daybreak.kernel.refusal import Refusal
from daybreak.register.manifest import NAME, ForeignSnapshot, Manifest, read_manifest
from daybreak.register.tables import TABLES
from daybreak.register.verification import Verification, verified

if TYPE_CHECKING:
    import ibis.expr.types as ir


class NotIntact(Refusal):
    """A snapshot is not what was frozen; nothing is computed from it."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """An intact snapshot: its manifest and its tables as expressions, each with the columns described in
    `tables`.
    """

    manifest: Manifest
    tables: "dict[str, ir.Table]"


def verify_folder(folder: Path) -> Verification:
    """Return whether a snapshot that lies anywhere fits its own manifest and signature. Who signed it is not known
    here: this finds accidents, not adversaries.
    """
    try:
        manifest, _ = read_manifest(folder)
    except ForeignSnapshot:
        return verified(folder, fingerprint="", public_key="")  # it says what is wrong
    return verified(folder, fingerprint=manifest.fingerprint, public_key=manifest.public_key)


def dataset_in(folder: Path) -> Dataset:
    """Return the tables of a snapshot that lies anywhere and fits its own manifest; raise NotIntact."""
    return opened(folder, manifest_in(folder))


def manifest_in(folder: Path) -> Manifest:
    """Return the manifest of a snapshot that lies anywhere and fits it; raise NotIntact."""
    if not (folder / NAME).is_file():
        raise NotIntact(f"“{folder}” holds no snapshot: there is no {NAME} in it.")
    found = verify_folder(folder)
    if not found.intact:
        raise NotIntact(not_intact(folder.name, found))
    return read_manifest(folder)[0]


def not_intact(name: str, found: Verification) -> str:
    """Return in a sentence that a snapshot is not what was frozen, with what is wrong."""
    said = "; ".join(f"{problem.path} {problem.what}" for problem in found.problems[:3])
    return f"The snapshot {name} is not what was frozen ({said}). Nothing is computed from it."


def opened(folder: Path, manifest: Manifest) -> Dataset:
    """Return the tables of a folder as its manifest lists them."""
    from daybreak.register.engine import frozen_tables

    files: dict[str, list[Path]] = {}
    for path, file in manifest.files.items():
        files.setdefault(file.table, []).append(folder / path)
    return Dataset(manifest, frozen_tables(files, TABLES))
