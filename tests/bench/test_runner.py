"""The runner of the bars: which figures reach their bar, which bars are run, and how a run ends."""

import json
import math

import pytest

from bench import __main__ as runner
from bench.figure import Figure, control

RUNS = """
from bench.figure import Figure, control
print("words that are no figure")
def measure(size):
    yield Figure(bar="P1", part=size, value={value}, bound=0.5, better="higher", how="made up")
    yield control(bar="P1", part="control", value={loss}, how="made up")
    {then}
"""


def figure(value, *, better="lower", part="1e6"):
    return Figure(bar="P1", part=part, value=value, bound=2.0, better=better, how="made up")


@pytest.mark.parametrize(
    ("value", "better", "holds"),
    [
        (2.0, "lower", True),
        (2.01, "lower", False),
        (2.0, "higher", True),
        (1.99, "higher", False),
        (math.nan, "lower", False),
        (math.inf, "higher", False),
    ],
)
def test_a_figure_reaches_its_bar_up_to_the_bound_and_never_as_no_number(value, better, holds):
    assert figure(value, better=better).holds is holds


@pytest.mark.parametrize(("lost", "holds"), [(0, False), (1, True), (math.nan, False)])
def test_a_control_must_show_a_loss(lost, holds):
    made = control(bar="R1", part="control fsync=off", value=lost, how="made up")
    assert made.holds is holds
    assert ("SHOWS NO LOSS" in made.sentence()) is not holds


def test_a_control_is_named_as_one():
    with pytest.raises(ValueError, match="begins with"):
        control(bar="R1", part="fsync=off", value=1, how="made up")


def test_every_module_of_a_bar_is_found_by_its_number():
    found = {*runner.bars("bench").values(), *runner.bars("faults").values(), "__init__"}
    assert found == {path.stem for path in (runner.HERE / "bars").glob("*.py")}


@pytest.mark.parametrize(("only", "names"), [("", ["P2", "P10"]), ("p10", ["P10"]), ("P10, P2", ["P10", "P2"])])
def test_bars_are_chosen_by_name_and_otherwise_all_in_order(here, only, names):
    for name in ("p10_pages", "p2_alert", "r1_lost"):
        (here / "bars" / f"{name}.py").touch()
    assert list(runner.chosen("bench", only)) == names


@pytest.mark.parametrize("only", ["P3", "R1"])
def test_a_bar_that_is_not_there_is_refused_with_those_that_are(here, only):
    for name in ("p2_alert", "r1_lost"):
        (here / "bars" / f"{name}.py").touch()
    with pytest.raises(runner.CannotRun, match=f"no {only} in “make bench”; there is P2"):
        runner.chosen("bench", only)


@pytest.mark.parametrize(
    ("value", "loss", "then", "well"),
    [
        (0.7, 3, "", True),
        (0.3, 3, "", False),
        (0.7, 0, "", False),
        (0.7, 3, "raise SystemExit(1)", False),
    ],
    ids=["all hold", "a bar is missed", "a control shows no loss", "a bar does not end"],
)
def test_a_run_goes_well_only_when_everything_holds(here, value, loss, then, well):
    (here / "bars" / "p1_made_up.py").write_text(RUNS.format(value=value, loss=loss, then=then))
    assert runner.run("bench", "", "quick") is well
    written = json.loads((here / "results.json").read_text())
    assert [(row["part"], row["value"], row["bound"]) for row in written] == [
        ("quick", value, 0.5),
        ("control", loss, 0),
    ]


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder of bars of the test's own, with the real runner beside it."""
    own = tmp_path / "bench"
    (own / "bars").mkdir(parents=True)
    for name in ("__init__.py", "figure.py", "one.py"):
        (own / name).write_text((runner.HERE / name).read_text())
    monkeypatch.setattr(runner, "HERE", own)
    monkeypatch.setattr(runner, "RESULTS", {"bench": own / "results.json"})
    return own
