"""Definitions as pages: a list with its faults, each whole with all its sources, its versions, what changed."""

import re
import shutil
from html import unescape
from pathlib import Path

import pytest
from django.urls import reverse

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.measure.public import library
from daybreak.rulebook import bookcase
from daybreak.screen.public import refer

pytestmark = pytest.mark.django_db
MADE_UP = Path(__file__).parents[1] / "rulebook" / "made_up"
OK, LUNA = 200, {"kind": "protocols", "definition": "lunaprazine_drip"}


def address(page: str, /, **more: object) -> str:
    """Return a page of the definitions at dawn."""
    return reverse(f"protocols:{page}", kwargs={"site": "dawn", **more})


@pytest.fixture
def own(tmp_path, settings, monkeypatch):
    """The folder of a site's own definitions, with a made-up drug in it."""
    monkeypatch.setattr(bookcase, "_LOOK_EVERY_SECONDS", 0.0)
    settings.DAYBREAK_SITE_DEFINITIONS = str(shutil.copytree(MADE_UP, tmp_path / "own"))
    settings.DAYBREAK_LAST_GOOD_DEFINITIONS = tmp_path / "kept"
    library.cache_clear()
    yield tmp_path / "own"
    library.cache_clear()


def test_a_made_up_drug_is_a_page_with_all_its_sources(own, world, as_role):
    reader = as_role("analyst")

    text = reader.get(address("definition", **LUNA)).text

    for words in (
        "From day 29 on, is there no more than one session in a week?",
        "A trial that never was",
        "Unverified: not checked against the full text",
        "twice a week",
        "Given the evening before.",
        "own:duties",
    ):
        assert words in text
    assert "Lunaprazine drip (made up)" in reader.get(address("list")).text


def test_a_broken_file_is_a_task_on_the_home_of_who_manages_the_site_until_it_is_mended(own, world, as_role):
    home = reverse("desk:home", kwargs={"site": "dawn"})
    place = own / "protocols/lunaprazine_drip/1.toml"
    good = place.read_text()
    assert "lunaprazine_drip" not in as_role("administrator").get(home).text

    place.write_text(good.replace("before_each_dose", "before_each_dosis", 1))

    for role in ("administrator", "site lead"):
        text = unescape(as_role(role).get(home).text)
        assert re.search(r"Mend own/protocols/lunaprazine_drip/1\.toml, line [0-9]+", text)
        assert "The last good version stays in use." in text
        assert address("list") + "#faults" in text
    assert "lunaprazine_drip" not in as_role("nurse").get(home).text
    place.write_text(good)
    assert "lunaprazine_drip" not in as_role("administrator").get(home).text


def test_a_broken_file_is_said_with_its_line_and_the_last_good_one_stays(own, world, as_role):
    reader, file = as_role("analyst"), own / "protocols/lunaprazine_drip/1.toml"
    assert reader.get(address("definition", **LUNA)).status_code == 200
    file.write_text(file.read_text().replace("hours_apart = 20", "hours_appart = 20"))

    page = reader.get(address("list")).text

    assert "own/protocols/lunaprazine_drip/1.toml" in page
    assert "did you mean “hours_apart”?" in page
    assert reader.get(address("definition", **LUNA)).status_code == 200


def test_two_versions_are_compared_in_words(own, world, as_role):
    text = (own / "protocols/lunaprazine_drip/1.toml").read_text()
    second = text.replace("version = 1", "version = 2", 1).replace("at_most = 150", "at_most = 120")
    (own / "protocols/lunaprazine_drip/2.toml").write_text(second.replace("dose_mg = 150", "dose_mg = 120"))
    reader = as_role("analyst")

    page = reader.get(address("changes", **LUNA, old=1, new=2)).text

    assert "Never more than 150 mg." in page
    assert "Never more than 120 mg." in page
    assert address("changes", **LUNA, old=1, new=2) in reader.get(address("version", **LUNA, version=2)).text


def test_every_shipped_definition_has_its_page(world, as_role):
    reader = as_role("analyst")
    for kind in library().counts():
        for definition in library().every(kind):
            page = reader.get(address("version", kind=kind, definition=definition.id, version=definition.version))
            assert page.status_code == 200
    assert reader.get(address("list")).status_code == 200


@pytest.mark.parametrize("kind", ["nothing", "protocols"])
def test_a_page_that_is_not_there_is_not_found(world, as_role, kind):
    assert as_role("analyst").get(address("definition", kind=kind, definition="nothing")).status_code == 404


def test_whom_a_retired_protocol_was_meant_for_can_be_read_about_and_is_not_accepted_for_it(own, world, as_role):
    patient = world.patient()
    with scoped(world.scope()) as scope:
        refer(scope, key=new_key(), patient=patient, protocol="lunaprazine_drip", reason="Asked for it.", at=world.now)
    place = own / "protocols/lunaprazine_drip/1.toml"
    place.write_text(place.read_text().replace('status = "active"', 'status = "retired"'))
    clinician, at = as_role("clinician"), {"site": "dawn"}

    home = clinician.get(reverse("desk:home", kwargs=at))
    waiting = clinician.get(reverse("screen:worklist", kwargs=at))
    page = clinician.get(reverse("screen:patient", kwargs={**at, "patient": patient}))
    decision = reverse("screen:decision", kwargs={**at, "patient": patient})
    seen_mark = re.search(r'name="seen" value="([0-9a-f]+)"', clinician.get(decision).text)[1]
    said = {"key": new_key(), "seen": seen_mark, "decision": "accept", "reason": "Fits."}
    signed = clinician.post(decision, said)

    assert waiting.status_code == OK
    for seen in (home, page):
        assert "Lunaprazine drip (made up)" in seen.text
    assert "is not in use any more" in unescape(signed.text)
