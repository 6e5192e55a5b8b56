"""A course is a folder of files: what it lacks is named with file and line, and its figures come from the trials."""

import re

import pytest

from daybreak.rulebook.public import FIGURE, Library, check, shipped_folder
from tests.definitions.shipped import library
from tests.rooms.rulebook.planting import copied, plant

COURSE = "courses/ketamine_trd/1.toml"
TRIALS = "courses/ketamine_trd/1/trials.md"
SAFETY = "courses/ketamine_trd/1/safety.md"
SERVICE = "courses/ketamine_trd/1/service.md"


@pytest.fixture
def folder(tmp_path):
    return copied(tmp_path)


PLANTED = [
    ("disclosure left out", COURSE, "nothing_to_disclose = true\n", "", "discloses nothing"),
    ("day of disclosure left out", COURSE, "disclosed_on = 2026-10-15\n", "", "“disclosed_on” is missing"),
    ("disclosed too late", COURSE, "disclosed_on = 2026-10-15", "disclosed_on = 2026-11-02", "nobody is published"),
    ("an employee", COURSE, "nothing_to_disclose = true", 'relationships = [{ company = "A", nature = "employee", mitigated_by = "-" }]', "takes no part"),
    ("not mitigated", COURSE, "nothing_to_disclose = true", 'relationships = [{ company = "A", nature = "adviser" }]', "“mitigated_by” is missing"),
    ("support nobody names", COURSE, 'kind = "none"', 'kind = "commercial"', "commercial support names its supporter"),
    ("support too late", COURSE, "from_day = 2026-11-01", "from_day = 2026-11-02", "no statement of support holds"),
    ("no right answer", COURSE, "right = 1\n", "", "“right” is missing"),
    ("a right answer that is none", COURSE, "right = 1\n", "right = 3\n", "right = 3 names no answer"),
    ("an answer twice", COURSE, "About three months", "About a week", "an answer stands twice"),
    ("item for another objective", COURSE, 'objective = "trials"', 'objective = "trails"', "did you mean “trials”?"),
    ("fee left out", COURSE, "fee = 0\n", "", "“fee” is missing"),
    ("expiry left out", COURSE, "expiry_date = 2028-10-31\n", "", "“expiry_date” is missing"),
    ("expiry too late", COURSE, "expiry_date = 2028-10-31", "expiry_date = 2029-11-02", "more than 3 years"),
    ("expiry before release", COURSE, "expiry_date = 2028-10-31", "expiry_date = 2026-10-31", "before release_date"),
    ("not in quarters", COURSE, "maximum = 0.5", "maximum = 0.4", "credit is given in quarters"),
    ("more credit than time", COURSE, "maximum = 0.5", "maximum = 0.75", "0.75 credit needs 45"),
    ("for nobody", COURSE, '"participation"', '"ama_pra_category_1"', "stands twice"),
    ("accessibility left out", COURSE, "accessibility =", "accessible =", "“accessibility” is missing"),
    ("no planner", COURSE, 'role = "planner"', 'role = "reviewer"', "contributors need a planner"),
    ("draws too many", COURSE, "draws = 8", "draws = 80", "there are 15 items"),
    ("a file that is not there", COURSE, 'file = "trials.md"', 'file = "trails.md"', "there is no file “trails.md”"),
    ("text typed here", COURSE, 'file = "trials.md"', 'file = "trials.md"\ntext = "x"', "unknown key “text”"),
    ("wrong example", COURSE, 'expect = "failed"', 'expect = "passed"', "it is failed, not passed"),
    ("an example for no item", COURSE, "how_long = 0, driving = 1", "how_lung = 0", "there is no item how_lung"),
    ("a number without source", SERVICE, " [@fda:rems-386]", "", "typed without a source"),
    ("a number of duties", SAFETY, "It gives no interval", "Every 12 weeks", "typed without a source"),
    ("an unknown source", SAFETY, "[@fda:rems-386]", "[@fda:rems-387]", "did you mean “fda:rems-386”?"),
    ("an unknown trial", TRIALS, "zarate_2006 response", "zarate_2005 response", "no active trial “zarate_2005”"),
    ("an unknown arm", TRIALS, "zarate_2006 response_24h saline}}", "zarate_2006 response_24h salin}}", "did you mean “response_24h saline”?"),
    ("an unread number", TRIALS, "{{difference grunebaum_2018 ideation_d1 ketamine}}", "{{difference murrough_2013 score_24h ketamine}}", "marked “unverified”"),
    ("an unknown figure", TRIALS, "{{forest response", "{{florest response", "did you mean “forest”?"),
    ("an unknown choice", TRIALS, "response day placebo OR", "response year placebo OR", "“year” is not one of"),
    ("an open figure", TRIALS, "{{people zarate_2012}}", "{{people zarate_2012}", "ends with }}"),
    ("an unknown chapter", SAFETY, "during_the_treatment}}", "during_treatment}}", "did you mean “during_the_treatment”?"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "says"), [row[1:] for row in PLANTED], ids=[row[0] for row in PLANTED])
def test_what_a_course_lacks_is_named_with_file_and_line(folder, file, old, new, says):
    plant(folder, file, old, new)

    found = Library.load(folder).faults or check(folder).errors
    errors = [each for each in found if "courses" in each.file and "not locked" not in each.message]

    assert any(says in each.message for each in errors), errors
    assert all(each.line >= 1 for each in errors)


def test_a_fault_in_the_text_stands_at_its_line(folder):
    line = plant(folder, SAFETY, "[@fda:rems-386]", "[@fda:rems-387]")

    assert f"definitions/{SAFETY}:{line}:" in "\n".join(map(str, Library.load(folder).faults))


def test_an_objective_that_no_item_asks_for_is_named(folder):
    text = (folder / COURSE).read_text().replace('objective = "service"', 'objective = "safety"')
    (folder / COURSE).write_text(text)
    (folder / "LOCK.toml").unlink()

    messages = [each.message for each in Library.load(folder).faults]

    assert "no item asks for the objective “service”" in messages


def test_a_text_that_is_changed_after_it_was_active_breaks_the_lock(folder):
    path = folder / TRIALS
    path.write_text(path.read_text().replace("It does not last.", "It lasts."))

    assert any("was made active and then edited" in each.message for each in Library.load(folder).faults)


def test_a_file_that_no_section_names_is_named(folder):
    (folder / "courses/ketamine_trd/1/left.md").write_text("Left over.")

    assert any("no section names this file" in each.message for each in Library.load(folder).faults)


def test_a_sites_own_course_is_added_as_files_and_opens_no_shared_gate(tmp_path):
    own = tmp_path / "own" / "courses" / "house_rules"
    own.mkdir(parents=True)
    shipped = shipped_folder() / "courses" / "ketamine_trd"
    text = (shipped / "1.toml").read_text().replace('id = "ketamine_trd"', 'id = "house_rules"')
    (own / "1").mkdir()
    for each in (shipped / "1").glob("*.md"):
        (own / "1" / each.name).write_text(each.read_text())

    (own / "1.toml").write_text(text)
    refused = Library.load(shipped_folder(), tmp_path / "own")
    (own / "1.toml").write_text(text.replace('grants = "course"\n', ""))
    taken = Library.load(shipped_folder(), tmp_path / "own")

    assert [each.message for each in refused.faults] == ["a site's own course opens no shared gate: leave grants out"]
    assert [each.id for each in refused.active("courses")] == ["ketamine_trd"]
    assert [each.id for each in taken.active("courses")] == ["house_rules", "ketamine_trd"]


def test_the_shipped_course_has_what_was_asked_of_it():
    course = library().activity("ketamine_trd")

    assert len(course.objectives) == 3
    assert len(course.items) >= 12
    assert all(item.because for item in course.items)
    assert (course.minutes, str(course.maximum("participation"))) == (30, "0.5")
    assert course.pass_percent == 100


def test_the_figures_of_trials_are_named_and_not_typed():
    """Every percentage and every “of” between two numbers belongs to a source that is cited, or to a trial's file."""
    section = library().activity("ketamine_trd").section("trials")

    assert len(FIGURE.findall(section.text)) >= 20
    assert not re.findall(r"\d+ of \d+", section.text)


def test_no_sentence_stands_in_the_first_document():
    """Six words in a row that both have would be a copy; the words of the objectives there are told apart here."""
    told = (
        "Describe the key findings from the most important studies of the effectiveness and safety of low-dose ketamine"
    )
    course = library().activity("ketamine_trd")
    text = " ".join([*(each.text for each in course.sections), *(each.text for each in course.objectives)]).lower()
    words = told.lower().split()

    assert not [words[n : n + 6] for n in range(len(words) - 5) if " ".join(words[n : n + 6]) in text]
