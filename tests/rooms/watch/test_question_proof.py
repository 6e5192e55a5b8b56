"""The open questions find what was planted in an invented cohort, and nothing where nothing was. The fuller figures come
from `daybreak question trial`.
"""

import pytest

from daybreak.kernel.moments import now
from daybreak.watch.questions.proof import CannotTry, Proved, proved
from tests.definitions.shipped import library

SEEDS = (1, 2)


@pytest.fixture(scope="module")
def found() -> dict[tuple[str, bool], Proved]:
    runs = proved(library(), persons=5000, seeds=SEEDS, at=now(), reference=400_000)
    return {(each.question, each.planted): each for each in runs}


@pytest.mark.parametrize("name", ["dose", "dampening_drugs", "bladder", "training_and_monitoring"])
def test_what_was_planted_lies_in_the_interval(found: dict[tuple[str, bool], Proved], name: str) -> None:
    each = found[name, True]

    assert each.truth != 0
    assert each.held == len(SEEDS), each.runs


@pytest.mark.parametrize("name", ["dose", "dampening_drugs", "bladder"])
def test_where_nothing_was_planted_the_interval_holds_no_difference(
    found: dict[tuple[str, bool], Proved], name: str
) -> None:
    each = found[name, False]

    assert each.truth == 0
    assert each.held == len(SEEDS), each.runs


def test_a_harm_and_a_dampened_benefit_are_told_from_no_difference(found: dict[tuple[str, bool], Proved]) -> None:
    for name in ("bladder", "dampening_drugs"):
        for once in found[name, True].runs:
            assert once.lower is not None
            assert once.upper is not None
            assert once.lower > 0 or once.upper < 0


def test_one_site_that_monitors_poorly_is_not_enough(found: dict[tuple[str, bool], Proved]) -> None:
    assert found["training_and_monitoring", True].verdicts == {"not_enough": len(SEEDS)}


def test_what_is_not_planted_is_refused() -> None:
    with pytest.raises(CannotTry, match="Nothing is planted for “route”"):
        list(proved(library(), persons=1000, seeds=[1], at=now(), names=["route"]))
