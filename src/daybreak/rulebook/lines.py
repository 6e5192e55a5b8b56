"""Where in a TOML text a value stands, because tomllib forgets the line it read it from."""

import re
from collections import Counter

Path = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*("[^"]+"|'[^']+'|[A-Za-z0-9_.-]+)\s*=""")
_TRIPLE = re.compile(r'"""|\'\'\'')


def lines_of(text: str) -> dict[Path, int]:
    """Return the line (from 1) of every table, array element and key of `text`.

    This function will skip inline tables.
    """
    found: dict[Path, int] = {(): 1}
    counts: Counter[Path] = Counter()
    table: Path = ()
    inside = False
    for number, line in enumerate(text.splitlines(), start=1):
        if not inside and (header := _HEADER.match(line)):
            table = _table(header, counts)
            found.setdefault(table, number)
        elif not inside and (key := _KEY.match(line)):
            found.setdefault((*table, *_parts(key[1])), number)
        inside ^= len(_TRIPLE.findall(line)) % 2 == 1
    return found


def line_at(lines: dict[Path, int], path: Path) -> int:
    """Return the line of `path`, or of the first of several, or of the nearest table around it."""
    while path not in lines:
        if (*path, 0) in lines:
            return lines[*path, 0]
        path = path[:-1]
    return lines[path]


def _parts(dotted: str) -> list[str]:
    return [part.strip().strip("\"'") for part in re.split(r"""\.(?=(?:[^"]*"[^"]*")*[^"]*$)""", dotted)]


def _table(header: re.Match[str], counts: Counter[Path]) -> Path:
    path: Path = ()
    names = _parts(header[2])
    for name in names[:-1]:
        path = (*path, name)
        if counts[path]:
            path = (*path, counts[path] - 1)
    path = (*path, names[-1])
    if header[1] == "[[":
        counts[path] += 1
        path = (*path, counts[path] - 1)
    return path
