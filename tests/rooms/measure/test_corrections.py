"""What was entered in error is put right by a new row; laboratory results keep what was given; slips of the unit are asked about."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.measure.definitions import library
from daybreak.measure.models import AnswerSet, LabResult, Measurement, Score
from daybreak.measure.public import (
    NewMeasurement,
    NotCorrectable,
    answer_sets,
    lab_results,
    measurements,
    record_answers,
    record_measurements,
    scores,
)
from daybreak.measure.rules import HouseValue, first_weight_in_doubt, sudden_change
from tests.rooms.beside import fields_refused

pytestmark = pytest.mark.django_db
ITEMS = library().instrument("phq9").scores[0].items


def address(name: str, patient, **more: object) -> str:
    return reverse(f"measure:{name}", kwargs={"site": "dawn", "patient": patient, **more})


def take(world, patient, value: int = 2, **more: object):
    fact = {
        "key": new_key(),
        "instrument": "phq9",
        "answers": dict.fromkeys(ITEMS, value),
        "answered_at": world.now,
        "by": "staff",
    }
    with scoped(world.scope()) as scope:
        return record_answers(scope, patient=patient, **{**fact, **more})


def weigh(world, patient, value: str, *, days_ago: int = 7):
    fact = NewMeasurement(new_key(), patient, "weight", Decimal(value), "kg", world.now - timedelta(days=days_ago))
    with scoped(world.scope()) as scope:
        record_measurements(scope, [fact])
    return fact.key


def test_corrected_answers_take_the_place_of_the_old_ones_and_of_their_scores(world):
    patient = world.patient()
    old = take(world, patient)

    new = take(world, patient, 1, corrects=old.key)
    again = take(world, patient, 1, corrects=old.key, key=new.key)

    assert not again.stored_now
    with scoped(world.scope()) as scope:
        assert [row.value for row in scores(scope, patient=patient)] == [9]
        assert [given.key for given in answer_sets(scope, patient=patient)] == [new.key]
        assert AnswerSet.objects.filter(site="dawn").count() == Score.objects.filter(site="dawn").count() == 2


def test_a_correction_that_allows_no_total_takes_the_old_total_back(world):
    patient = world.patient()
    old = take(world, patient)

    take(world, patient, answers={"mood": 1}, corrects=old.key)

    with scoped(world.scope()) as scope:
        assert scores(scope, patient=patient) == []
        assert len(answer_sets(scope, patient=patient)) == 1


def test_only_what_stands_and_is_of_the_same_patient_can_be_corrected(world):
    patient, other = world.patient(), world.patient()
    old = take(world, patient)
    take(world, patient, 1, corrects=old.key)

    for who in (patient, other):
        with pytest.raises(NotCorrectable):
            take(world, who, 3, corrects=old.key)


def test_answers_entered_in_error_no_longer_count_and_stay_in_the_table(world, as_role):
    patient, nurse = world.patient(), as_role("nurse")
    given = take(world, patient)

    page = address("retract", patient, instrument="phq9", entry=given.key)
    assert nurse.post(page).status_code == 302
    assert nurse.post(page).status_code == 404

    with scoped(world.scope()) as scope:
        assert scores(scope, patient=patient) == answer_sets(scope, patient=patient) == []
        assert AnswerSet.objects.filter(site="dawn").count() == 2


def test_the_page_shows_the_old_answers_and_stores_the_corrected_ones(world, as_role):
    patient, nurse = world.patient(), as_role("nurse")
    old = take(world, patient)
    page = f"{address('take', patient, instrument='phq9')}?corrects={old.key}"

    shown = nurse.get(page).text
    assert shown.count("checked") >= len(ITEMS)
    said = {"key": new_key(), "version": 1, "corrects": old.key, **dict.fromkeys(ITEMS, 3)}
    assert nurse.post(page, said).status_code == 302

    with scoped(world.scope()) as scope:
        assert [row.value for row in scores(scope, patient=patient)] == [27]


def test_a_measurement_is_corrected_on_its_page_or_taken_back(world, as_role):
    patient, nurse = world.patient(), as_role("nurse")
    key = weigh(world, patient, "72.5")

    nurse.post(address("correct_sign", patient, entry=key), {"key": new_key(), "value": "160", "unit": "[lb_av]"})

    with scoped(world.scope()) as scope:
        (row,) = measurements(scope, patient=patient)
        assert (round(row.value, 1), row.given_unit) == (Decimal("72.6"), "[lb_av]")
    assert nurse.post(address("retract_sign", patient, entry=row.key)).status_code == 302
    with scoped(world.scope()) as scope:
        assert measurements(scope, patient=patient) == []
        assert Measurement.objects.filter(site="dawn").count() == 3


@pytest.mark.parametrize(
    ("typed", "unit", "sentence"),
    [
        ("700", "kg", "700 lb would be 317.51 kg"),
        ("160", "kg", "160 lb would be 72.57 kg"),
        ("72", "[lb_av]", "72 kg would be 72 kg"),
    ],
)
def test_pounds_taken_for_kilograms_are_asked_about_with_the_conversion(world, as_role, typed, unit, sentence):
    patient, nurse = world.patient(), as_role("nurse")
    weigh(world, patient, "72.5")
    said = {"key": new_key(), "weight_unit": unit, "weight": typed}

    answer = nurse.post(address("vital_signs", patient), said)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{typed}"' in answer.text
    with scoped(world.scope()) as scope:
        assert len(measurements(scope, patient=patient)) == 1


def test_a_number_said_to_be_right_is_stored_and_one_that_fits_is_not_asked_about(world, as_role):
    patient, nurse = world.patient(), as_role("nurse")
    weigh(world, patient, "72.5")

    assert (
        nurse.post(address("vital_signs", patient), {"key": new_key(), "weight_unit": "kg", "weight": "85"}).status_code
        == 302
    )
    sure = {"key": new_key(), "weight_unit": "kg", "weight": "160", "sure": "on"}
    assert nurse.post(address("vital_signs", patient), sure).status_code == 302

    with scoped(world.scope()) as scope:
        assert [round(row.value) for row in measurements(scope, patient=patient)] == [72, 85, 160]


@pytest.mark.parametrize(
    ("typed", "unit", "sentence"),
    [
        ("83,3", "[lb_av]", "83.3 kg would be 83.3 kg"),
        ("183", "kg", "183 lb would be 83.01 kg"),
    ],
)
def test_a_first_weight_that_is_more_usual_in_the_other_unit_is_asked_about(world, as_role, typed, unit, sentence):
    patient, nurse = world.patient(), as_role("nurse")
    said = {"key": new_key(), "weight_unit": unit, "weight": typed}

    answer = nurse.post(address("vital_signs", patient), said)

    assert answer.status_code == 422
    assert fields_refused(answer) == ["weight"]
    assert sentence in answer.text
    assert nurse.post(address("vital_signs", patient), {**said, "sure": "on"}).status_code == 302


@pytest.mark.parametrize(
    ("weight", "height", "asked"),
    [
        ("40", None, False),
        ("160", None, False),
        ("160.1", None, True),
        ("150", "170", True),
        ("120", "190", False),
    ],
)
def test_a_first_weight_is_measured_against_the_height_where_that_is_known(weight, height, asked):
    found = first_weight_in_doubt(Decimal(weight), "kg", height_cm=Decimal(height) if height else None)

    assert bool(found) is asked


@pytest.mark.parametrize(
    ("weight", "hours", "asked"),
    [
        ("95.795", 23, False),
        ("95.8", 23, True),
        ("70.8", 23, True),
        ("70.805", 23, False),
        ("95.8", 24, False),
        ("37.8", 2400, False),
        ("37.7", 2400, True),
    ],
)
def test_a_weight_that_changed_more_than_can_be_is_asked_about(weight, hours, asked):
    here, last = (HouseValue(Decimal(value), "kg", None) for value in (weight, "83.3"))

    found = sudden_change(here, last=last, after=timedelta(hours=hours))

    assert bool(found) is asked
    assert found is None or "Is that right?" in found


def test_a_sudden_change_of_weight_is_stored_once_it_is_said_to_be_right(world, as_role):
    patient, nurse = world.patient(), as_role("nurse")
    first = {"key": new_key(), "weight_unit": "kg", "weight": "83.3"}
    assert nurse.post(address("vital_signs", patient), first).status_code == 302
    said = {"key": new_key(), "weight_unit": "kg", "weight": "40"}

    answer = nurse.post(address("vital_signs", patient), said)

    assert answer.status_code == 422
    assert "40 kg is far from the last value, 83.3 kg, measured within a day. Is that right?" in answer.text
    assert nurse.post(address("vital_signs", patient), {**said, "sure": "on"}).status_code == 302
    with scoped(world.scope()) as scope:
        assert [round(row.value) for row in measurements(scope, patient=patient)] == [83, 40]


@pytest.mark.parametrize(
    ("test", "value", "unit", "kept"),
    [
        ("lab_creatinine", "1", "mg/dL", "88.4017"),
        ("lab_creatinine", "0.01", "g/L", "88.4017"),
        ("lab_bilirubin", "1", "mg/dL", "17.1037"),
        ("lab_glucose", "90", "mg/dL", "4.9956"),
    ],
)
def test_a_mass_is_kept_as_the_amount_that_the_house_counts(world, as_role, test, value, unit, kept):
    patient, nurse = world.patient(), as_role("nurse")
    said = lab(test=test, value=value, unit=unit, low="", high="")

    assert nurse.post(address("labs", patient), said).status_code == 302

    with scoped(world.scope()) as scope:
        (row,) = lab_results(scope, patient=patient)
    assert (row.value, row.given_value, row.given_unit) == (Decimal(kept), Decimal(value), unit)


def test_a_unit_that_the_test_cannot_be_read_in_is_refused_beside_the_unit(world, as_role):
    answer = as_role("nurse").post(address("labs", world.patient()), lab(test="lab_sodium", value="140", unit="mg/dL"))

    assert answer.status_code == 422
    assert fields_refused(answer) == ["unit"]


def lab(**more: object) -> dict[str, object]:
    said = {
        "key": new_key(),
        "test": "lab_creatinine",
        "value": "80",
        "unit": "umol/L",
        "low": "60",
        "high": "110",
        "when": "2026-01-05T08:30",
    }
    return {**said, **more}


def test_a_laboratory_result_keeps_its_unit_and_range_as_given(world, as_role):
    patient, nurse = world.patient(), as_role("nurse")

    for value in ("0,12", "0,12"):
        said = lab(key="0190a0a0-0000-7000-8000-000000000001", value=value, unit="mmol/L", low="0.06", high="0.11")
        assert nurse.post(address("labs", patient), said).status_code == 302

    with scoped(world.scope()) as scope:
        (row,) = lab_results(scope, patient=patient)
    assert (row.value, row.unit, row.given_value, row.given_unit) == (120, "umol/L", Decimal("0.12"), "mmol/L")
    assert (row.low, row.high) == (Decimal("0.06"), Decimal("0.11"))
    page = nurse.get(address("labs", patient)).text
    assert "0.12 mmol/L (120 µmol/L)" in page
    assert "above its range" in page


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"test": ""}, "required"),
        ({"value": ""}, "The number is missing."),
        ({"value": "80000"}, "that cannot be right"),
        ({"test": "lab_haemoglobin", "value": "1400", "unit": "g/L"}, "would be 14 g/L"),
        ({"test": "lab_ketamine_level", "value": "150", "unit": "mg/L"}, "150 ng/mL would be 150 µg/L"),
        ({"unit": "U/L"}, "cannot be read as"),
        ({"low": "110", "high": "60"}, "The range ends before it starts"),
        ({"when": "2098-01-01T08:00"}, "lies in the future"),
        ({"test": "lab_urine_cocaine", "value": "1"}, "finding and no number"),
        ({"test": "lab_urine_cocaine", "value": "", "finding": ""}, "Choose what was found"),
        ({"finding": "positive"}, "number and no finding"),
    ],
)
def test_a_result_that_cannot_be_right_gets_a_sentence_and_is_not_stored(world, as_role, more, sentence):
    patient = world.patient()

    answer = as_role("nurse").post(address("labs", patient), lab(**more))

    assert answer.status_code == 422
    assert sentence in answer.text
    with scoped(world.scope()) as scope:
        assert lab_results(scope, patient=patient) == []


def test_micrograms_taken_for_milligrams_are_asked_about_against_the_last_result(world, as_role):
    patient, nurse = world.patient(), as_role("nurse")
    level = {"test": "lab_ketamine_level", "low": "", "high": ""}
    nurse.post(address("labs", patient), lab(**level, value="150", unit="ug/L"))

    answer = nurse.post(address("labs", patient), lab(**level, value="2", unit="mg/L"))
    doubtful = nurse.post(address("labs", patient), lab(**level, value="0.16", unit="ug/L"))

    assert answer.status_code == 302
    assert doubtful.status_code == 422
    assert "0.16 mg/L would be 160 µg/L" in doubtful.text
    assert nurse.post(address("labs", patient), lab(**level, value="0.16", unit="ug/L", sure="on")).status_code == 302


def test_a_finding_is_stored_corrected_and_taken_back(world, as_role):
    patient, nurse = world.patient(), as_role("nurse")
    finding = {"test": "lab_urine_cocaine", "value": "", "unit": "", "low": "", "high": ""}
    nurse.post(address("labs", patient), lab(**finding, finding="positive"))
    with scoped(world.scope()) as scope:
        (old,) = lab_results(scope, patient=patient)
    assert "positive" in nurse.get(f"{address('labs', patient)}?corrects={old.key}").text

    nurse.post(address("labs", patient), lab(**finding, finding="negative", corrects=old.key))

    with scoped(world.scope()) as scope:
        (row,) = lab_results(scope, patient=patient)
    assert (row.finding, row.corrects) == ("negative", old.key)
    nurse.post(address("retract_lab", patient, entry=row.key))
    with scoped(world.scope()) as scope:
        assert lab_results(scope, patient=patient) == []
        assert LabResult.objects.filter(site="dawn").count() == 3


@pytest.mark.parametrize(
    ("name", "more"), [("labs", {}), ("total", {"instrument": "madrs"}), ("history", {"instrument": "phq9"})]
)
def test_the_owner_reads_a_colleague_is_refused_a_stranger_finds_nothing(world, as_role, name, more):
    page = address(name, world.patient(), **more)

    assert as_role("nurse").get(page).status_code == 200
    assert as_role("analyst").get(page).status_code == 403
    assert as_role("nurse", "dusk").get(page).status_code == 404
