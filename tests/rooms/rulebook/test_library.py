"""A planted error of each kind is caught with its file and line, and never takes the library down."""

import pytest

from daybreak.rulebook.public import BrokenDefinition, Library, UnknownDefinition, check, lock
from tests.rooms.rulebook.planting import PHQ9, PROTOCOL, copied, plant

PLANTED = [
    (PROTOCOL, "at_most = 140", "at_mots = 140", "unknown key “at_mots”; did you mean “at_most”?"),
    (
        PROTOCOL,
        "over_minutes = 40",
        "over_minuts = 40",
        "unknown key “over_minuts”; did you mean “over_minutes”?",
    ),
    (PROTOCOL, 'unit = "mm[Hg]"', 'unit = "mmHg"', "unit “mmHg” is not known; did you mean “mm[Hg]”?"),
    (PROTOCOL, 'unit = "a"', 'unit = "kg"', "“age” is kept in a, not in kg"),
    (PROTOCOL, 'source = "practice"', 'source = "practise"', "did you mean “practice”?"),
    (PROTOCOL, 'ask = "age"', 'ask = "agee"', "nobody knows the fact “agee”; did you mean “age”?"),
    (
        PROTOCOL,
        'reference = "fda:spravato-label"',
        'reference = "fda:spravato"',
        "is not in provenance.references",
    ),
    (
        PROTOCOL,
        'consented_to = "ketamine_treatment"',
        'consented_to = "ketamine"',
        "there is no active consent “ketamine”",
    ),
    (
        PROTOCOL,
        'instrument = "phq9"',
        'instrument = "phq8"',
        "no active instrument “phq8”; did you mean “phq9”?",
    ),
    (PROTOCOL, 'one_of = ["hospital", "clinic"]', 'one_of = ["hopsital"]', "did you mean “hospital”?"),
    (PROTOCOL, 'vocabulary = "clinic/1"', 'vocabulary = "clinic/9"', "there is no vocabulary “clinic/9”"),
    (PROTOCOL, "at_least = 18", 'at_least = "18"', "a number is expected here, without quotes"),
    (PROTOCOL, 'id = "no_aneurysm"', 'id = "adult"', "“adult” stands twice"),
    (PROTOCOL, "version = 1", "version = 2", "version 2 is not the file “1.toml”"),
    (
        PROTOCOL,
        'id = "ketamine_iv_40min"',
        'id = "ketamine"',
        "id “ketamine” is not the folder “ketamine_iv_40min”",
    ),
    (PROTOCOL, 'title = "Ketamine infusion', "title = Ketamine infusion", "not TOML"),
    (PROTOCOL, 'licence = "Apache-2.0"', "", "“licence” is missing"),
    (PHQ9, 'rule = "sum"', 'rule = "summ"', "did you mean “sum”?"),
    (PHQ9, 'item = "self_harm"', 'item = "self_ham"', "there is no item “self_ham”; did you mean “self_harm”?"),
    (PHQ9, "version = 1", 'version = 1\nfingerprint = "x"', "unknown key “fingerprint”"),
]


@pytest.mark.parametrize(("file", "old", "new", "message"), PLANTED)
def test_a_planted_error_is_named_with_its_file_and_line(tmp_path, file, old, new, message):
    folder = copied(tmp_path)
    line = plant(folder, file, old, new)

    faults = [fault for fault in Library.load(folder).faults if message in fault.message]

    assert faults, [str(fault) for fault in Library.load(folder).faults]
    assert faults[0].file == f"definitions/{file}"
    whole_table = "missing" in message or "fingerprint" in message or "twice" in message
    assert whole_table or faults[0].line == line


def test_author_and_checker_are_two_people(tmp_path):
    folder = copied(tmp_path)
    plant(
        folder,
        PHQ9,
        "Daybreak project, second reader (no clinician has signed this yet)",
        "Daybreak project, author",
    )

    assert any("a second person must check" in fault.message for fault in Library.load(folder).faults)


def test_a_duty_of_the_consensus_statement_takes_no_number(tmp_path):
    folder = copied(tmp_path)
    label = 'reference = "fda:spravato-label"\nnote = "Not an absolute stop'
    plant(folder, PROTOCOL, label, label.replace("fda:spravato-label", "doi:10.1001/jamapsychiatry.2017.0080"))

    assert any("names duties only" in fault.message for fault in Library.load(folder).faults)


def test_consent_cannot_be_overridden(tmp_path):
    folder = copied(tmp_path)
    first_gate = 'override = "nobody"\n\n[[before_each_dose]]\nid = "screened"'
    plant(folder, PROTOCOL, first_gate, first_gate.replace("nobody", "clinician"))

    assert any("consent cannot be overridden" in fault.message for fault in Library.load(folder).faults)


def test_an_example_at_each_boundary_is_demanded(tmp_path):
    folder = copied(tmp_path)
    plant(folder, PROTOCOL, "given = { systolic_pressure = 140 }", "given = { systolic_pressure = 139 }")

    messages = [fault.message for fault in check(folder).errors]

    assert "“systolic_acceptable” has no worked example at its boundary, systolic_pressure = 140" in messages


def test_a_wrong_example_is_named_with_what_came_out(tmp_path):
    folder = copied(tmp_path)
    plant(folder, PROTOCOL, "at_most = 140", "at_most = 145")

    errors = check(folder).errors

    assert any("141 systolic waits" in e.message and "the decision is allow" in e.message for e in errors)


def test_a_broken_file_leaves_the_rest_usable(tmp_path):
    folder = copied(tmp_path)
    plant(folder, PHQ9, 'rule = "sum"', 'rule = "magic"')

    library = Library.load(folder)

    assert library.instrument("gad7").title == "GAD-7"
    with pytest.raises(UnknownDefinition, match=r"“phq9” cannot be used as it is.*phq9/1.toml:\d+: .*“magic”"):
        library.instrument("phq9")


def test_the_last_good_copy_stays_when_a_file_breaks(tmp_path):
    folder = copied(tmp_path)
    good = Library.load(folder)
    plant(folder, PROTOCOL, "at_most = 140", "at_mots = 140")

    now = Library.load(folder, previous=good)

    assert now.faults
    assert now.protocol("ketamine_iv_40min").fingerprint == good.protocol("ketamine_iv_40min").fingerprint
    assert now.protocol("ketamine_iv_40min").fact("weight").unit == "kg"


def test_an_edited_locked_version_is_a_fault(tmp_path):
    folder = copied(tmp_path)
    kept = (folder / "LOCK.toml").read_text()
    plant(folder, PROTOCOL, "at_most = 140", "at_most = 150")
    (folder / "LOCK.toml").write_text(kept)

    fault = next(f for f in Library.load(folder).faults if "was made active and then edited" in f.message)

    assert fault.file == f"definitions/{PROTOCOL}"


def test_a_locked_version_cannot_be_taken_away(tmp_path):
    folder = copied(tmp_path)
    (folder / "consents/registry/1.toml").unlink()

    fault = next(f for f in Library.load(folder).faults if "was active and is gone" in f.message)

    assert fault.file == "definitions/LOCK.toml"
    assert fault.line > 1


def test_the_status_may_move_on_without_touching_the_lock(tmp_path):
    folder = copied(tmp_path)
    path = folder / "measures/madrs_remission/1.toml"
    path.write_text(path.read_text().replace('status = "active"', 'status = "retired"'))

    library = Library.load(folder)

    assert library.faults == ()
    assert library.measure("madrs_remission", 1).status == "retired"
    with pytest.raises(UnknownDefinition):
        library.measure("madrs_remission")


def test_an_active_version_that_is_not_locked_is_said(tmp_path):
    folder = copied(tmp_path)
    (folder / "LOCK.toml").unlink()

    assert any("not locked yet" in fault.message for fault in check(folder).errors)
    assert "measures/madrs_remission/1" in lock(folder)
    assert check(folder).errors == []
    assert lock(folder) == []


def test_nothing_is_locked_while_something_is_wrong(tmp_path):
    folder = copied(tmp_path)
    plant(folder, PROTOCOL, "at_most = 140", "at_most = 145")

    with pytest.raises(BrokenDefinition):
        lock(folder)
    assert not (folder / "LOCK.toml").exists()


def test_a_file_in_the_wrong_place_is_named(tmp_path):
    folder = copied(tmp_path)
    (folder / "protocol/mine").mkdir(parents=True)
    (folder / "protocol/mine/1.toml").write_text("id = 1")
    (folder / "instruments/too/deep").mkdir(parents=True)
    (folder / "instruments/too/deep/1.toml").write_text("id = 1")

    messages = [fault.message for fault in Library.load(folder).faults]

    assert "unknown kind “protocol”; did you mean “protocols”?" in messages
    assert any("no deeper" in message for message in messages)


def test_a_site_adds_definitions_and_never_takes_a_shared_one(tmp_path):
    shared = copied(tmp_path)
    site = tmp_path / "site"
    for name in ("own_scale", "gad7"):
        (site / "instruments" / name).mkdir(parents=True)
        text = (shared / "instruments/gad7/1.toml").read_text().replace('id = "gad7"', f'id = "{name}"')
        text = text.replace('status = "retired"', 'status = "active"')
        (site / "instruments" / name / "1.toml").write_text(text)

    library = Library.load(shared, site)

    assert library.instrument("own_scale").title == "GAD-7"
    assert [fault.file for fault in library.faults] == ["site/instruments/gad7/1.toml"]


def test_the_nearest_name_is_offered(tmp_path):
    with pytest.raises(UnknownDefinition, match="did you mean “ketamine_iv_40min”"):
        Library.load(copied(tmp_path)).protocol("ketamine_iv_40mins")


def test_a_broken_lock_is_a_fault(tmp_path):
    folder = copied(tmp_path)
    (folder / "LOCK.toml").write_text("[[")

    assert any("the lock cannot be read" in fault.message for fault in Library.load(folder).faults)
