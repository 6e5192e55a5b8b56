"""What becomes of each type of resource: the fact, or the reason in a sentence."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from daybreak.interop.fhir.records import (
    AllergyRecord,
    ConditionRecord,
    MeasurementRecord,
    MedicineRecord,
    PatientRecord,
    Precision,
    Rejected,
    Unused,
)
from tests.rooms.interop.world import (
    administration,
    allergy,
    bundle,
    coded,
    condition,
    observation,
    outcome_of,
    patient,
    phq9,
    pressure,
    reads,
    request,
    written,
)


def outcome_of_patient(folder: Path, **changed: Any) -> Any:
    return reads(written(folder, bundle(patient(**changed))))[0].outcome


def test_a_patient_becomes_a_person_with_contacts_and_language(tmp_path: Path) -> None:
    (found,) = outcome_of_patient(
        tmp_path,
        telecom=[
            {"system": "phone", "value": "1", "use": "old"},
            {"system": "phone", "value": "22", "use": "home"},
            {"system": "phone", "value": "333", "use": "mobile"},
            {"system": "email", "value": "ana@example.org"},
        ],
        communication=[
            {"language": {"coding": [{"code": "en"}]}},
            {"language": {"coding": [{"code": "es-MX"}]}, "preferred": True},
        ],
        identifier=[{"system": "urn:mrn", "value": "77", "type": {"coding": [{"code": "MR"}]}}],
        deceasedBoolean=False,
    )

    assert isinstance(found, PatientRecord)
    assert (found.given, found.family) == ("Ana Lucía", "Muñoz")
    assert (found.birth_date, found.sex, found.language) == (date(1980, 2, 29), "female", "es-MX")
    assert (found.phone, found.email, found.deceased) == ("333", "ana@example.org", False)
    assert [(one.system, one.value, one.kind) for one in found.identifiers] == [("urn:mrn", "77", "MR")]
    assert found.key_parts == ("", "Patient", "ana")


@pytest.mark.parametrize("name", ["محمد الأحمد", "山田 太郎", "Nguyễn Thị Hoa"])
def test_a_name_that_came_in_one_piece_stays_in_one_piece(tmp_path: Path, name: str) -> None:
    (found,) = outcome_of_patient(tmp_path, name=[{"text": name}])

    assert (found.given, found.family) == ("", name)


def test_a_name_is_kept_in_its_own_direction_and_turns_nothing_that_follows(tmp_path: Path) -> None:
    name = [{"family": "כהן\u202e", "given": ["\u2067שרה\u200f"]}]
    found = outcome_of_patient(tmp_path, name=name)[0]

    assert (found.given, found.family) == ("שרה\u200f", "כהן")


@pytest.mark.parametrize("stated", ["1980", "1980-02"])
def test_a_partial_birth_date_is_kept_as_stated_and_no_day_is_invented(tmp_path: Path, stated: str) -> None:
    (found,) = outcome_of_patient(tmp_path, birthDate=stated)

    assert (found.birth_date, found.birth_stated) == (None, stated)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"name": None}, "Patient.name is missing."),
        ({"name": "Ana"}, "Patient.name is not a list."),
        ({"name": [{"family": ["x"]}]}, "Patient.name.family is not a text."),
        ({"name": [{"family": "a\u0000b"}]}, "Patient.name.family holds a character that cannot be written."),
        ({"name": [{"family": "a" * 5000}]}, "Patient.name.family is longer than 4,000 letters."),
        ({"birthDate": "1980-02-30"}, "Patient.birthDate is “1980-02-30”, which is not a date"),
        ({"birthDate": "29.2.1980"}, "Patient.birthDate is “29.2.1980”, which is not a date"),
        ({"birthDate": "١٩٨٠-٠٢-٢٩"}, "Patient.birthDate is “١٩٨٠-٠٢-٢٩”, which is not a date"),
        ({"birthDate": "2026-06-03"}, "Patient.birthDate is “2026-06-03”, which lies in the future."),
        ({"birthDate": 1980}, "Patient.birthDate is not a text."),
        ({"gender": "F"}, "Patient.gender is “F”, which is not one of FHIR's words"),
        ({"id": "a b"}, "Patient.id is “a b”, which is not an id of FHIR."),
        ({"id": 7}, "Patient.id is not a text."),
        ({"modifierExtension": [{"url": "x"}]}, "Patient.modifierExtension changes the meaning"),
    ],
)
def test_a_patient_is_rejected_with_the_path_and_the_reason(
    tmp_path: Path, changed: dict[str, Any], reason: str
) -> None:
    found = outcome_of_patient(tmp_path, **changed)

    assert isinstance(found, Rejected)
    assert found.reason.startswith(reason)


def test_a_condition_keeps_its_code_its_meaning_and_its_partial_onset(tmp_path: Path) -> None:
    (found,) = outcome_of(tmp_path, condition())

    assert isinstance(found, ConditionRecord)
    assert (found.code, found.means, found.verification) == ("F32.2", "depressive_episode", "confirmed")
    assert found.onset is not None
    assert (found.onset.stated, found.onset.precision) == ("2019-03", Precision.MONTH)


def test_a_coding_that_is_understood_is_preferred_to_the_first(tmp_path: Path) -> None:
    known = {"system": "urn:oid:2.16.840.1.113883.6.90", "code": "F32.2", "display": "Schwere Episode"}
    (found,) = outcome_of(tmp_path, condition(code={"coding": [{"system": "urn:local", "code": "D1"}, known]}))

    assert (found.system, found.code) == ("http://hl7.org/fhir/sid/icd-10-cm", "F32.2")
    assert found.display == "Schwere Episode"


@pytest.mark.parametrize(
    ("resource", "reason"),
    [
        (condition(verificationStatus=coded("refuted", "x")), "the diagnosis was refuted"),
        (condition(verificationStatus=coded("provisional", "x")), "the diagnosis is not confirmed"),
        (condition(verificationStatus=coded("entered-in-error", "x")), "entered in error"),
        (allergy(verificationStatus=coded("refuted", "x")), "the allergy was refuted"),
        (allergy(clinicalStatus=coded("resolved", "x")), "that there is no allergy no longer holds"),
        (request(status="draft"), "a draft"),
        (request(status="cancelled"), "cancelled"),
        (request(intent="proposal"), "a proposal, and not an order"),
        (request(doNotPerform=True), "an order not to give a medicine"),
        (administration(status="not-done"), "not done"),
        (administration(status="entered-in-error"), "entered in error"),
        (observation("8867-4", 70, "/min", status="entered-in-error"), "entered in error"),
        (observation("8867-4", 70, "/min", status="preliminary"), "not yet final"),
        (observation("8867-4", 0, valueQuantity=None, dataAbsentReason={}), "nothing was measured"),
        (observation("8867-4", 70, "/min", subject={"reference": "Group/9"}), "it is not about a person"),
        (observation("2339-0", 97.2, "mg/dL"), "no vital sign and no known score"),
        (observation("44250-9", 1), "one question alone"),
        (phq9(status="in-progress"), "not finished"),
        (phq9(questionnaire="http://example.org/Questionnaire/mood", item=[]), "another questionnaire"),
        ({"resourceType": "Claim", "id": "x"}, "a type that is not used"),
    ],
    ids=lambda value: value if isinstance(value, str) else value["resourceType"],
)
def test_what_is_no_fact_is_counted_as_unused_with_its_reason(
    tmp_path: Path, resource: dict[str, Any], reason: str
) -> None:
    found = outcome_of(tmp_path, resource)

    assert isinstance(found, Unused)
    assert found.reason.startswith(reason)


def test_no_known_allergy_is_a_statement_and_an_unconfirmed_allergy_is_taken_in(tmp_path: Path) -> None:
    (none,) = outcome_of(tmp_path, allergy())
    (drugs,) = outcome_of(tmp_path, allergy("409137002"))
    (some,) = outcome_of(tmp_path, allergy("387517004", verificationStatus=coded("unconfirmed", "x")))

    assert isinstance(none, AllergyRecord)
    assert (none.none_known, drugs.none_known, some.none_known) == (True, False, False)
    assert some.verification == "unconfirmed"


def test_a_request_and_an_administration_become_medicines(tmp_path: Path) -> None:
    (asked,) = outcome_of(tmp_path, request())
    (given,) = outcome_of(tmp_path, administration())

    assert isinstance(asked, MedicineRecord)
    assert (asked.kind, asked.display, asked.dose_text) == (
        "request",
        "Sertraline 50 mg",
        "one in the morning",
    )
    assert (asked.dose_value, asked.dose_unit, asked.ended) == (Decimal(50), "mg", None)
    assert (given.kind, given.means, given.dose_value) == ("administration", "ketamine", Decimal("35.5"))
    assert given.started.moment == datetime(2026, 5, 1, 10, tzinfo=UTC)
    assert given.ended.moment == datetime(2026, 5, 1, 10, 40, tzinfo=UTC)


def test_a_request_may_be_for_a_time_that_lies_ahead(tmp_path: Path) -> None:
    timing = {"repeat": {"boundsPeriod": {"start": "2026-06-10", "end": "2026-09-10"}}}
    (found,) = outcome_of(tmp_path, request(dosageInstruction=[{"timing": timing}]))

    assert (found.started.stated, found.ended.stated) == ("2026-06-10", "2026-09-10")


def test_a_medicine_is_found_behind_a_reference(tmp_path: Path) -> None:
    medication = {"resourceType": "Medication", "id": "s", "code": {"text": "Lithium"}}
    inside = request(medicationCodeableConcept=None, medicationReference={"reference": "#s"}, contained=[medication])
    outside = request(id="m2", medicationCodeableConcept=None, medicationReference={"reference": "Medication/s"})
    by_urn = request(id="m3", medicationCodeableConcept=None, medicationReference={"reference": "urn:uuid:77"})
    found = reads(written(tmp_path, bundle(patient(), inside, outside, by_urn, medication, s="urn:uuid:77")))

    records = [one.outcome[0] for one in found if isinstance(one.outcome, tuple)]
    medicines = [record.display for record in records if isinstance(record, MedicineRecord)]
    assert medicines == ["Lithium"] * 3
    assert isinstance(found[4].outcome, Unused)


@pytest.mark.parametrize("panel", ["85354-9", "55284-4"])
def test_both_blood_pressure_panels_become_one_measurement_for_each_component(tmp_path: Path, panel: str) -> None:
    found = outcome_of(tmp_path, pressure(panel=panel))

    assert [(one.sign, one.value, one.unit) for one in found] == [
        ("systolic_pressure", 121, "mm[Hg]"),
        ("diastolic_pressure", 79, "mm[Hg]"),
    ]
    assert len({one.key_parts for one in found}) == 2
    assert found[0].measured_at.moment == datetime(2026, 5, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "value", "unit", "kept"),
    [
        ("29463-7", 150, "[lb_av]", Decimal("68.0388555")),
        ("29463-7", 68000, "g", Decimal(68)),
        ("8302-2", 1.7, "m", Decimal("170.0")),
        ("8310-5", 98.6, "[degF]", Decimal(37)),
        ("8310-5", 37.1, "°C", Decimal("37.1")),
        ("8867-4", 70, "{beats}/min", Decimal(70)),
        ("9279-1", 14, "{breaths}/min", Decimal(14)),
        ("8480-6", 16, "kPa", Decimal("120.009852135305024")),
        ("59408-5", 100, "%", Decimal(100)),
    ],
)
def test_a_sign_is_kept_in_its_unit_and_as_it_was_stated(
    tmp_path: Path, code: str, value: float, unit: str, kept: Decimal
) -> None:
    (found,) = outcome_of(tmp_path, observation(code, value, unit))

    assert isinstance(found, MeasurementRecord)
    assert found.value == kept
    assert (found.stated_value, found.stated_unit) == (Decimal(str(value)), unit)


@pytest.mark.parametrize(
    ("resource", "reason"),
    [
        (
            observation("8867-4", 0, "/min"),
            "valueQuantity.value is 0 /min, outside what is possible (5 to 400",
        ),
        (
            observation("59408-5", 101, "%"),
            "valueQuantity.value is 101 %, outside what is possible (10 to 100",
        ),
        (observation("29463-7", 70, "cm"), "valueQuantity.code: A value in “cm” cannot be read as kg."),
        (observation("29463-7", 70, ""), "valueQuantity.code is missing."),
        (observation("29463-7", "70", "kg"), "valueQuantity.value is not a number."),
        (observation("29463-7", True, "kg"), "valueQuantity.value is not a number."),
        (observation("29463-7", None, "kg"), "valueQuantity.value is missing."),
        (observation("29463-7", 70, valueQuantity=None), "valueQuantity is missing."),
        (observation("29463-7", 70, valueQuantity=[]), "valueQuantity is not an object."),
        (
            observation("59408-5", 70, valueQuantity={"value": 70, "code": "%", "comparator": "<"}),
            "valueQuantity.comparator is “<”",
        ),
        (observation("8867-4", 70, "/min", status=None), "status is missing."),
        (observation("8867-4", 70, "/min", status="done"), "status is “done”"),
        (observation("8867-4", 70, "/min", code=None), "code is missing."),
        (observation("8867-4", 70, "/min", code={}), "code.coding is missing."),
        (observation("8867-4", 70, "/min", subject=None), "subject is missing."),
        (observation("8867-4", 70, "/min", subject={}), "subject.reference is missing."),
        (observation("8867-4", 70, "/min", effectiveDateTime=None), "effective[x] is missing."),
        (
            observation("8867-4", 70, "/min", effectiveDateTime="2020"),
            "effective[x] is “2020”; a measurement",
        ),
        (
            observation("8867-4", 70, "/min", effectiveDateTime="2020-01-01T10:00:00"),
            "effectiveDateTime is “2020-01-01T10:00:00”, a time of day without a time zone.",
        ),
        (
            observation("8867-4", 70, "/min", effectiveDateTime="2026-06-01T12:11:00Z"),
            "effectiveDateTime is “2026-06-01T12:11:00Z”, which lies in the future.",
        ),
        (
            observation("8867-4", 70, "/min", effectiveDateTime="2020-13-01T10:00:00Z"),
            "effectiveDateTime is “2020-13-01T10:00:00Z”, which is not a date",
        ),
        (
            observation("8867-4", 70, "/min", effectiveDateTime="0001-01-01"),
            "effectiveDateTime is “0001-01-01”",
        ),
        (pressure(component=None), "component is missing."),
        (pressure(component={}), "component is not a list."),
        (
            pressure(systolic=70, diastolic=120),
            "component gives a diastolic pressure of 120, not below the systolic 70.",
        ),
        (pressure(component=[{}]), "component.code is missing."),
        (pressure(systolic=900), "component[0].valueQuantity.value is 900 mm[Hg], outside"),
    ],
    ids=str,
)
def test_an_observation_is_rejected_with_the_path_and_the_reason(
    tmp_path: Path, resource: dict[str, Any], reason: str
) -> None:
    found = outcome_of(tmp_path, resource)

    assert isinstance(found, Rejected)
    assert found.reason.startswith(f"Observation.{reason}")


@pytest.mark.parametrize("number", ["1e999999999", "-1e999999999", "1e-999999999", "9" * 5000, "0E-999999999", "-0"])
def test_a_huge_or_tiny_number_rejects_its_resource_alone(tmp_path: Path, number: str) -> None:
    resource = observation("29463-7", 123456789, "kg")
    text = str(written(tmp_path, bundle(patient(), resource)).read_text()).replace("123456789", number)
    found = reads(written(tmp_path, text))

    assert isinstance(found[0].outcome, tuple)
    assert isinstance(found[1].outcome, Rejected)


def test_end_before_start_is_rejected_and_partial_dates_get_the_benefit_of_the_doubt(tmp_path: Path) -> None:
    wrong = outcome_of(tmp_path, condition(onsetDateTime="2019-03", abatementDateTime="2019-02-27"))
    fine = outcome_of(tmp_path, condition(onsetDateTime="2019-03-09", abatementDateTime="2019"))
    backwards = {"start": "2026-05-01T10:00:00Z", "end": "2026-05-01T11:00:00+02:00"}
    given = outcome_of(tmp_path, administration(effectivePeriod=backwards))

    assert wrong.reason == "Condition.abatement[x] is “2019-02-27”, before the start “2019-03”."
    assert isinstance(fine, tuple)
    assert given.reason.startswith("MedicationAdministration.effectivePeriod.end is")
