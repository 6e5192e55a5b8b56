"""The data set of the trials holds every number of the files once, and says what each column means."""

import csv
import io
import json
import zipfile
from dataclasses import fields
from hashlib import sha256

import duckdb

from daybreak.evidence.dataset import DICTIONARY, Number, as_zip, files, numbers
from daybreak.rulebook.public import PublishedTrial
from tests.definitions.shipped import library

TRIALS = [each for each in library().every("trials") if isinstance(each, PublishedTrial)]


def test_every_number_stands_in_each_form_of_the_data_set_once(tmp_path):
    rows = numbers(TRIALS)
    (tmp_path / "set.zip").write_bytes(as_zip(TRIALS))

    archive = zipfile.ZipFile(tmp_path / "set.zip")
    archive.extractall(tmp_path)
    in_csv = list(csv.DictReader(io.StringIO(archive.read("trials.csv").decode())))
    in_json = json.loads(archive.read("trials.json"))
    in_parquet = duckdb.read_parquet(str(tmp_path / "trials.parquet"))

    assert len(rows) == sum(len(t.results) + len(t.contrasts) for t in TRIALS)
    assert len(in_csv) == len(in_json) == len(in_parquet) == len(rows)
    assert {(row["trial"], row["arm"], row["outcome"], row["statistic"], row["against"]) for row in in_csv} == {
        (row["trial"], row["arm"], row["outcome"], row["statistic"], row["against"]) for row in in_json
    }
    assert sum(row["events"] or 0 for row in in_json) == in_parquet.sum("events").fetchone()[0]
    assert archive.read("LICENCE.txt").startswith(b"CC0-1.0")


def test_the_dictionary_explains_each_column():
    assert list(DICTIONARY) == [field.name for field in fields(Number)]


def test_the_same_trials_give_the_same_bytes_and_the_sums_of_them():
    made, again = files(TRIALS), files(TRIALS)

    assert made == again
    assert as_zip(TRIALS) == as_zip(TRIALS)
    sums = dict(reversed(line.split("  ", 1)) for line in made.pop("SHA256SUMS").decode().splitlines())
    assert sums == {name: sha256(content).hexdigest() for name, content in made.items()}
