"""A protocol tried on a table of cases: each is decided as `evaluate` decides it, and a wrong cell is named."""

import json

import pytest
from click.testing import CliRunner

from daybreak.config.commands.definitions_ import command

TABLE = """case,age,pregnancy,ketamine_hypersensitivity
Ines,16,pregnant,no
Otto,47,not_pregnant,
Ada,47,not_pregnant,yes
"""


def tried(tmp_path, table, *more):
    (tmp_path / "cases.csv").write_text(table, encoding="utf-8")
    return CliRunner().invoke(command, ["try", "ketamine_iv_40min", str(tmp_path / "cases.csv"), *more])


def test_each_case_is_decided_and_an_empty_cell_is_unknown(tmp_path):
    said = json.loads(tried(tmp_path, TABLE, "--version", "5", "--against", "4", "--json").stdout)

    assert said["decisions"] == {"Ines": "refuse", "Otto": "ask", "Ada": "refuse"}
    assert said["counts"]["refuse"] == 2
    assert (said["version"], said["against"], said["changed"]) == (5, 4, [])


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("agee\n40\n", "did you mean “age”?"),
        ("age\n40\nforty\n", "line 3, column “age”: “forty” is not a number with a decimal point"),
        ("age\n400\n", "line 2, column “age”: 400 a is above"),
        ("pregnancy\nperhaps\n", "“perhaps” is not one of: "),
        ("psychotic_disorder\nmaybe\n", "“maybe” is not yes or no"),
    ],
)
def test_a_wrong_cell_is_named(tmp_path, table, sentence):
    result = tried(tmp_path, table)

    assert result.exit_code != 0
    assert sentence in result.output


def test_a_stage_and_a_kind_that_are_none_are_said(tmp_path):
    assert "is not a stage of a protocol" in tried(tmp_path, TABLE, "--stage", "waking").output
    (tmp_path / "c.csv").write_text(TABLE)
    assert (
        "is not a protocol" in CliRunner().invoke(command, ["try", "instruments/phq9", str(tmp_path / "c.csv")]).output
    )
