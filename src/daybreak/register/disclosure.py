"""What may be shown of a small group, by the one policy (definitions/disclosure/house): fewer than 11, and what would
reveal them.

The coordinating centre sees every number, and a site those of its own people. Anybody else sees a number
about all sites only where the people it counts, those it leaves out of its denominator's group, and the
people of other sites among either are none, or at least 11.
"""

from collections.abc import Iterable

from daybreak.register.disclosing.policy import disclosure_policy
from daybreak.rulebook.public import rounded

# Said once, in the one policy file.
FEWEST = disclosure_policy().cells.fewest


def is_small(people: int) -> bool:
    """Return whether a group is so small that a number about it could point at someone."""
    return 0 < people < FEWEST


def rounded_off(number: int) -> int:
    """Return a number as it is told to anybody, by the step of the policy."""
    return rounded(disclosure_policy(), number)


def may_be_shown(cells: Iterable[int], own: Iterable[int] = ()) -> bool:
    """Return whether a partition of people may be shown to a site that knows its `own` people's cells, in the
    same order.

    A cell may not be small, and subtracting one's own people may not leave a small cell; the whole must be
    FEWEST at least.
    """
    whole = list(cells)
    known = list(own) or [0] * len(whole)
    others = [cell - mine for cell, mine in zip(whole, known, strict=True)]
    return sum(whole) >= FEWEST and not any(is_small(cell) for cell in (*whole, *others, sum(others)))
