"""The lock.

The fingerprint of every version ever made active. A locked version is mended by adding another version.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from daybreak.rulebook.faults import BrokenDefinition, Fault
from daybreak.rulebook.lines import line_at, lines_of
from daybreak.rulebook.reading import Source

NAME = "LOCK.toml"
Locked = Mapping[tuple[str, str, int], str]
_HEAD = """# Fingerprints (SHA-256) of every version ever made active, written by `daybreak definitions lock`.
# Never edit or remove a line: a locked version is mended by adding another version.
"""


def read_lock(folder: Path) -> dict[tuple[str, str, int], str]:
    """Return (kind, id, version) to fingerprint; raise BrokenDefinition where the lock is unreadable."""
    path = folder / NAME
    if not path.exists():
        return {}
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return {
            (kind, name, int(version)): str(fingerprint)
            for kind, names in data.items()
            for name, versions in names.items()
            for version, fingerprint in versions.items()
        }
    except (tomllib.TOMLDecodeError, ValueError, AttributeError) as error:
        raise BrokenDefinition([Fault(f"{folder.name}/{NAME}", 1, f"the lock cannot be read: {error}")]) from error


def lock_faults(folder: Path, locked: Locked, sources: Iterable[Source]) -> Iterator[Fault]:
    """Yield a fault for every locked version that was edited or taken away.

    Versions that do not parse are left to their own faults.
    """
    held = {(source.kind, source.definition.id, source.definition.version): source for source in sources}
    for key, fingerprint in locked.items():
        kind, name, version = key
        source = held.get(key)
        if source is None and not (folder / kind / name / f"{version}.toml").exists():
            yield Fault(
                f"{folder.name}/{NAME}",
                _line(folder, key),
                f"{kind}/{name}/{version} was active and is gone: put it back",
            )
        elif source is not None and source.definition.fingerprint != fingerprint:
            message = f"version {version} was made active and then edited: put it back, add version {version + 1}"
            yield source.fault(("version",), message)
        elif source is not None and source.definition.status == "draft":
            yield source.fault(("status",), "a version that was made active is never a draft again")


def write_lock(folder: Path, sources: Iterable[Source]) -> list[str]:
    """Add every active version that the lock does not hold yet.

    Return their names. This function will never change a line.
    """
    locked = read_lock(folder)
    added = []
    for source in sources:
        definition = source.definition
        key = (source.kind, definition.id, definition.version)
        if definition.status == "active" and key not in locked:
            locked[key] = definition.fingerprint
            added.append(f"{source.kind}/{definition.id}/{definition.version}")
    if added:
        (folder / NAME).write_text(_text(locked), encoding="utf-8")
    return added


def _text(locked: Locked) -> str:
    parts = [_HEAD]
    for kind, name in sorted({key[:2] for key in locked}):
        versions = sorted((key[2], value) for key, value in locked.items() if key[:2] == (kind, name))
        parts.append(f"\n[{kind}.{name}]\n" + "".join(f'{version} = "{value}"\n' for version, value in versions))
    return "".join(parts)


def _line(folder: Path, key: tuple[str, str, int]) -> int:
    where = lines_of((folder / NAME).read_text(encoding="utf-8"))
    return line_at(where, (key[0], key[1], str(key[2])))
