"""A site's stricter protocol: it may tighten and add, and an attempt to loosen is refused with the gate's name."""

import shutil
from pathlib import Path

import pytest

from daybreak.rulebook.public import Library, check, lock, page, shipped_folder

FILE = "protocols/dawn_ketamine_iv/1.toml"
SHARED = "ketamine_iv_40min"
NEW_CRITERION = """
[[{stage}]]
id = "{id}"
question = "Is it so?"
{gate}
otherwise = "{otherwise}"
{override}
source = "site"
reference = "site:dawn"
"""


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(Path(__file__).parent / "site", tmp_path / "site"))


def faults_of(folder):
    return Library.load(shipped_folder(), folder).faults


def replaced(folder, old, new):
    text = (folder / FILE).read_text()
    assert old in text
    (folder / FILE).write_text(text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1


def with_criterion(folder, stage, name, gate, otherwise="refuse", override=""):
    with (folder / FILE).open("a") as file:
        file.write(NEW_CRITERION.format(stage=stage, id=name, gate=gate, otherwise=otherwise, override=override))


def test_a_tightening_holds_with_its_own_examples(folder):
    assert lock(folder, beside=shipped_folder()) == ["protocols/dawn_ketamine_iv/1"]
    assert [fault for fault in check(shipped_folder(), folder).errors if fault.file.startswith("site/")] == []

    library = Library.load(shipped_folder(), folder)
    mine, shared = library.protocol("dawn_ketamine_iv"), library.protocol(SHARED, 1)

    assert mine.dose.at_most == 60
    assert mine.after.minimum_observation_minutes == 150
    assert {c.id for c in mine.before_each_dose} == {c.id for c in shared.before_each_dose} | {"slow_enough"}
    assert mine.screening == shared.screening
    assert mine.fingerprint not in (shared.fingerprint, mine.own_fingerprint)
    assert "tightens the shared protocol ketamine_iv_40min/1" in page(mine)


def test_the_tightened_protocol_stands_in_the_place_of_the_shared_one(folder):
    library = Library.load(shipped_folder(), folder)

    offered = [each.id for each in library.active("protocols")]

    assert "dawn_ketamine_iv" in offered
    assert SHARED not in offered
    assert library.protocol(SHARED, 1).id == SHARED


LOOSER = [
    ("at_most = 130", "at_most = 150", "“systolic_acceptable” would loosen", 'id = "systolic_acceptable"'),
    ("within_minutes = 15", "within_minutes = 45", "“systolic_acceptable” would loosen", 'id = "systolic_acceptable"'),
    ("within_minutes = 15\n", "", "“systolic_acceptable” would loosen", 'id = "systolic_acceptable"'),
    ('otherwise = "postpone"', 'otherwise = "inform"', "“inform” asks for less than “postpone”", ""),
    ("every_minutes = 5", "every_minutes = 11", "“heart_rate” would loosen", ""),
    ("grace_minutes = 2", "grace_minutes = 3", "3 minutes of grace are more than 2", ""),
    ("at_least = 170", "at_least = 190", "“systolic_severe” would loosen", ""),
    ('priority = "high"', 'priority = "low"', "priority “low” is lower", ""),
    ("minutes = 150", "minutes = 119", "119 minutes of observation are fewer than 120", "minimum_observation_minutes"),
    ("at_most = 130", "at_most = 130\nfrom_day = 8", "it applies to a smaller part of the course", ""),
]


@pytest.mark.parametrize(("old", "new", "message", "at"), LOOSER)
def test_a_loosened_gate_is_refused_with_its_name_and_line(folder, old, new, message, at):
    replaced(folder, old, new)

    found = [fault for fault in faults_of(folder) if message in fault.message]

    assert found
    assert "would loosen the shared gate of ketamine_iv_40min/1" in found[0].message
    assert found[0].file == f"site/{FILE}"
    lines = (folder / FILE).read_text().splitlines()
    table = "\n".join(lines[found[0].line - 1 : found[0].line + 8])
    assert at in table


@pytest.mark.parametrize(
    ("stage", "name", "gate", "otherwise", "override"),
    [
        ("screening", "not_at_home", 'ask = "setting"\none_of = ["clinic", "hospital", "home"]', "refuse", "nobody"),
        ("screening", "not_at_home", 'ask = "setting"\none_of = ["clinic"]', "refuse", "clinician"),
        (
            "screening",
            "two_failed_treatments",
            'ask = "antidepressant_trials"\ncount_of = "adequate_failed"\nat_least = 1',
            "review",
            "clinician",
        ),
        (
            "screening",
            "two_failed_treatments",
            'ask = "antidepressant_trials"\ncount_of = "unsure"\nat_least = 3',
            "review",
            "clinician",
        ),
        ("screening", "no_aneurysm", 'ask = "aneurysmal_vascular_disease"\nis = true', "refuse", "clinician"),
        (
            "screening",
            "adult",
            'any = [{ ask = "age", unit = "a", at_least = 18 }, { ask = "setting", is = "clinic" }]',
            "refuse",
            "clinician",
        ),
        ("screening", "adult", 'ask = "age"\nunit = "a"\nbelow = 100', "refuse", "clinician"),
        ("before_each_dose", "life_support", 'ask = "credentials_on_duty"\ncertified_in = "bls"', "refuse", "nobody"),
    ],
)
def test_every_kind_of_gate_is_compared(folder, stage, name, gate, otherwise, override):
    with_criterion(folder, stage, name, gate, otherwise, f'override = "{override}"')

    assert any(f"“{name}” would loosen the shared gate" in fault.message for fault in faults_of(folder))


@pytest.mark.parametrize(
    ("stage", "name", "gate", "otherwise", "override"),
    [
        ("screening", "not_at_home", 'ask = "setting"\none_of = ["hospital"]', "refuse", "nobody"),
        (
            "screening",
            "two_failed_treatments",
            'ask = "antidepressant_trials"\ncount_of = "adequate_failed"\nat_least = 3',
            "refuse",
            "two_clinicians",
        ),
        ("screening", "adult", 'ask = "age"\nunit = "a"\nbetween = [21, 70]', "stop", "nobody"),
    ],
)
def test_stricter_gates_are_taken(folder, stage, name, gate, otherwise, override):
    with_criterion(folder, stage, name, gate, otherwise, f'override = "{override}"')

    assert faults_of(folder) == Library.load(shipped_folder()).faults


def test_only_a_shared_version_that_exists_is_tightened(folder):
    line = replaced(folder, "ketamine_iv_40min/1", "ketamine_iv_40min/99")

    fault = next(fault for fault in faults_of(folder) if fault.file.startswith("site/"))

    assert fault.line == line
    assert "did you mean “ketamine_iv_40min/" in fault.message


def test_a_site_cannot_change_what_it_does_not_own(folder):
    replaced(folder, "[dose]\n", "[dose]\namount = 1\n")

    assert any("unknown key “amount”" in fault.message for fault in faults_of(folder))


RENAMED = ('id = "systolic_acceptable"', 'id = "ours"')


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ([], ""),
        ([RENAMED], ""),
        ([("at_most = 140\n", "at_most = 200\n")], "“systolic_acceptable” would loosen the shared gate"),
        ([RENAMED, ("at_most = 140\n", "at_most = 200\n")], "“systolic_acceptable” would loosen the shared gate"),
        (
            [('id = "systolic_severe"', 'id = "ours"'), ("at_least = 180\n", "at_least = 200\n")],
            "“systolic_severe” would",
        ),
        ([("times = 3\n", "times = 5\n")], "“acute” would loosen"),
        (
            [("minimum_observation_minutes = 120", "minimum_observation_minutes = 60")],
            "60 minutes of observation are fewer",
        ),
    ],
)
def test_a_copy_under_another_name_loosens_no_gate_either(tmp_path, changes, says):
    shared = max((shipped_folder() / "protocols" / SHARED).glob("*.toml"), key=lambda path: int(path.stem))
    text = shared.read_text(encoding="utf-8").replace(f'id = "{SHARED}"', 'id = "ours"', 1)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    mine = tmp_path / "site" / "protocols" / "ours" / shared.name
    mine.parent.mkdir(parents=True)
    mine.write_text(text, encoding="utf-8")

    library = Library.load(shipped_folder(), tmp_path / "site")

    assert [fault for fault in library.faults if "would loosen" in fault.message and says in fault.message] or not says
    assert ("ours" in {each.id for each in library.every("protocols")}) is (not says)
