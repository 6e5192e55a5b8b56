"""Is every milligram of the controlled drug accounted for? Drawn is given and wasted, or it stays open."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

ZERO = Decimal(0)


class Kind(StrEnum):
    """Why containers came into the safe or left it."""

    RECEIVED = "received"
    DRAWN = "drawn"
    RETURNED = "returned"
    WASTED = "wasted"
    ADJUSTED = "adjusted"


# What is thrown away, and why. What cannot be found again is named as such, and stays in sight.
OF_A_SESSION = ("left_over", "spilled", "broken", "unaccounted")
OF_THE_SAFE = ("expired", "broken", "recalled", "unaccounted")


@dataclass(frozen=True, slots=True)
class Taken:
    """Containers that left the safe for a session (above zero) or went back unopened (below)."""

    containers: int
    mg_each: Decimal


@dataclass(frozen=True, slots=True)
class Wasted:
    """What was thrown away of what was drawn; it counts once it was witnessed."""

    amount_mg: Decimal
    witnessed: bool


@dataclass(frozen=True, slots=True)
class Account:
    """What became of the drug of one session, in mg of base. `given_mg` is None until the dose has ended."""

    drawn_mg: Decimal
    given_mg: Decimal | None
    wasted_mg: Decimal
    unwitnessed_mg: Decimal

    @property
    def rest_mg(self) -> Decimal | None:
        """What is neither given nor wasted: below zero, more was given than was drawn. None while nobody knows."""
        return None if self.given_mg is None else self.drawn_mg - self.given_mg - self.wasted_mg

    @property
    def is_closed(self) -> bool:
        """Whether every milligram is accounted for and each waste was seen by two."""
        return self.rest_mg == ZERO and self.unwitnessed_mg == ZERO

    @property
    def why_open(self) -> str:
        """Why it is open, in a sentence; empty where it is closed."""
        if self.rest_mg is None or self.is_closed:
            return "" if self.is_closed else "The dose has not ended yet."
        if self.drawn_mg == ZERO:
            return "A dose was given, and nothing was recorded as drawn for it."
        if self.rest_mg < ZERO:
            return f"{_plain(-self.rest_mg)} mg more were given and wasted than were drawn."
        if self.rest_mg - self.unwitnessed_mg == ZERO:
            return "The waste waits for a witness."
        return f"{_plain(self.rest_mg - self.unwitnessed_mg)} mg are neither given nor wasted."


def account(taken: Iterable[Taken], wasted: Iterable[Wasted], *, given_mg: Decimal | None) -> Account:
    """Return the account of a session."""
    wasted = list(wasted)
    return Account(
        drawn_mg=sum((each.containers * each.mg_each for each in taken), ZERO),
        given_mg=given_mg,
        wasted_mg=sum((each.amount_mg for each in wasted if each.witnessed), ZERO),
        unwitnessed_mg=sum((each.amount_mg for each in wasted if not each.witnessed), ZERO),
    )


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
