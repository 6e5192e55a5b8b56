"""Small groups, and what would reveal them."""

import pytest

from daybreak.register.disclosure import may_be_shown

CASES = (
    ("a cell of none and one of many", [0, 11], [], True),
    ("eleven is enough", [11, 11], [], True),
    ("ten is too few", [10, 40], [], False),
    ("one is too few", [40, 1], [], False),
    ("nobody at all", [0, 0], [], False),
    ("the others are enough", [30, 30], [11, 11], True),
    ("subtracting one's own leaves ten", [30, 30], [20, 11], False),
    ("one's own are all there is", [30, 30], [30, 30], True),
    ("one's own small cell is one's own", [31, 30], [5, 5], True),
)


@pytest.mark.parametrize(("cells", "own", "shown"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_may_be_shown(cells: list[int], own: list[int], shown: bool) -> None:
    assert may_be_shown(cells, own) is shown
