"""One shipped definition, read by itself: for what has to be known before the whole library is."""

from typing import TypeVar

from daybreak.rulebook.faults import UnknownDefinition
from daybreak.rulebook.folders import shipped_folder
from daybreak.rulebook.form import Definition
from daybreak.rulebook.reading import read

_D = TypeVar("_D", bound=Definition)


def newest_shipped(kind: str, name: str, wanted: type[_D]) -> _D:
    """Return the highest active version of a shipped definition; raise UnknownDefinition, or BrokenDefinition."""
    root = shipped_folder()
    files = sorted((root / kind / name).glob("*.toml"), key=lambda file: int(file.stem), reverse=True)
    for found in (read(file, root).definition for file in files):
        if isinstance(found, wanted) and found.status == "active":
            return found
    raise UnknownDefinition(f"The shipped definitions hold no active version of “{kind}/{name}”.")
