"""What is wrong with a definition, said so that its author can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from daybreak.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong: in which file, on which line (counted from 1), and a sentence."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class BrokenDefinition(Refusal):
    """A definition that cannot be used; `.faults` says why."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


class UnknownDefinition(Refusal):
    """A definition, or a version of it, that the library does not hold."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return “.

    Did you mean “…”?” with the nearest of `known`, or an empty string; this function will never raise.
    """
    near = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"; did you mean “{near[0]}”?" if near else ""
