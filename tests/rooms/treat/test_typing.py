"""What a touch makes of what stands in a field: the large keys, the steps, and the question about a slip."""

import json
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest

from daybreak.treat.rules.corrections import is_slip
from tests.vectors.tongues import NODE

CASES = [
    (["typed", "12", "4"], "124"),
    (["typed", "0", "7"], "7"),
    (["typed", "124", "back"], "12"),
    (["typed", "", "back"], ""),
    (["isComplete", "78", 220], True),  # 780 cannot be a diastolic pressure
    (["isComplete", "12", 320], False),  # 120 can be a systolic one
    (["isComplete", "124", 320], True),
    (["isComplete", "10", 100], False),  # a saturation of 100
    (["isComplete", "97", 100], True),
    (["isComplete", "", 320], False),
    (["isComplete", "36.5", 45], False),
    (["stepped", "", "124", 5], "129"),  # from the ghost
    (["stepped", "128", "124", -1], "127"),  # from what is typed
    (["stepped", "", "", 1], ""),  # from nothing there is no step
    (["stepped", "", "2", -5], "0"),
    (["stepped", "", "36.5", 1], "37.5"),
    (["around", "124", 0, 10, 320], list(range(114, 135))),
    (["around", "124", 10, 10, 320], list(range(124, 145))),
    (["around", "3", 0, 10, 320], list(range(21))),
    (["around", "315", 0, 10, 320], list(range(300, 321))),
    (["around", "", 0, 10, 320], []),
    (["number", "36,5"], 36.5),
    (["number", " "], None),
    (["number", "7o"], None),
    (["change", 124, 107, "baseline"], "+17 from baseline"),
    (["change", 100, 107, "last"], "−7 from last"),
    (["change", 107, 107, "last"], "as last"),
    (["change", 107, None, "last"], ""),
]
SLIPS = [
    (158, 100, 58), (159, 100, 58), (41, 100, 58), (300, None, 58), (300, 100, None),
    (17, 71, 58), (36, 71, 58), (35, 71, 58), (24, 12, 58), (25, 12, 58), (17, 71, None),
]  # fmt: skip


@pytest.fixture(scope="module")
def told() -> list[object]:
    asked = [case for case, _ in CASES] + [["isSlip", *case] for case in SLIPS]
    lines = "\n".join(json.dumps(each) for each in asked)
    script = Path(__file__).with_name("typing.ts")
    done = subprocess.run(
        [str(NODE), "--disable-warning=ExperimentalWarning", str(script)],
        input=lines,
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("place", range(len(CASES)), ids=[" ".join(map(str, case)) for case, _ in CASES])
def test_a_touch_makes_of_a_field_what_is_meant(told, place):
    assert told[place] == CASES[place][1]


@pytest.mark.parametrize("place", range(len(SLIPS)))
def test_both_tongues_ask_about_the_same_slips(told, place):
    value, last, step = (None if each is None else Decimal(each) for each in SLIPS[place])
    assert told[len(CASES) + place] is is_slip(value, last=last, step=step)
