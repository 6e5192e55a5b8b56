"""A release read back by whoever was given it: its files compared with its manifest, and its tables in the form of the
description, so that what reads a snapshot reads an extract too. No database, no house.
"""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from daybreak.register.dictionary import HEADING
from daybreak.register.folders import NotIntact
from daybreak.register.manifest import ForeignSnapshot
from daybreak.register.releasing.package import MANIFEST
from daybreak.register.tables import TABLES
from daybreak.register.verification import digest_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

DICTIONARY = "dictionary.csv"


@dataclass(frozen=True, slots=True)
class Release:
    """A release that is what was handed out: its manifest, its dictionary (a row for each column that left, by
    HEADING), and its tables with the columns described in `tables`; what did not leave is empty.

    `whole_days` says that no time of day left: then sessions stand at the beginning of their day and what was answered
    or seen a minute later.
    """

    manifest: dict[str, Any]
    dictionary: tuple[dict[str, str], ...]
    tables: "dict[str, ir.Table]"
    whole_days: bool


def is_release(folder: Path) -> bool:
    """Return whether a folder looks like a release and not like a snapshot."""
    return (folder / MANIFEST).is_file() and (folder / DICTIONARY).is_file()


def release_in(folder: Path) -> Release:
    """Return a release that lies anywhere. Raises ForeignSnapshot for a folder that is none, and NotIntact with what is
    wrong where a file is not what the manifest says.
    """
    from daybreak.register.engine import extract_tables  # here: the engine takes a second to load

    manifest = _manifest(folder)
    dictionary = _dictionary(folder)
    there = {row["table"]: {} for row in dictionary}
    for row in dictionary:
        there[row["table"]][row["column"]] = row["type"]
    files = {name: folder / f"{name}.csv" for name in there if f"{name}.csv" in manifest["files"]}
    times = {name for columns in there.values() for name in columns if name.endswith(("minute", "at"))}
    return Release(manifest, dictionary, extract_tables(files, there, TABLES), whole_days=not times)


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        known = {name: file["sha256"] for name, file in manifest["files"].items()}
        _ = manifest["profile"]["id"], manifest["snapshot"]["fingerprint"], manifest["synthetic"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise ForeignSnapshot(f"“{folder.name}” holds no release that can be read.") from fault
    for name, digest in sorted(known.items()):
        if not (folder / name).is_file() or digest_of(folder / name) != digest:
            raise NotIntact(f"“{name}” in “{folder.name}” is not what was handed out. Nothing is computed from it.")
    return manifest


def _dictionary(folder: Path) -> tuple[dict[str, str], ...]:
    with (folder / DICTIONARY).open(encoding="utf-8", newline="") as file:
        rows = tuple(csv.DictReader(file))
    if not rows or tuple(rows[0]) not in (HEADING, HEADING[:-1]):  # older ones do not say who may see a column
        raise ForeignSnapshot(f"The dictionary of “{folder.name}” cannot be read.")
    return rows
