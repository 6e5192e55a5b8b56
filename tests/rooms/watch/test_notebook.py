"""The analyst's notebook: every cell runs, and what it finds is what the pages find."""

import ast
import json
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner

from daybreak.config.commands.snapshot_ import command
from daybreak.kernel.moments import now
from daybreak.register.estimates.cohort import cohort_table
from daybreak.register.folders import Dataset, NotIntact, dataset_in
from daybreak.register.manifest import ForeignSnapshot
from daybreak.register.releasing.package import write_release
from daybreak.register.releasing.profiles import profile_named
from daybreak.register.releasing.reading import release_in
from daybreak.register.synthetic.keeping import keep_beside
from daybreak.register.synthetic.recipe import recipe
from daybreak.rulebook.public import Library, shipped_folder
from daybreak.watch.computing import of_dataset
from daybreak.watch.notebook.analyst import opened, people_of
from daybreak.watch.notebook.writing import notebook
from daybreak.watch.web.relapse import relapse_figures

LIBRARY = Library.load(shipped_folder())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cohort of a few hundred people, as a snapshot that lies anywhere."""
    place = tmp_path_factory.mktemp("cohorts")
    return keep_beside(place, recipe(persons=600, seed=21), at=now(), progress=lambda done, of, what: None)


@pytest.fixture(scope="module")
def frozen(folder: Path) -> Dataset:
    return dataset_in(folder)


def run(made: dict[str, object]) -> dict[str, object]:
    """Run a notebook's cells in order in one namespace, and show the last expression of each as a notebook does."""
    held: dict[str, object] = {}
    for cell in made["cells"]:
        if cell["cell_type"] != "code":
            continue
        parsed = ast.parse("".join(cell["source"]))
        last = parsed.body.pop() if isinstance(parsed.body[-1], ast.Expr) else None
        exec(compile(parsed, cell["id"], "exec"), held)  # noqa: S102 - the notebook is ours
        if last is not None:
            shown = eval(compile(ast.Expression(last.value), cell["id"], "eval"), held)  # noqa: S307
            assert repr(shown)
    return held


def test_a_notebook_runs_and_finds_what_the_pages_find(folder: Path, frozen: Dataset) -> None:
    held = run(notebook(folder))

    orka1 = LIBRARY.cohort("orka1_induction")
    lines = cohort_table(frozen, orka1).values["lines"]
    assert list(held["reproduced"]["numerator"]) == [line["numerator"] for line in lines]
    assert held["reproduced"]["estimate"][0] == lines[0]["estimate"]
    assert held["by_hand"] == (lines[0]["numerator"], lines[0]["denominator"])
    page = relapse_figures(of_dataset(frozen, None, LIBRARY.outcome_measures()), frozenset())[0]
    assert held["relapse"].title == page.title
    assert list(held["relapse"].table["at risk"]) == [row[1] for row in page.rows]
    assert held["relapse"].drawing._repr_svg_().startswith("<svg")
    six = people_of(held["data"], held["changed"])
    assert 0 < (six["because"] == "").sum() < lines[0]["denominator"], "the cohort was changed"
    assert LIBRARY.cohort("orka1_induction").induction.sessions_at_least == 4


def test_a_notebook_explains_what_is_there_and_says_that_people_are_invented(folder: Path, frozen: Dataset) -> None:
    made = notebook(folder)

    words = "".join("".join(cell["source"]) for cell in made["cells"] if cell["cell_type"] == "markdown")
    assert "Synthetic data: every person is invented" in words
    assert frozen.manifest.fingerprint in words
    assert all(f"| `{name}` |" in words for name in frozen.tables)
    assert len({cell["id"] for cell in made["cells"]}) == len(made["cells"])
    assert (made["nbformat"], made["nbformat_minor"]) == (4, 5)


def test_a_notebook_runs_on_an_extract_without_dates(folder: Path, frozen: Dataset, tmp_path: Path) -> None:
    write_release(frozen, profile_named("safe_harbor"), tmp_path / "extract", at=now())

    held = run(notebook(tmp_path / "extract"))

    assert "credential" not in set(held["data"].overview()["table"]), "only what left is explained"
    treated = len(people_of(opened(folder), held["orka1"]))
    assert len(held["people"]) == treated
    whole = cohort_table(frozen, held["orka1"]).values["n"]
    assert abs(held["by_hand"][1] - whole) <= 0.05 * whole, "whole days move only who is at a window's edge"
    assert held["data"].manifest.whole_days


def test_moments_of_an_extract_are_counted_from_the_first_session_again(frozen: Dataset, tmp_path: Path) -> None:
    people = frozen.tables["person"].person.to_pyarrow()
    anchors = pa.table({"person": people, "anchor": [1_600_000_020 + 86_460 * at for at in range(len(people))]})
    write_release(frozen, profile_named("limited"), tmp_path / "extract", at=now(), anchors=anchors)

    given = release_in(tmp_path / "extract")

    assert not given.whole_days
    for name, column in (("session", "minute"), ("score", "minute"), ("score", "day"), ("event", "ended_minute")):
        told = Counter(given.tables[name][column].to_pyarrow().to_pylist())
        assert told == Counter(frozen.tables[name][column].to_pyarrow().to_pylist()), (name, column)


def test_what_was_changed_or_is_no_data_set_is_refused(folder: Path, frozen: Dataset, tmp_path: Path) -> None:
    write_release(frozen, profile_named("safe_harbor"), tmp_path / "extract", at=now())
    scores = tmp_path / "extract" / "score.csv"
    scores.write_text(scores.read_text().replace("severe", "mild", 1))
    (tmp_path / "empty").mkdir()

    with pytest.raises(NotIntact, match=r"score\.csv"):
        opened(tmp_path / "extract")
    with pytest.raises(NotIntact):
        opened(tmp_path / "empty")
    (tmp_path / "extract" / "manifest.json").write_text("{}")
    with pytest.raises(ForeignSnapshot):
        opened(tmp_path / "extract")


def test_the_command_writes_a_new_file_and_no_other(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "first-hour.ipynb"

    made = CliRunner().invoke(command, ["notebook", str(folder), "--out", str(out)])
    again = CliRunner().invoke(command, ["notebook", str(folder), "--out", str(out)])

    assert made.exit_code == 0, made.output
    assert out.read_text().startswith("{")
    assert again.exit_code != 0


def test_the_monitors_numbers_are_had_of_a_folder_without_a_database(folder: Path, frozen: Dataset) -> None:
    shown = CliRunner().invoke(command, ["show", str(folder), "--json"])
    site = frozen.manifest.sites[0]
    of_one = CliRunner().invoke(command, ["show", str(folder), "--site", site, "--json"])
    nowhere = CliRunner().invoke(command, ["show", str(folder), "--site", "nowhere"])

    whole, one = (json.loads(each.output)["harm"]["counts"]["in_time"] for each in (shown, of_one))
    assert whole["people"] > one["people"] > 0
    assert whole["years"] > one["years"] > 0
    assert nowhere.exit_code == 2
    assert f"holds no site “nowhere”. It has: {site}" in nowhere.output
