"""While the service runs: a new file is picked up, a broken one takes nothing down, not even over a restart."""

import shutil
from pathlib import Path

import pytest

from daybreak.rulebook import bookcase
from daybreak.rulebook.public import Bookcase, shipped_folder

FILE = "protocols/lunaprazine_drip/1.toml"


@pytest.fixture
def own(tmp_path, monkeypatch):
    monkeypatch.setattr(bookcase, "_LOOK_EVERY_SECONDS", 0.0)
    (tmp_path / "own").mkdir()
    return tmp_path / "own"


def case(own):
    return Bookcase(lambda: (shipped_folder(), own), lambda: own.parent / "kept")


def add(own):
    shutil.copytree(Path(__file__).parent / "made_up", own, dirs_exist_ok=True)


def spoil(own):
    text = (own / FILE).read_text()
    (own / FILE).write_text(text.replace("hours_apart = 20", "hours_appart = 20"))


def ids(library):
    return [each.id for each in library.active("protocols")]


def faults_of(library):
    return [fault for fault in library.faults if fault.file.startswith("own")]


def test_a_file_that_is_added_is_picked_up(own):
    library = case(own)
    assert "lunaprazine_drip" not in ids(library())

    add(own)

    assert "lunaprazine_drip" in ids(library())
    assert library() is library()


def test_the_last_good_version_stays_and_the_fault_is_said(own):
    library = case(own)
    add(own)
    good = library().protocol("lunaprazine_drip")

    spoil(own)

    assert library().protocol("lunaprazine_drip").fingerprint == good.fingerprint
    assert any("did you mean “hours_apart”?" in fault.message for fault in faults_of(library()))


def test_it_stays_over_a_restart_too(own):
    add(own)
    good = case(own)().protocol("lunaprazine_drip")
    spoil(own)

    again = case(own)()

    assert again.protocol("lunaprazine_drip").fingerprint == good.fingerprint
    assert faults_of(again)


def test_a_version_that_a_stricter_check_would_not_take_any_more_can_still_be_read(own):
    add(own)
    case(own)()
    for folder in (own, own.parent / "kept"):
        text = (folder / FILE).read_text()
        (folder / FILE).write_text(text.replace('consented_to = "ketamine_treatment"', 'consented_to = "no_such_text"'))

    again = case(own)()

    assert again.protocol("lunaprazine_drip", 1).status == "retired"
    assert again.protocol("lunaprazine_drip", 1).facts
    assert "lunaprazine_drip" not in ids(again)
    assert faults_of(again)


def test_a_file_that_was_broken_from_the_start_leaves_the_rest_alone(own):
    add(own)
    spoil(own)

    library = case(own)()

    assert "lunaprazine_drip" not in ids(library)
    assert "ketamine_iv_40min" in ids(library)


def test_a_mended_file_is_used_again(own):
    library = case(own)
    add(own)
    spoil(own)
    assert faults_of(library())

    add(own)

    assert faults_of(library()) == []


def test_a_folder_that_is_not_there_is_said(own):
    own.rmdir()

    assert ["is not there" in fault.message for fault in faults_of(case(own)())] == [True]
