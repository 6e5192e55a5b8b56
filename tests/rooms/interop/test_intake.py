"""From files to doors: order, groups, verdicts and the account."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daybreak.interop.fhir.intake import NothingToRead, take_in
from tests.rooms.interop.world import (
    KNOWN,
    NOW,
    Memory,
    administration,
    allergy,
    bundle,
    check_account,
    condition,
    observation,
    patient,
    phq9,
    pressure,
    request,
    taken_in,
    written,
)

EVERYTHING = [pressure(), condition(), allergy(), request(), administration(), phq9(), patient()]


def test_everything_goes_in_once_and_a_second_run_changes_nothing(tmp_path: Path) -> None:
    path, doors = written(tmp_path, bundle(*EVERYTHING)), Memory()

    first, second = taken_in(path, doors=doors), taken_in(path, doors=doors)

    assert first.as_json() == {
        "read": dict.fromkeys(sorted(one["resourceType"] for one in EVERYTHING), 1),
        "accepted": dict.fromkeys(sorted(one["resourceType"] for one in EVERYTHING), 1),
        "unchanged": {},
        "unused": {},
        "unused_because": {},
        "rejected": [],
        "patients": 1,
    }
    assert second.as_json()["unchanged"] == first.as_json()["accepted"]
    assert second.as_json()["accepted"] == {}
    assert second.patients == 1
    assert len(doors.kept) == 8


def test_a_patient_goes_in_before_their_facts_in_one_group(tmp_path: Path) -> None:
    doors = Memory()
    taken_in(written(tmp_path, bundle(*EVERYTHING)), doors=doors)

    assert doors.calls == ["group", "patient ana", "7 facts"]


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_small_batches_introduce_each_patient_once(tmp_path: Path, batch: int) -> None:
    doors = Memory()
    summary = taken_in(written(tmp_path, bundle(*EVERYTHING)), doors=doors, batch=batch)

    assert doors.calls.count("patient ana") == 1
    assert sum(summary.accepted.values()) == 7


def test_one_bad_resource_is_rejected_and_the_rest_goes_in(tmp_path: Path) -> None:
    summary = taken_in(written(tmp_path, bundle(*EVERYTHING, observation("29463-7", -3, "kg", id="o9"))))

    assert sum(summary.accepted.values()) == 7
    (rejected,) = summary.rejected
    assert rejected == {
        "file": "in.json",
        "position": "entry 8",
        "type": "Observation",
        "reason": "Observation.valueQuantity.value is -3 kg, outside what is possible (0.2 to 700 kg).",
    }


def test_what_a_room_refuses_is_rejected_with_its_reason(tmp_path: Path) -> None:
    key = ("", "Observation", "o1", "diastolic_pressure")
    summary = taken_in(written(tmp_path, bundle(*EVERYTHING)), doors=Memory(refusing={key: "No."}))

    assert [(one["type"], one["reason"]) for one in summary.rejected] == [("Observation", "No.")]


def test_the_facts_of_a_refused_patient_are_rejected(tmp_path: Path) -> None:
    doors = Memory(refusing={("", "Patient", "ana"): "This site takes no such person."})
    summary = taken_in(written(tmp_path, bundle(*EVERYTHING)), doors=doors)

    assert len(summary.rejected) == 7
    assert summary.patients == 0
    assert {one["reason"] for one in summary.rejected} == {
        "This site takes no such person.",
        "The patient was rejected: This site takes no such person.",
    }


def test_what_comes_again_with_other_content_lies_in_the_tray(tmp_path: Path) -> None:
    doors = Memory()
    taken_in(written(tmp_path, bundle(*EVERYTHING)), doors=doors)
    summary = taken_in(written(tmp_path, bundle(patient(), pressure(systolic=140))), doors=doors)

    assert summary.as_json()["unchanged"] == {"Patient": 1}
    assert "tray" in summary.rejected[0]["reason"]


def test_facts_of_a_patient_from_an_earlier_import_go_in(tmp_path: Path) -> None:
    doors = Memory()
    taken_in(written(tmp_path, bundle(patient())), doors=doors)
    summary = taken_in(written(tmp_path, bundle(pressure())), doors=doors)

    assert summary.as_json()["accepted"] == {"Observation": 1}


def test_a_file_that_is_not_fhir_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(NothingToRead, match=r"^“in\.json” cannot be imported: The file is not FHIR"):
        taken_in(written(tmp_path, "hello"))


def test_a_folder_without_fhir_is_one_clear_error(tmp_path: Path) -> None:
    written(tmp_path, "hello", "README.txt")

    with pytest.raises(NothingToRead, match=r"There is no file of FHIR \(\.json, "):
        taken_in(tmp_path)


def test_a_bundle_without_entries_is_fhir_and_holds_nothing(tmp_path: Path) -> None:
    assert taken_in(written(tmp_path, bundle())).as_json()["read"] == {}


def test_a_broken_file_beside_a_good_one_is_rejected_alone(tmp_path: Path) -> None:
    written(tmp_path, bundle(*EVERYTHING))
    written(tmp_path, "hello", "other.json")
    summary = taken_in(tmp_path)

    assert sum(summary.accepted.values()) == 7
    assert [(one["file"], one["type"]) for one in summary.rejected] == [("other.json", "file")]


def test_progress_goes_from_nothing_to_everything(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    path = written(tmp_path, bundle(*EVERYTHING))
    take_in([path], Memory(), lambda done, total: told.append((done, total)), known=KNOWN, now=NOW)

    assert told[-1] == (path.stat().st_size, path.stat().st_size)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


LEAF = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["Patient", "Patient/ana", "final", "2026", "2026-01-01T00:00:00Z", "http://loinc.org", "8867-4"]),
)
NAMES = sorted({name for resource in EVERYTHING for name in resource} | {"coding", "code", "system", "value", "start"})
ANYTHING = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(NAMES), st.text(max_size=5)), inner),
    ),
    max_leaves=12,
)
QUIET = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUIET
@given(content=ANYTHING)
def test_any_json_is_counted_or_refused(tmp_path: Path, content: object) -> None:
    path = written(tmp_path, json.dumps(content))
    with suppress(NothingToRead):
        taken_in(path)


@QUIET
@given(
    which=st.integers(0, len(EVERYTHING) - 1),
    changes=st.dictionaries(st.sampled_from(NAMES), ANYTHING, min_size=1, max_size=3),
)
def test_a_resource_mangled_in_any_way_is_counted_once(tmp_path: Path, which: int, changes: dict[str, object]) -> None:
    resources = [dict(one) for one in EVERYTHING]
    resources[which].update(changes)
    summary = taken_in(written(tmp_path, bundle(*resources)))

    assert sum(summary.read.values()) == len(resources)
    check_account(summary)


@QUIET
@given(content=st.binary(max_size=300), name=st.sampled_from(["a.json", "a.ndjson", "a.gz", "a.zip"]))
def test_any_bytes_are_counted_or_refused(tmp_path: Path, content: bytes, name: str) -> None:
    for start in (b"", b'{"resourceType":"Patient"', b"\x1f\x8b\x08\x00", b"PK\x03\x04"):
        with suppress(NothingToRead):
            taken_in(written(tmp_path, start + content, name))
