"""Small groups in tables with totals: nobody who adds and subtracts finds one. The attacker here knows every number
that is told, tries every table that would fit, and is written apart from what suppresses.
"""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daybreak.register.disclosing.groups import EVERYBODY, Asked, Dimension, Group
from daybreak.register.disclosing.policy import disclosure_policy
from daybreak.register.disclosing.suppression import WouldReveal, as_told, told_table
from daybreak.rulebook.public import Disclosure

FEWEST = 11
ROWS, COLUMNS = Dimension("row", ("a", "b", "c")), Dimension("column", ("x", "y"))


@pytest.fixture(scope="module")
def policy() -> Disclosure:
    return disclosure_policy()


def counted(dimensions: tuple[Dimension, ...], people: dict[tuple[str, ...], int]) -> dict[Group, int]:
    """Return the number of each group that the dimensions make."""
    found: dict[Group, int] = {}
    for chosen in product(*([None, *each.categories] for each in dimensions)):
        group = frozenset((d.name, c) for d, c in zip(dimensions, chosen, strict=True) if c is not None)
        found[group] = sum(
            n for who, n in people.items() if all(c in (None, w) for c, w in zip(chosen, who, strict=True))
        )
    return found


def table(numbers: list[list[int]]) -> dict[Group, int]:
    people = {(r, c): numbers[i][j] for i, r in enumerate(ROWS.categories) for j, c in enumerate(COLUMNS.categories)}
    return counted((ROWS, COLUMNS), people)


def recovered(shown: dict[Group, int | None], counts: dict[Group, int]) -> list[Group]:
    """Return the small groups of a table of two rows and columns that its numbers pin: by trying what would fit.

    A table of 3 × 2 with all margins has two free cells where everything is told; each suppressed margin frees more.
    """
    from scipy.optimize import linprog

    cells = list(product(ROWS.categories, COLUMNS.categories))
    told = [(group, n) for group, n in shown.items() if n is not None]
    rows = np.array([[all(pair in {("row", r), ("column", c)} for pair in g) for r, c in cells] for g, _ in told])
    numbers = np.array([n for _, n in told])
    found = []
    for group, count in counts.items():
        if not 0 < count < FEWEST:
            continue
        wanted = np.array([all(pair in {("row", r), ("column", c)} for pair in group) for r, c in cells], dtype=float)
        if not told:
            continue
        ends = [linprog(sign * wanted, A_eq=rows.astype(float), b_eq=numbers, bounds=(0, None)) for sign in (1, -1)]
        low = ends[0].fun if ends[0].status == 0 else 0
        high = -ends[1].fun if ends[1].status == 0 else np.inf
        if np.ceil(low - 1e-7) >= 1 and np.floor(high + 1e-7) < FEWEST:
            found.append(group)
    return found


def test_one_small_cell_takes_another_of_its_row_and_its_column_along(policy: Disclosure) -> None:
    counts = table([[40, 3], [50, 60], [70, 80]])
    shown = told_table(Asked((ROWS, COLUMNS)), counts, policy)

    cell = frozenset({("row", "a"), ("column", "y")})
    missing = {group for group, number in shown.items() if number is None}
    assert cell in missing
    assert len(missing) >= 4, "a row and a column each need a second one"
    assert recovered(shown, counts) == []
    naive = {group: None if 0 < n < FEWEST else n for group, n in counts.items()}
    assert recovered(naive, counts) == [cell], "without it, subtraction gives the three back"


def test_missing_cells_that_add_up_to_a_small_group_are_not_enough(policy: Disclosure) -> None:
    one = Dimension("row", ("a", "b", "c", "d"))
    counts = counted((one,), {("a",): 1, ("b",): 2, ("c",): 30, ("d",): 40})
    shown = told_table(Asked((one,)), counts, policy)

    assert shown[frozenset({("row", "c")})] is None, "else three people are known to be in a or b"
    assert shown[frozenset({("row", "d")})] == 40


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 40), min_size=2, max_size=2), min_size=3, max_size=3))
def test_no_table_gives_a_small_group_away(policy_numbers: list[list[int]]) -> None:
    counts, policy = table(policy_numbers), disclosure_policy()
    shown = told_table(Asked((ROWS, COLUMNS)), counts, policy)

    assert recovered(shown, counts) == []
    assert all(number in (None, counts[group]) for group, number in shown.items())
    assert not any(number is not None and 0 < number < FEWEST for number in shown.values())
    for number in as_told(shown, policy).values():
        assert number is None or number % 5 == 0


def test_a_table_that_differs_from_an_earlier_one_by_a_few_is_not_told(policy: Disclosure) -> None:
    """All people by row, and then those of one column by row: subtracting them gives the other column."""
    counts = table([[40, 3], [50, 4], [70, 20]])
    everybody = Asked((ROWS,))
    first = told_table(everybody, counts, policy, dimensions=(ROWS, COLUMNS))
    known = {group: number for group, number in first.items() if number is not None}
    assert known[EVERYBODY] == 187

    second = Asked((ROWS,), within=frozenset({("column", "x")}))
    shown = told_table(second, counts, policy, dimensions=(ROWS, COLUMNS), before=known)
    assert shown[frozenset({("row", "a"), ("column", "x")})] is None
    both = known | {group: number for group, number in shown.items() if number is not None}
    assert recovered(both, counts) == []


def test_a_table_of_which_nothing_new_can_be_told_is_refused_in_a_sentence(policy: Disclosure) -> None:
    counts = table([[40, 3], [50, 60], [70, 80]])
    leaky = {group: n for group, n in counts.items() if n >= FEWEST}
    with pytest.raises(WouldReveal, match="fewer than 11 people"):
        told_table(Asked((ROWS, COLUMNS)), counts, policy, before=leaky)
