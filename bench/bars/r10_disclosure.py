"""R10: random sequences of tables of one population, told as the disclosure policy says, and an attacker who takes all
of them together. No group below the threshold is recovered.

The attacker is written apart from what suppresses: it never sees the product's audit. It is given more than a reader
has, every number that was told unrounded, and asks of each small group whether anything else than 1 to 10 people would
fit, in whole numbers. The controls suppress small cells only, and suppress within each table but forget the earlier
ones; both must give groups away.
"""

import random
from collections.abc import Callable, Iterator
from itertools import product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from bench.figure import Figure, control
from daybreak.register.disclosing.groups import Asked, Dimension, Group
from daybreak.register.disclosing.suppression import WouldReveal, told_table
from daybreak.rulebook.public import Disclosure, Library, shipped_folder

SEED = 20_261_129
SIZES = {"quick": 60, "full": 100_000}
QUERIES = 6
DIMENSIONS = (
    Dimension("sex", ("female", "male", "other")),
    Dimension("age", ("under 40", "40 to 59", "60 and over")),
    Dimension("route", ("intravenous", "nasal")),
    Dimension("site", ("one", "two", "three")),
)
Cell = tuple[str | None, ...]
Numbers = dict[Cell, int]


def measure(size: str) -> Iterator[Figure]:
    """Yield the recovered groups, the share of tables that were told at all, and the controls."""
    policy, sequences = Library.load(shipped_folder()).disclosure("house"), SIZES[size]
    how = f"{sequences:,} sequences of {QUERIES} tables, unrounded numbers, seed {SEED}"
    lost, told = _played(sequences, policy, _as_the_product)
    yield Figure(bar="R10", part="recovered", value=lost, bound=0, better="lower", how=f"groups below 11: {how}")
    yield Figure(bar="R10", part="numbers told", value=told, bound=0.2, better="higher", how=f"share of all: {how}")
    few = min(sequences, 60)
    naive, _ = _played(few, policy, _small_cells_only)
    yield control(bar="R10", part="control no complement", value=naive, how=f"small cells suppressed alone: {few} seq.")
    alone, _ = _played(few, policy, _each_table_alone)
    yield control(bar="R10", part="control no history", value=alone, how=f"each table by itself: {few} sequences")


Tell = Callable[[Asked, dict[Group, int], Disclosure, dict[Group, int]], dict[Group, int | None]]


def _played(sequences: int, policy: Disclosure, tell: Tell) -> tuple[int, float]:
    lost, told, asked_for = 0, 0, 0
    for number in range(sequences):
        chance = random.Random(SEED + number)
        people = _population(chance)
        counts = _counts(people)
        known: dict[Group, int] = {}
        for _ in range(QUERIES):
            asked = _query(chance)
            shown = tell(asked, counts, policy, known)
            asked_for += len(asked.groups())
            told += sum(n is not None for n in shown.values())
            known |= {group: n for group, n in shown.items() if n is not None}
        lost += len(recovered({_cell(group): n for group, n in known.items()}, people, policy.cells.fewest))
    return lost, told / asked_for


def _as_the_product(asked: Asked, counts: dict[Group, int], policy: Disclosure, known: dict[Group, int]) -> dict:
    try:
        return told_table(asked, counts, policy, dimensions=DIMENSIONS, before=known)
    except WouldReveal:
        return {}


def _each_table_alone(asked: Asked, counts: dict[Group, int], policy: Disclosure, known: dict[Group, int]) -> dict:
    try:
        return told_table(asked, counts, policy, dimensions=DIMENSIONS)
    except WouldReveal:
        return {}


def _small_cells_only(asked: Asked, counts: dict[Group, int], policy: Disclosure, known: dict[Group, int]) -> dict:
    return {g: None if 0 < counts[g] < policy.cells.fewest else counts[g] for g in asked.groups()}


def _population(chance: random.Random) -> Numbers:
    """Return how many people are in each smallest group: few in many, many in some."""
    wanted = chance.choice((60, 150, 400, 1000))
    weights = [chance.paretovariate(0.9) for _ in product(*(d.categories for d in DIMENSIONS))]
    scale = wanted / sum(weights)
    return {
        cell: int(scale * weight + chance.random())
        for cell, weight in zip(product(*(d.categories for d in DIMENSIONS)), weights, strict=True)
    }


def _query(chance: random.Random) -> Asked:
    dimensions = tuple(chance.sample(DIMENSIONS, chance.choice((1, 2, 2))))
    left = [d for d in DIMENSIONS if d not in dimensions]
    within = frozenset((d.name, chance.choice(d.categories)) for d in chance.sample(left, chance.choice((0, 0, 1, 2))))
    return Asked(dimensions, within)


def _counts(people: Numbers) -> dict[Group, int]:
    return {_group(cell): _in(cell, people) for cell in _cells()}


def _cells() -> list[Cell]:
    return list(product(*((None, *d.categories) for d in DIMENSIONS)))


def _in(cell: Cell, people: Numbers) -> int:
    return sum(n for who, n in people.items() if all(c in (None, w) for c, w in zip(cell, who, strict=True)))


def _group(cell: Cell) -> Group:
    return frozenset((d.name, c) for d, c in zip(DIMENSIONS, cell, strict=True) if c is not None)


def _cell(group: Group) -> Cell:
    said = dict(group)
    return tuple(said.get(d.name) for d in DIMENSIONS)


def recovered(known: Numbers, people: Numbers, fewest: int) -> list[Cell]:
    """Return the cells of 1 to `fewest` - 1 people for which nothing else would fit the numbers known.

    The unknowns are the smallest groups; each known number is an equation. For each cell two further equations are
    tried, that it is empty and that it is large: if a table of whole numbers fits either, the cell is not recovered.
    """
    if not known:
        return []
    places = list(people)
    equations = np.array([[_inside(cell, who) for who in places] for cell in known], dtype=float)
    told = np.array(list(known.values()), dtype=float)
    fits: list[np.ndarray] = []
    found = []
    for cell in _cells():
        if not 0 < _in(cell, people) < fewest:
            continue
        line = np.array([_inside(cell, who) for who in places], dtype=float)
        if any(not 0 < round(line @ fit) < fewest for fit in fits):
            continue
        fit = _fit(equations, told, line, 0, 0)
        if fit is None:
            fit = _fit(equations, told, line, fewest, np.inf)
        if fit is None:
            found.append(cell)
        else:
            fits.append(fit)
    return found


def _inside(cell: Cell, who: tuple[str, ...]) -> bool:
    return all(c in (None, w) for c, w in zip(cell, who, strict=True))


def _fit(equations: np.ndarray, told: np.ndarray, line: np.ndarray, low: float, high: float) -> np.ndarray | None:
    """Return a table of whole numbers that fits all equations and has between `low` and `high` people in a cell."""
    answer = milp(
        np.zeros(len(line)),
        constraints=[LinearConstraint(equations, told, told), LinearConstraint(line[None, :], low, high)],
        integrality=np.ones(len(line)),
        bounds=Bounds(0, np.inf),
    )
    return None if answer.x is None else np.round(answer.x)
