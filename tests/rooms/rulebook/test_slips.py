"""The examples of the documents hold as they stand, and a slip of the pen in one is said so that a clinician can mend it."""

import re

import pytest

from daybreak.rulebook.public import Library, check, lock, shipped_folder

README = shipped_folder() / "README.md"
COURSE, SECTION = "courses/my_course/1.toml", "courses/my_course/1/who.md"
SCALE, CONSENT, PROTOCOL = (
    "instruments/my_scale/1.toml",
    "consents/my_treatment/1.toml",
    "protocols/my_treatment/1.toml",
)


def shown(file: str) -> str:
    """Return the file that the documents show as the smallest one of its kind."""
    return re.search(rf"`{file}`:\n\n```(?:toml|markdown)\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)[1]


def written(tmp_path, file, text, encoding="utf-8"):
    """Write a site's own folder with one file."""
    path = tmp_path / "ours" / file
    path.parent.mkdir(parents=True)
    path.write_bytes(text.encode(encoding))
    return tmp_path / "ours"


@pytest.mark.parametrize("file", [SCALE, CONSENT, PROTOCOL, COURSE])
def test_the_smallest_definitions_of_the_documents_hold(tmp_path, file):
    folder = written(tmp_path, file, shown(file))
    if beside := {PROTOCOL: CONSENT, COURSE: SECTION}.get(file):
        written(tmp_path, beside, shown(beside))

    lock(folder, beside=shipped_folder())

    assert [str(fault) for fault in check(shipped_folder(), folder).errors] == []


SLIPS = [
    ("a comma for a decimal point", "version = 1", "version = 1,5", "written with a point: 0.5, not 0,5"),
    ("a unit behind a number", "version = 1", "version = 1 mg", "its unit has a key of its own"),
    ("no closing quote", 'rule = "sum"', 'rule = "sum', "a quote is missing"),
    ("curly quotes", 'rule = "sum"', "rule = “sum”", "the quotes are curly"),
    ("no quotes", 'rule = "sum"', "rule = sum", "words stand in quotes"),
    ("a colon", 'rule = "sum"', 'rule: "sum"', "joined by =, not by a colon"),
    ("nothing", "version = 1", "version =", "there is nothing after the ="),
    ("a key twice", 'rule = "sum"', 'rule = "sum"\nrule = "mean"', "“rule” stands twice"),
    ("a table twice", "[provenance]", "[provenance]\n[provenance]", "“provenance” stands twice"),
    ("yes for true", "version = 1", "version = yes", "written true and false"),
    ("a day with points", "= 2027-06-01", "= 01.06.2027", "year-month-day, without quotes"),
    ("a day as words", "= 2027-06-01", '= "June 2027"', "year-month-day without quotes"),
    (
        "a number in quotes",
        "look_back_days = 1",
        'look_back_days = "1"',
        "a whole number is expected here, without quotes",
    ),
    ("a word for a list", 'languages = ["en"]', 'languages = "en"', "a list is expected here, in brackets"),
    ("one pair of brackets", "[[scores]]", "[scores]", "two pairs of brackets"),
    ("an id with a space", 'id = "sight"', 'id = "Blurred sight"', "small letters, digits and underscores"),
    ("an id twice", 'id = "sight"', 'id = "mouth"', "two items have the same id, “mouth”"),
    ("an item misspelt", '["mouth", "sight"]', '["mouth", "sigth"]', "no item “sigth”; did you mean “sight”?"),
    ("choices that are not there", 'id = "mouth"', 'id = "mouth"\nchoices = "often"', "there are no choices “often”"),
    ("a range that does not fit", "highest = 2", "highest = 3", "“total” can be 0 to 2, not 0 to 3"),
    ("empty words", 'text = { en = "No" }', 'text = { en = "" }', "nothing between the quotes"),
    ("a kind of rater", 'rater = "patient"', 'rater = "pateint"', "did you mean “patient”?"),
]


@pytest.mark.parametrize(("old", "new", "message"), [slip[1:] for slip in SLIPS], ids=[slip[0] for slip in SLIPS])
def test_a_slip_is_said_with_its_line_and_what_to_do(tmp_path, old, new, message):
    text = shown(SCALE)
    assert old in text
    folder = written(tmp_path, SCALE, text.replace(old, new, 1))
    line = text[: text.index(old)].count("\n") + 1

    faults = Library.load(folder).faults

    assert [message in fault.message for fault in faults] == [True], [str(fault) for fault in faults]
    assert faults[0].file == f"ours/{SCALE}"
    assert abs(faults[0].line - line) <= 5, str(faults[0])


def test_a_file_of_another_editor_is_read_or_said_to_be_unreadable(tmp_path):
    signed = written(tmp_path / "signed", SCALE, shown(SCALE), "utf-8-sig")
    sixteen = written(tmp_path / "sixteen", SCALE, shown(SCALE), "utf-16")
    hidden = written(tmp_path / "hidden", f"{SCALE}.txt", shown(SCALE))

    assert Library.load(signed).faults == ()
    assert ["save it as UTF-8" in fault.message for fault in Library.load(sixteen).faults] == [True]
    assert ["name has to end in .toml" in fault.message for fault in Library.load(hidden).faults] == [True]
