"""Check a folder of definitions.

Every file, the lock, and every worked example. `daybreak definitions check` prints the report.
"""

from dataclasses import dataclass
from pathlib import Path

from daybreak.rulebook.examples import example_faults
from daybreak.rulebook.faults import BrokenDefinition, Fault
from daybreak.rulebook.form import Definition
from daybreak.rulebook.library import Library, read_folder
from daybreak.rulebook.lock import read_lock, write_lock
from daybreak.rulebook.reading import Source
from daybreak.rulebook.tightening import Tightened


@dataclass(frozen=True, slots=True)
class CheckReport:
    """How many definitions of each kind can be used, how many examples ran, and what is wrong."""

    kinds: dict[str, int]
    examples: int
    errors: list[Fault]

    def as_json(self) -> dict[str, object]:
        """Return the report as plain data: kinds, examples, and each error with file, line and message."""
        errors = [{"file": each.file, "line": each.line, "message": each.message} for each in self.errors]
        return {"kinds": self.kinds, "examples": self.examples, "errors": errors}


def check(folder: Path, *more: Path) -> CheckReport:
    """Read `folder` (and `more`, a site's own, after it) and run every worked example.

    This function will raise nothing for a fault.
    """
    library = Library.load(folder, *more)
    errors = list(library.faults)
    examples = 0
    for each in (folder, *more):
        sources, _ = read_folder(each)
        errors += _not_locked(each, list(sources.values()))
        for source in sources.values():
            usable = _usable(library, source)
            if usable is not None:
                examples += len(getattr(usable, "examples", ()))
                errors += example_faults(source, usable)
    return CheckReport(library.counts(), examples, sorted(set(errors)))


def lock(folder: Path, *, beside: Path | None = None) -> list[str]:
    """Add to the folder's lock every active version that it does not hold yet, and return their names.

    A site's own folder is read `beside` the shared one.

    This function will raise BrokenDefinition, and write nothing, where anything else in the folder is
    at fault.
    """
    report = check(folder) if beside is None else check(beside, folder)
    sources, _ = read_folder(folder)
    waiting = set(_not_locked(folder, list(sources.values())))
    here = [fault for fault in report.errors if fault.file.startswith(f"{folder.name}/")]
    if serious := [fault for fault in here if fault not in waiting]:
        raise BrokenDefinition(serious)
    return write_lock(folder, sources.values())


def _usable(library: Library, source: Source) -> Definition | None:
    mine = source.definition
    held = [each for each in library.every(source.kind) if (each.id, each.version) == (mine.id, mine.version)]
    return held[0] if held and mine.fingerprint in (held[0].fingerprint, _own_fingerprint(held[0])) else None


def _own_fingerprint(definition: Definition) -> str:
    return definition.own_fingerprint if isinstance(definition, Tightened) else ""


_LOCK_IT = (
    "this version is active and not locked yet: run `daybreak definitions lock`; a site's own folder is named behind it"
)


def _not_locked(folder: Path, sources: list[Source]) -> list[Fault]:
    try:
        locked = read_lock(folder)
    except BrokenDefinition:
        return []
    return [
        source.fault(("status",), _LOCK_IT)
        for source in sources
        if source.definition.status == "active"
        and (source.kind, source.definition.id, source.definition.version) not in locked
    ]
