"""What differs between two snapshots, by their manifests. Who is in both cannot be said: keys are new in each."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from daybreak.register.manifest import Manifest, Used

Cell = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same: of which part, what it is called, and how it is before and after; None where it
    is not there.
    """

    part: str
    name: str
    before: Any
    after: Any

    def __str__(self) -> str:
        if self.before is None:
            return f"{self.part} {self.name}: new, {self.after}"
        if self.after is None:
            return f"{self.part} {self.name}: gone, it was {self.before}"
        if isinstance(self.before, int) and isinstance(self.after, int) and not isinstance(self.before, bool):
            return f"{self.part} {self.name}: {self.before:,} → {self.after:,} ({self.after - self.before:+,})"
        return f"{self.part} {self.name}: {self.before} → {self.after}"


def differences(before: Manifest, after: Manifest) -> tuple[Difference, ...]:
    """Return what differs: code, kind, sites, definitions, and the rows of each table, in all and at each site."""
    return (*_heads(before, after), *_definitions(before, after), *_rows(before, after))


def _heads(before: Manifest, after: Manifest) -> Iterator[Difference]:
    for name in ("code_version", "synthetic", "public_key", "recipe"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield Difference("manifest", name, old, new)
    for site in sorted({*before.sites} ^ {*after.sites}):
        yield Difference("site", site, *(("there", None) if site in before.sites else (None, "there")))


def _definitions(before: Manifest, after: Manifest) -> Iterator[Difference]:
    old, new = _by_version(before), _by_version(after)
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            yield Difference("definition", name, old.get(name), new.get(name))


def _by_version(manifest: Manifest) -> dict[str, str]:
    """Return the fingerprints of each version; one version has several only where somebody edited it."""
    found: dict[str, set[str]] = {}
    for used in manifest.definitions:
        found.setdefault(_named(used), set()).add(used.fingerprint[:12])
    return {name: " and ".join(sorted(prints)) for name, prints in found.items()}


def _named(used: Used) -> str:
    return f"{used.kind}/{used.id}/{used.version}"


def _rows(before: Manifest, after: Manifest) -> Iterator[Difference]:
    old, new = before.rows(), after.rows()
    for table in [*old, *(table for table in new if table not in old)]:
        if old.get(table) != new.get(table):
            yield Difference("rows of", table, old.get(table), new.get(table))
    here, there = _cells(before), _cells(after)
    for table, site in sorted({*here, *there}):
        if here.get((table, site)) != there.get((table, site)):
            yield Difference("rows of", f"{table} at {site}", here.get((table, site)), there.get((table, site)))


def _cells(manifest: Manifest) -> dict[Cell, int]:
    return {(file.table, file.site): file.rows for file in manifest.files.values()}
