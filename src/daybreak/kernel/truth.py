"""Three-valued answers: absent is not false (Kleene's strong logic)."""

from collections.abc import Iterable
from enum import StrEnum


class Truth(StrEnum):
    """The answer to a criterion. UNKNOWN never lets a dose start."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


def truth_of(answer: bool | None) -> Truth:
    """Return the truth of a yes, a no, or a missing answer."""
    if answer is None:
        return Truth.UNKNOWN
    return Truth.MET if answer else Truth.NOT_MET


def all_of(answers: Iterable[Truth]) -> Truth:
    """Return NOT_MET if any is, else UNKNOWN if any is, else MET."""
    seen = set(answers)
    if Truth.NOT_MET in seen:
        return Truth.NOT_MET
    return Truth.UNKNOWN if Truth.UNKNOWN in seen else Truth.MET


def any_of(answers: Iterable[Truth]) -> Truth:
    """Return MET if any is, else UNKNOWN if any is, else NOT_MET."""
    seen = set(answers)
    if Truth.MET in seen:
        return Truth.MET
    return Truth.UNKNOWN if Truth.UNKNOWN in seen else Truth.NOT_MET


def not_of(answer: Truth) -> Truth:
    """Return the opposite; the opposite of unknown is unknown."""
    return {Truth.MET: Truth.NOT_MET, Truth.NOT_MET: Truth.MET}.get(answer, Truth.UNKNOWN)
