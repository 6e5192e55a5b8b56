"""What everything that was told, taken together, gives away about small groups. Pure.

Whoever reads the tables knows that people are counted in whole numbers, in which groups they were counted, and each
number that was told. Here they are taken to know it unrounded, which is more than they do. A small group is given away
when nothing else than 1 to 10 people in it would fit: found by integer programming over the smallest groups that the
tables tell apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from daybreak.kernel.refusal import Refusal
from daybreak.register.disclosing.groups import Dimension, Group


class CannotCheck(Refusal):
    """The numbers that were told do not fit together, or could not be solved: nothing more is told beside them."""


Known = Mapping[Group, int]
MOST = 1e7
"""More people than any register holds: where nothing bounds a group, this does."""


def given_away(
    dimensions: Sequence[Dimension], known: Known, counts: Mapping[Group, int], *, fewest: int
) -> Group | None:
    """Return a small group of `counts` that `known`, the numbers told, gives away; None where there is none.

    `counts` holds the true numbers of the groups to look at: only those of 1 to `fewest` - 1 people are. A table that
    fits what was told, and in which a group is empty or large, is kept: it may clear other groups as well. Raises
    CannotCheck.
    """
    small = [group for group, count in counts.items() if 0 < count < fewest]
    if not small or not known:
        return None
    atoms = _atoms(dimensions)
    rows = np.array([_holds(group, atoms) for group in known], dtype=float)
    numbers = np.array(list(known.values()), dtype=float)
    fitting: list[np.ndarray] = []
    for group in small:
        wanted = np.array(_holds(group, atoms), dtype=float)
        if not any(_clears(table, wanted, fewest) for table in fitting):
            fitting += _ends(wanted, rows, numbers, fewest)
            if not _clears(fitting[-1], wanted, fewest):
                return group
    return None


def _atoms(dimensions: Iterable[Dimension]) -> list[Group]:
    wanted = list(dimensions)
    names = [dimension.name for dimension in wanted]
    return [
        frozenset(zip(names, chosen, strict=True))
        for chosen in product(*(dimension.categories for dimension in wanted))
    ]


def _holds(group: Group, atoms: Sequence[Group]) -> list[bool]:
    return [group <= atom for atom in atoms]


def _clears(table: np.ndarray, wanted: np.ndarray, fewest: int) -> bool:
    people = round(table @ wanted)
    return people == 0 or people >= fewest


def _ends(wanted: np.ndarray, rows: np.ndarray, numbers: np.ndarray, fewest: int) -> list[np.ndarray]:
    """Return a fitting table with the fewest people in a group; and, where that is not none, one with the most."""
    least = _fitting(wanted, rows, numbers)
    return [least] if _clears(least, wanted, fewest) else [least, _fitting(-wanted, rows, numbers)]


def _fitting(cost: np.ndarray, rows: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Return the table of whole numbers that fits what was told and costs least."""
    found = milp(
        cost,
        constraints=LinearConstraint(rows, numbers, numbers),
        integrality=np.ones(len(cost)),
        bounds=Bounds(0, MOST),
    )
    if found.status != 0:
        raise CannotCheck("What was told so far could not be checked together with this, so it is not told.")
    return np.round(found.x)
