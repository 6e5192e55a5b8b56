"""`daybreak definitions` on real files: a planted error of each kind, a page of text, what changed in words."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from daybreak.config.commands.definitions_ import command
from daybreak.rulebook.public import lock, shipped_folder

LUNA = "protocols/lunaprazine_drip/1.toml"
DAWN = "protocols/dawn_ketamine_iv/1.toml"


def run(*arguments):
    return CliRunner().invoke(command, [str(each) for each in arguments])


SHARED = ("facts/clinic", "instruments/phq9", "instruments/gad7", "consents/ketamine_treatment")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A small whole set: a few of the shipped definitions, the made-up drug, and a site's tightening."""
    monkeypatch.delenv("DAYBREAK_DEFINITIONS", raising=False)
    own = tmp_path / "own"
    for name in ("made_up", "site"):
        shutil.copytree(Path(__file__).parent / name, own, dirs_exist_ok=True)
    for name in SHARED:
        shutil.copytree(shipped_folder() / name, own / name)
    first = "protocols/ketamine_iv_40min/1.toml"
    (own / first).parent.mkdir()
    shutil.copyfile(shipped_folder() / first, own / first)
    lock(own)
    return own


PLANTED = [
    ("unknown key", LUNA, "hours_apart = 20", "hours_appart = 20", "did you mean “hours_apart”?"),
    ("unknown key of a step", LUNA, "until_week = 2", "until_wek = 2", "did you mean “until_week”?"),
    ("wrong unit", LUNA, 'unit = "a"', 'unit = "kg"', "“age” is kept in a, not in kg"),
    ("unknown unit", LUNA, 'unit = "{score}"', 'unit = "points"', "unit “points” is not known"),
    ("wrong unit of a dose", LUNA, 'unit = "mg/kg"', 'unit = "mg"', "per_kilogram is in mg/kg"),
    ("missing source", LUNA, 'source = "label"\n', "", "“source” is missing"),
    ("source not listed", LUNA, 'reference = "own:trial"', 'reference = "own:trail"', "did you mean “own:trial”?"),
    ("a number of duties", LUNA, 'but_for = ["weekly_later"]\n', "", "names duties only"),
    ("an exception for nothing", LUNA, '["weekly_later"]', '["weekly_latter"]', "did you mean “weekly_later”?"),
    ("missing example", LUNA, "given = { age = 17 }", "given = { age = 16 }\nwithout = ['age']", "no worked example"),
    ("one side only", LUNA, "given = { heart_rate = 141 }", "given = { heart_rate = 140 }", "heart_rate above 140"),
    ("wrong example", LUNA, "dose_mg = 100", "dose_mg = 101", "dose_mg is 100, not 101"),
    ("ends the wrong way round", LUNA, "[18, 90]", "[90, 18]", "can never be met"),
    ("out of reach", LUNA, "below = 10\n", "below = 0\n", "can never be met: no answer to “depression_score” does"),
    ("period the wrong way round", LUNA, "until_week = 2", "until_week = 0", "until_week"),
    ("a word that nobody offers", LUNA, '["new", "other"]', '["new", "othr"]', "did you mean “other”?"),
    ("a blank", LUNA, "due_days = 7", 'due_days = "blank"', "is blank, and a blank blocks activation"),
    ("edited although locked", LUNA, "hours_apart = 20", "hours_apart = 21", "was made active and then edited"),
    ("loosened gate", DAWN, "at_most = 130", "at_most = 150", "“systolic_acceptable” would loosen the shared gate"),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "message"), [planted[1:] for planted in PLANTED], ids=[planted[0] for planted in PLANTED]
)
def test_a_planted_error_of_each_kind_is_caught(folder, file, old, new, message):
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))
    if "edited" not in message:
        (folder / "LOCK.toml").unlink()

    result = run("check", folder)

    assert result.exit_code == 1
    said = [line for line in result.output.splitlines() if message in line]
    assert said, result.output
    place = said[0].strip().split(":")
    assert place[0] == f"own/{file}"
    assert int(place[1]) >= 1


def test_two_criteria_that_exclude_each_other_are_caught(folder):
    (folder / "LOCK.toml").unlink()
    with (folder / LUNA).open("a") as file:
        file.write(
            '\n[[screening]]\nid = "a_child"\nquestion = "A child?"\nask = "age"\nunit = "a"\nbelow = 18\n'
            'otherwise = "refuse"\nsource = "site"\nreference = "own:trial"\n'
        )

    assert "“adult” and “a_child” can never both be met" in run("check", folder).output


def test_what_holds_is_counted(folder):
    answer = json.loads(run("check", folder, "--json").output)

    assert set(answer) == {"kinds", "examples", "errors"}
    assert answer["examples"] >= 150
    assert [each for each in answer["errors"] if each["file"].startswith("own/")] == []


def test_a_page_of_text_fits_a_sheet_and_names_its_sources(folder):
    text = run("show", "lunaprazine_drip", "--folder", folder).output

    assert max(map(len, text.splitlines())) <= 84
    for words in ("BEFORE EACH DOSE", "A trial that never was (own:trial)", "UNVERIFIED", "end the course"):
        assert words in text


def test_a_page_can_be_had_as_json(folder):
    answer = json.loads(run("show", "lunaprazine_drip", "--folder", folder, "--json").output)

    assert answer["version"] == 1
    assert answer["chapters"][0]["rules"][0]["source"] == "practice"


def test_what_changed_is_said_in_words(folder):
    text = (
        (folder / LUNA)
        .read_text()
        .replace("version = 1", "version = 2", 1)
        .replace("hours_apart = 20", "hours_apart = 30")
    )
    (folder / LUNA).with_name("2.toml").write_text(text.replace('id = "moon"', 'id = "tides"'))

    said = run("diff", "lunaprazine_drip", 1, 2, "--folder", folder).output

    flat = " ".join(said.split())
    assert "the last one at least 20 hours ago" in flat
    assert (
        "It is now: Needs “When were the earlier sessions of this course?”: the last one at least 30 hours ago." in flat
    )
    assert "“Is the moon not full?”, new" in flat
    assert "“Is the moon not full?”, gone" in flat


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "ketamine_iv_40mins"), "did you mean “ketamine_iv_40min”?"),
        (("show", "ketamine_iv_40min", "--version", "99"), "has no version 99. It has: 1"),
        (("diff", "ketamine_iv_40min", "1", "99"), "has no version 99"),
        (("show", "instruments/phq8"), "did you mean “phq9”?"),
    ],
)
def test_what_is_not_there_is_said_clearly(arguments, words):
    result = run(*arguments)

    assert result.exit_code == 1
    assert words in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("name", ["check", "lock", "show", "diff"])
def test_every_command_says_how_it_is_used(name):
    assert f"Example: daybreak definitions {name}" in run(name, "--help").output
