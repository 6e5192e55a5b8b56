"""Who a fact is about, however the reference says it; and the same id twice."""

from pathlib import Path
from typing import Any

import pytest

from daybreak.interop.fhir.records import Read, Rejected, Repeated
from tests.rooms.interop.world import bundle, observation, patient, reads, written

UUID = "urn:uuid:5b0c1c6e-3f0e-5d7a-9a43-6b2f6b0d1e00"
BASE = "https://ehr.example/fhir"
NUMBER = [{"system": "urn:mrn", "value": "77"}]


def weight(reference: Any, **changed: Any) -> dict[str, Any]:
    subject = reference if isinstance(reference, dict) else {"reference": reference}
    return observation("29463-7", 70, "kg", subject=subject, **changed)


def patients_of(found: list[Read]) -> list[str]:
    return [read.outcome[0].patient[2] for read in found if isinstance(read.outcome, tuple)]


@pytest.mark.parametrize(
    ("full_url", "reference"),
    [
        (UUID, UUID),
        ("", "Patient/ana"),
        ("", "Patient/ana/_history/3"),
        (f"{BASE}/Patient/ana", f"{BASE}/Patient/ana"),
        (f"{BASE}/Patient/ana", "Patient/ana"),
        ("", f"{BASE}/Patient/ana"),
        ("", "urn:uuid:ana"),
        ("", {"identifier": {"system": "urn:mrn", "value": "77"}}),
        ("", {"identifier": {"value": "77"}}),
        ("", {"reference": "Patient/unknown", "identifier": {"system": "urn:mrn", "value": "77"}}),
        ("", "Patient?identifier=urn:mrn|77"),
    ],
    ids=str,
)
@pytest.mark.parametrize("patient_first", [True, False])
def test_a_reference_finds_its_patient_in_every_form_and_order(
    tmp_path: Path, full_url: str, reference: Any, patient_first: bool
) -> None:
    resources = [patient(identifier=NUMBER), weight(reference)]
    ordered = resources if patient_first else resources[::-1]
    found = reads(written(tmp_path, bundle(*ordered, **({"ana": full_url} if full_url else {}))))

    assert patients_of(found) == ["ana", "ana"]


def test_a_patient_may_stand_in_another_file_that_comes_later(tmp_path: Path) -> None:
    written(tmp_path, bundle(weight("Patient/ana")), "a.json")
    written(tmp_path, bundle(patient()), "b.json")

    assert patients_of(reads(tmp_path)) == ["ana", "ana"]


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("Patient/nobody", "Observation.subject refers to “Patient/nobody”, and there is no such patient."),
        (UUID, f"Observation.subject refers to “{UUID}”, and there is no such patient."),
        ("https://other.example/fhir/Patient/x", "Observation.subject refers to “https://other"),
        ("#inside", "Observation.subject refers to “#inside”, and there is no such patient."),
        ("", "Observation.subject.reference is missing."),
        ({"identifier": {"value": "99"}}, "Observation.subject refers to “the identifier 99”"),
        ({"reference": ["Patient/ana"]}, "Observation.subject.reference is not a text."),
    ],
    ids=str,
)
def test_a_reference_to_nowhere_is_rejected_with_the_reason(tmp_path: Path, reference: Any, reason: str) -> None:
    found = reads(written(tmp_path, bundle(patient(), weight(reference))))

    assert isinstance(found[1].outcome, Rejected)
    assert found[1].outcome.reason.startswith(reason)


def test_a_fact_about_a_rejected_patient_is_rejected(tmp_path: Path) -> None:
    found = reads(written(tmp_path, bundle(patient(name=None), weight("Patient/ana"))))

    assert [read.outcome.reason for read in found if isinstance(read.outcome, Rejected)] == [
        "Patient.name is missing.",
        "Observation.subject refers to “Patient/ana”, a patient who was rejected.",
    ]


def test_an_identifier_that_two_patients_carry_is_not_guessed(tmp_path: Path) -> None:
    two = [patient("ana", identifier=NUMBER), patient("eva", identifier=NUMBER)]
    found = reads(written(tmp_path, bundle(*two, weight({"identifier": NUMBER[0]}))))

    assert isinstance(found[2].outcome, Rejected)
    assert "2 patients are called so" in found[2].outcome.reason


def test_the_same_id_on_two_servers_is_two_patients(tmp_path: Path) -> None:
    for server in ("a", "b"):
        url = f"https://{server}.example/Patient/ana"
        written(tmp_path, bundle(patient(gender="male" if server == "a" else "female"), ana=url), f"{server}.json")
    found = reads(tmp_path)

    keys = [read.outcome[0].key_parts for read in found if isinstance(read.outcome, tuple)]
    assert keys == [("https://a.example", "Patient", "ana"), ("https://b.example", "Patient", "ana")]


def test_the_same_id_with_the_same_content_is_a_repetition(tmp_path: Path) -> None:
    again = patient(meta={"versionId": "2"}, text={"div": "…"})
    found = reads(written(tmp_path, bundle(patient(), again, weight("Patient/ana"), weight("Patient/ana"))))

    assert [type(read.outcome) for read in found] == [tuple, Repeated, tuple, Repeated]


def test_the_same_id_with_different_content_is_rejected(tmp_path: Path) -> None:
    found = reads(written(tmp_path, bundle(patient(), patient(gender="male"))))

    assert isinstance(found[0].outcome, tuple)
    assert found[1].outcome == Rejected("The same id came twice with different content.")


def test_a_resource_without_an_id_is_known_by_what_it_says(tmp_path: Path) -> None:
    path = written(tmp_path, bundle(patient(), weight("Patient/ana", id=None)))
    keys = [read.outcome[0].key_parts for read in reads(path) if isinstance(read.outcome, tuple)]

    assert keys[1][2].startswith("content:")
    assert keys == [read.outcome[0].key_parts for read in reads(path) if isinstance(read.outcome, tuple)]
