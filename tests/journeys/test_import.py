"""`daybreak import fhir` from outside: accounts, sentences, exit codes."""

import gzip
import json
import zipfile

import pytest

from tests.journeys.installation import Installation
from tests.rooms.interop.world import bundle, condition, observation, patient, phq9, pressure

PARTS = ["read", "accepted", "unchanged", "unused", "rejected", "patients"]


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """Return an installation with a synthetic, a real and a coordinating site, its database held running."""
    made = Installation(tmp_path_factory.mktemp("import"))
    made.migrate()
    with made.running():
        for code, *kind in (["north", "--synthetic"], ["real"], ["centre", "--centre"]):
            made.run("site", "add", code, "--name", code.title(), "--time-zone", "Europe/Berlin", *kind)
        yield made


@pytest.fixture
def inbox(tmp_path):
    """Return a folder with a plain Bundle, gzipped NDJSON, a zip of Bundles, and a picture."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "a.json").write_text(json.dumps(bundle(patient(), pressure(), condition(), phq9())))
    lines = [
        patient("bob"),
        pressure(id="o2", subject={"reference": "Patient/bob"}),
        {"resourceType": "Claim"},
    ]
    lines.append(observation("29463-7", "heavy", "kg", id="o3", subject={"reference": "Patient/bob"}))
    (folder / "b.ndjson.gz").write_bytes(gzip.compress("\n".join(map(json.dumps, lines)).encode()))
    with zipfile.ZipFile(folder / "c.zip", "w") as archive:
        archive.writestr("carl.json", json.dumps(bundle(patient("carl", name=[{"text": "王小明"}]))))
    (folder / "d.png").write_bytes(b"\x89PNG")
    return folder


def test_a_folder_goes_in_and_a_second_run_changes_nothing(house, inbox):
    first = house.ask("import", "fhir", str(inbox), "--site", "north", "--synthetic")
    second = house.ask("import", "fhir", str(inbox), "--site", "north", "--synthetic")

    assert [name for name in first if name in PARTS] == [
        "read",
        "accepted",
        "unchanged",
        "unused",
        "rejected",
        "patients",
    ]
    assert first["accepted"] == {"Condition": 1, "Observation": 2, "Patient": 3, "QuestionnaireResponse": 1}
    assert first["unused"] == {"Claim": 1, "file": 1}
    assert [(one["file"], one["position"], one["type"]) for one in first["rejected"]] == [
        ("b.ndjson.gz", "line 4", "Observation")
    ]
    assert first["patients"] == second["patients"] == 3
    assert second["unchanged"] == first["accepted"]
    assert second["accepted"] == {}


def test_in_words_it_says_what_was_rejected_and_why(house, inbox):
    said = house.run("import", "fhir", str(inbox), "--site", "north", "--synthetic").stdout

    assert "1 rejected; everything else is in:" in said
    assert "b.ndjson.gz, line 4, Observation: Observation.valueQuantity.value is not a number." in said


REFUSED = {
    "a path that is not there": (["nothing.json", "--site", "real"], "There is nothing at"),
    "a site that is not there": (
        ["a.json", "--site", "south"],
        "There is no site “south”. There are: north, real.",
    ),
    "the coordinating centre": (["a.json", "--site", "centre"], "takes no patients"),
    "a synthetic site without a word": (["a.json", "--site", "north"], "say so with --synthetic"),
    "synthetic input for a real site": (
        ["a.json", "--site", "real", "--synthetic"],
        "takes no synthetic records",
    ),
    "a picture": (["d.png", "--site", "real"], "not FHIR"),
    "a truncated file": (["cut.json.gz", "--site", "real"], "damaged or ends too early"),
    "an empty folder": (["empty", "--site", "real"], "There is no file of FHIR"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_imported_at_all_is_one_sentence(house, inbox, name):
    (inbox / "empty").mkdir()
    (inbox / "cut.json.gz").write_bytes((inbox / "b.ndjson.gz").read_bytes()[:100])
    (path, *words), sentence = REFUSED[name]

    said = house.run("import", "fhir", str(inbox / path), *words, code=2)

    assert sentence in said.stderr
    assert len(said.stderr.strip().splitlines()) == 1
    assert said.stdout == ""


@pytest.mark.parametrize("words", [["import"], ["import", "fhir"]])
def test_help_has_an_example(house, words):
    assert "Example: daybreak import fhir" in house.run(*words, "--help").stdout
