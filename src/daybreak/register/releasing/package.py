"""A release as a folder: its rows, what they mean, what may be done with them, and a manifest of the files."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from daybreak import __version__
from daybreak.kernel.refusal import Refusal
from daybreak.register.dictionary import Dictionary, write_dictionary
from daybreak.register.folders import Dataset
from daybreak.register.handing_out import write_table
from daybreak.register.new_folders import new_folder
from daybreak.register.releasing.columns import ReleasedTable, released_tables
from daybreak.register.releasing.rows import released_rows
from daybreak.register.verification import digest_of
from daybreak.rulebook.public import Profile, did_you_mean

MANIFEST = "manifest.json"
STATEMENT = "READ-ME-FIRST.txt"


class NoSuchTable(Refusal):
    """A release asks for a table that its profile does not let out."""


@dataclass(frozen=True, slots=True)
class Approval:
    """Under what a release is made; everything is empty where invented people are handed out to try it."""

    request: str = ""
    recipient: str = ""
    purpose: str = ""
    agreement: str = ""
    determination: str = ""


TRIAL = Approval()


def write_release(
    frozen: Dataset,
    profile: Profile,
    folder: Path,
    *,
    at: datetime,
    anchors: pa.Table | None = None,
    wanted: tuple[str, ...] = (),
    labels: bool = False,
    approval: Approval = TRIAL,
) -> dict[str, Any]:
    """Write a release into a new folder, whole or not there, and return its manifest.

    `anchors` is what dates are made from, where the profile has them; `wanted` names some of its tables, else all
    leave. Raises NotAProfile, NoSuchTable, FolderInTheWay and Unwritable.
    """
    tables = _chosen(released_tables(profile), wanted)
    rows = released_rows(frozen, tables, profile, anchors=anchors)
    with new_folder(folder) as making:
        counts = {}
        for each in tables:
            name = each.frozen.name
            write_table(rows[name], each.table, making / f"{name}.csv", labels=labels)
            counts[name] = int(rows[name].count().to_pyarrow().as_py())
        told = _told(frozen, profile, tables, approval)
        described = tuple(each.table for each in tables)
        write_dictionary(making, Dictionary(described, counts, frozen.manifest, told))
        (making / STATEMENT).write_text(_statement(frozen, profile, approval), encoding="utf-8")
        manifest = _manifest(frozen, profile, making, counts, at=at, approval=approval)
        (making / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return manifest


def _chosen(tables: tuple[ReleasedTable, ...], wanted: tuple[str, ...]) -> tuple[ReleasedTable, ...]:
    there = {each.frozen.name for each in tables}
    for name in wanted:
        if name not in there:
            near = did_you_mean(name, there) or "."
            raise NoSuchTable(f"The profile lets out no table “{name}”{near} It lets out: {', '.join(sorted(there))}.")
    return tuple(each for each in tables if not wanted or each.frozen.name in {"person", *wanted})


def _told(
    frozen: Dataset, profile: Profile, tables: tuple[ReleasedTable, ...], approval: Approval
) -> dict[str, object]:
    return {
        "title": profile.title,
        "profile": profile.id,
        "version": profile.version,
        "statement": profile.statement,
        "days": profile.times == "days",
        "request": approval.request,
        "recipient": approval.recipient,
        "agreement": approval.agreement,
        "made": {f"{t.frozen.name}.{c.column.name}": str(c.made) for t in tables for c in t.columns},
    }


def _statement(frozen: Dataset, profile: Profile, approval: Approval) -> str:
    lines = [
        f"{profile.title} (profile {profile.id}, version {profile.version})",
        "SYNTHETIC DATA: every person is invented." if frozen.manifest.synthetic else "",
        profile.statement,
        *(f"{word}: {said}" for word, said in _terms(approval) if said),
        "What each column means: dictionary.html. What each file must be: manifest.json.",
    ]
    return "\n\n".join(line for line in lines if line) + "\n"


def _terms(approval: Approval) -> tuple[tuple[str, str], ...]:
    return (
        ("Request", approval.request),
        ("For", approval.recipient),
        ("Purpose", approval.purpose),
        ("Agreement", approval.agreement),
        ("The expert's determination", approval.determination),
    )


def _manifest(
    frozen: Dataset, profile: Profile, folder: Path, counts: dict[str, int], *, at: datetime, approval: Approval
) -> dict[str, Any]:
    """Return what the release holds. Only a profile with true dates tells the day on which it was made: beside the
    last day of a person's row it would tell when everything was.
    """
    dated = profile.times == "dates"
    paths = sorted(folder.iterdir())
    return {
        "profile": {"id": profile.id, "version": profile.version, "fingerprint": profile.fingerprint},
        "synthetic": frozen.manifest.synthetic,
        "made": at.date().isoformat() if dated else str(at.year),
        "snapshot": {"fingerprint": frozen.manifest.fingerprint} | ({"id": frozen.manifest.id} if dated else {}),
        "request": approval.request,
        "code_version": __version__,
        "files": {
            path.name: {"sha256": digest_of(path), "bytes": path.stat().st_size}
            | ({"rows": counts[path.stem]} if path.suffix == ".csv" and path.stem in counts else {})
            for path in paths
        },
    }
