"""The longest files of tests are begun first."""

from pathlib import Path

from tests.world import order
from tests.world.order import Times, longest_first, named

ROOT = Path(__file__).parents[2]


def test_what_is_named_is_there_and_named_once():
    assert [name for name in named() if not (ROOT / name).is_file()] == []
    assert len(set(named())) == len(named())


def test_the_longest_go_first_and_all_others_keep_their_order():
    files = ["a.py", "a.py", "b.py", "long.py", "c.py", "longest.py", "long.py"]

    begun = longest_first(files, ["longest.py", "long.py"])

    assert [files[position] for position in begun] == [
        "longest.py", "long.py", "long.py", "a.py", "a.py", "b.py", "c.py",
    ]  # fmt: skip
    assert begun == [5, 3, 6, 0, 1, 2, 4], "and the tests of a file theirs"


def test_a_run_that_is_asked_to_writes_the_list_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(order, "LIST", tmp_path / "longest.txt")
    times = Times()
    for test, seconds in (("a.py::test_x", 1.0), ("b.py::test_x", 3.0), ("a.py::test_y", 1.5)):
        times.add(test, seconds)

    times.write()

    assert named() == ["b.py", "a.py"]
