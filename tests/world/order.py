"""Which files of tests are begun first: the longest ones, so that none is begun when everything else is done.

Each worker takes whole files, one after the other. `longest.txt` names the longest of the last whole run that was asked
to write it anew (`DAYBREAK_TIMES=1 make test`); what it does not name follows in the order in which it was found.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

LIST = Path(__file__).with_name("longest.txt")
HOW_MANY = 40


def named() -> list[str]:
    """Return the files of the list, the longest first."""
    return LIST.read_text(encoding="utf-8").split()


def longest_first(files: Iterable[str], longest: list[str]) -> list[int]:
    """Return the positions of `files` in the order in which they are begun; files that are not named keep theirs."""
    rank = {name: place for place, name in enumerate(longest)}
    whole = list(files)
    return sorted(range(len(whole)), key=lambda position: rank.get(whole[position], len(rank)))


class Times:
    """Adds up the seconds of each file, of every worker, and writes the list."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()

    def add(self, name: str, seconds: float) -> None:
        self.seconds[name.split("::", maxsplit=1)[0]] += seconds

    def write(self) -> None:
        LIST.write_text("".join(f"{name}\n" for name, _ in self.seconds.most_common(HOW_MANY)), encoding="utf-8")
