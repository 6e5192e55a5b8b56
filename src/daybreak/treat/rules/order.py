"""Is there a signed order that this dose agrees with? What is missing is named, with who can clear it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from daybreak.treat.rules.blockers import Blocker

CLINICIAN, ANOTHER = ("clinician",), ("another clinician",)


@dataclass(frozen=True, slots=True)
class Ordered:
    """A signed order: of how much, from which weight, until when, and who stands behind it."""

    key: UUID
    amount: Decimal
    unit: str
    weight_used: str
    above_usual: bool
    valid_until: datetime
    signers: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Prepared:
    """The dose that was computed: by which order, and from which weight."""

    by_order: UUID | None
    weight_used: str


def is_above(amount: Decimal, offered: Sequence[Decimal]) -> bool:
    """Return whether an amount is more than the most that the protocol offers in this session: above its usual."""
    return amount > max(offered)


def in_the_way(ordered: Ordered | None, prepared: Prepared | None, *, at: datetime) -> Iterator[Blocker]:
    """Yield what keeps the dose from being given under its order."""
    if ordered is None:
        yield Blocker("No clinician has ordered this dose.", "An order says how much, and until when.", CLINICIAN)
        return
    if at >= ordered.valid_until:
        yield Blocker("The order has ended.", "It was signed for an earlier day.", CLINICIAN)
    if ordered.above_usual and len(ordered.signers) < 2:
        why = "A second clinician has not signed for it."
        yield Blocker("The ordered dose is above the protocol's usual.", why, ANOTHER)
    if prepared is None:
        return
    if prepared.by_order != ordered.key:
        why = "It was computed before this order was signed: compute it again."
        yield Blocker("The dose is not the one that is ordered.", why, ("nurse",), about=("weight",))
    elif prepared.weight_used != ordered.weight_used:
        why = f"Ordered from the {ordered.weight_used} weight, computed from the {prepared.weight_used} one."
        yield Blocker("The dose does not agree with the order.", why, ("nurse", *CLINICIAN), about=("weight",))
