"""What differs between two snapshots, said from their manifests, and a snapshot handed out as files."""

import csv
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from daybreak.config.commands.snapshot_ import command
from daybreak.kernel.moments import now
from daybreak.register.comparing import differences
from daybreak.register.dictionary import as_paper, dictionary_of
from daybreak.register.folders import dataset_in, manifest_in
from daybreak.register.handing_out import hand_out
from daybreak.register.manifest import Manifest
from daybreak.register.new_folders import FolderInTheWay, Unwritable
from daybreak.register.releasing.package import write_release
from daybreak.register.releasing.profiles import profile_named
from daybreak.register.synthetic.keeping import keep_beside
from daybreak.register.synthetic.recipe import recipe
from daybreak.register.tables import TABLES


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Path:
    wanted = recipe(persons=120, seed=1)
    return keep_beside(tmp_path_factory.mktemp("cohorts"), wanted, at=now(), progress=lambda *_: None)


@pytest.fixture
def manifest(cohort: Path) -> Manifest:
    return manifest_in(cohort)


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def said(before: Manifest, after: Manifest) -> list[str]:
    return [str(each) for each in differences(before, after)]


def test_the_same_snapshot_does_not_differ(manifest: Manifest) -> None:
    assert said(manifest, manifest) == []


def test_rows_are_told_for_the_table_and_for_the_site(manifest: Manifest) -> None:
    path, file = next((path, file) for path, file in manifest.files.items() if file.table == "person")
    after = replace(manifest, files={**manifest.files, path: replace(file, rows=file.rows + 2)})

    assert said(manifest, after) == [
        "rows of person: 120 → 122 (+2)",
        f"rows of person at {file.site}: {file.rows} → {file.rows + 2} (+2)",
    ]


def test_sites_and_definitions_that_come_and_go_are_named(manifest: Manifest) -> None:
    gone, *others = manifest.definitions
    edited = replace(others[0], fingerprint="f" * 64)
    after = replace(manifest, sites=(*manifest.sites[1:], "new"), definitions=(edited, *others[1:]), code_version="9")

    found = said(manifest, after)

    assert f"manifest code_version: {manifest.code_version} → 9" in found
    assert f"site {manifest.sites[0]}: gone, it was there" in found
    assert "site new: new, there" in found
    assert f"definition {gone.kind}/{gone.id}/{gone.version}: gone, it was {gone.fingerprint[:12]}" in found
    assert any(line.endswith("→ ffffffffffff") for line in found)


def test_the_command_compares_two_folders(cohort: Path, tmp_path: Path) -> None:
    other = keep_beside(tmp_path, recipe(persons=130, seed=1), at=now(), progress=lambda *_: None)
    result = CliRunner().invoke(command, ["diff", str(cohort), str(other), "--json"])

    assert result.exit_code == 0, result.output
    found = {(each["part"], each["name"]): each for each in json.loads(result.stdout)["differences"]}
    assert (found["rows of", "person"]["before"], found["rows of", "person"]["after"]) == (120, 130)


def test_every_table_is_handed_out_with_what_its_columns_mean(cohort: Path, tmp_path: Path) -> None:
    names = hand_out(dataset_in(cohort), tmp_path / "out")

    assert names == sorted(
        [*(f"{table.name}.csv" for table in TABLES), "dictionary.csv", "dictionary.html", "dictionary.pdf"]
    )
    rows = list(csv.DictReader(lines_of(tmp_path / "out" / "person.csv")))
    assert len(rows) == 120
    assert list(rows[0]) == [column.name for column in next(t for t in TABLES if t.name == "person").columns]
    page = (tmp_path / "out" / "dictionary.html").read_text(encoding="utf-8")
    assert "every person is invented" in page
    told = list(csv.DictReader(lines_of(tmp_path / "out" / "dictionary.csv")))
    assert [(row["table"], row["column"]) for row in told] == [(t.name, c.name) for t in TABLES for c in t.columns]
    assert all(f"<code>{column.name}</code>" in page for table in TABLES for column in table.columns)
    paper = (tmp_path / "out" / "dictionary.pdf").read_bytes()
    assert paper == as_paper(dictionary_of(dataset_in(cohort).manifest, TABLES)), "the same snapshot, the same bytes"
    assert paper.startswith(b"%PDF")
    assert b"pdfuaid" in paper, "it is tagged for screen readers"


def test_the_printed_dictionary_bears_no_date(cohort: Path, tmp_path: Path) -> None:
    at = datetime(2027, 8, 19, 10, 30, tzinfo=UTC)
    write_release(dataset_in(cohort), profile_named("safe_harbor"), tmp_path / "out", at=at)

    paper = (tmp_path / "out" / "dictionary.pdf").read_bytes()
    assert not re.search(rb"20\d\d-?[01]\d-?[0-3]\d", paper)


def test_labels_head_the_columns_with_what_they_mean(cohort: Path, tmp_path: Path) -> None:
    hand_out(dataset_in(cohort), tmp_path / "out", labels=True)

    heads = next(iter(csv.reader(lines_of(tmp_path / "out" / "session.csv"))))
    assert "The amount given (mg)" in heads
    assert len(set(heads)) == len(heads)


def test_a_folder_in_the_way_stays(cohort: Path, tmp_path: Path) -> None:
    with pytest.raises(FolderInTheWay):
        hand_out(dataset_in(cohort), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_written_it_is_said(cohort: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unwritable, match="cannot be written"):
        hand_out(dataset_in(cohort), tmp_path / "file" / "out")


def test_a_snapshot_that_was_changed_is_not_handed_out(cohort: Path, tmp_path: Path) -> None:
    other = keep_beside(tmp_path, recipe(persons=100, seed=2), at=now(), progress=lambda *_: None)
    next(other.rglob("*.parquet")).unlink()
    result = CliRunner().invoke(command, ["export", str(other), "--out", str(tmp_path / "out")])

    assert "is not what was frozen" in str(result.exception)
    assert not (tmp_path / "out").exists()
