"""What an estimator answers: a number that carries its denominator and its uncertainty."""

from dataclasses import dataclass

from daybreak.kernel.refusal import Refusal


class ImpossibleCounts(Refusal):
    """Counts that no set of people could have produced."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """`value` with its interval at `level`; `value` is None where nobody was observed, and the interval then
    says nothing.
    """

    value: float | None
    lower: float
    upper: float
    events: int
    denominator: float
    level: float
    method: str


def check_level(level: float) -> None:
    """Raise ImpossibleCounts unless the confidence `level` lies strictly between 0 and 1."""
    if not 0 < level < 1:
        raise ImpossibleCounts(f"A confidence level lies between 0 and 1, and not at {level}.")
