"""Pages of measure: who may open them, and what a form keeps, refuses and stores once."""

from datetime import date

import pytest
from django.urls import reverse

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.measure.public import allergies, lab_results, library, measurements, medicines, scores
from tests.rooms.beside import fields_refused

pytestmark = pytest.mark.django_db
ITEMS = library().instrument("phq9").items


def address(name: str, patient, **more: str) -> str:
    """Return a page of measure at dawn."""
    return reverse(f"measure:{name}", kwargs={"site": "dawn", "patient": patient, **more})


PAGES = [
    ("patient", {}),
    ("take", {"instrument": "phq9"}),
    ("vital_signs", {}),
    ("allergies", {}),
    ("medicines", {}),
]


@pytest.mark.parametrize(("name", "more"), PAGES)
def test_the_owner_reads_a_colleague_is_refused_a_stranger_finds_nothing(world, as_role, name, more):
    page = address(name, world.patient(), **more)

    assert as_role("nurse").get(page).status_code == 200
    assert as_role("analyst").get(page).status_code == 403
    assert as_role("nurse", "dusk").get(page).status_code == 404
    assert as_role("nurse").get(address(name, world.patient("dusk"), **more)).status_code == 404


def test_a_questionnaire_keeps_what_was_typed_names_what_is_open_and_is_stored_once(world, as_role):
    patient, nurse = world.patient(), as_role("nurse")
    page = address("take", patient, instrument="phq9")
    said = {"key": new_key(), "version": 1, **{item.id: 2 for item in ITEMS}}
    said.pop("mood")

    answer = nurse.post(page, said)

    assert answer.status_code == 422
    assert "This question has no answer yet." in answer.text
    assert answer.text.count("checked") >= len(ITEMS) - 1
    for _ in range(2):
        assert nurse.post(page, {**said, "mood": 2}).status_code == 302
    with scoped(world.scope()) as scope:
        assert [s.value for s in scores(scope, patient=patient)] == [18]


def test_a_questionnaire_may_be_stored_without_an_answer_when_that_is_said(world, as_role):
    patient, nurse = world.patient(), as_role("nurse")
    said = {"key": new_key(), "version": 1, "incomplete": "on", ITEMS[0].id: 2}

    answer = nurse.post(address("take", patient, instrument="phq9"), said, follow=True)

    assert "answered in part" in answer.text


def test_a_questionnaire_that_does_not_exist_is_not_found(world, as_role):
    assert as_role("nurse").get(address("take", world.patient(), instrument="nothing")).status_code == 404


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Nothing is filled in yet."),
        ({"systolic_pressure": "120"}, "A blood pressure has two numbers"),
        ({"systolic_pressure": "80", "diastolic_pressure": "120"}, "not below the systolic"),
        ({"weight": "700"}, "that cannot be right"),
        ({"weight": "seventy"}, "Enter a number"),
    ],
)
def test_signs_that_cannot_be_right_get_a_sentence_and_nothing_is_stored(world, as_role, given, sentence):
    patient = world.patient()

    answer = as_role("nurse").post(address("vital_signs", patient), {"key": new_key(), "weight_unit": "kg", **given})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert all(value in answer.text for value in given.values())
    with scoped(world.scope()) as scope:
        assert measurements(scope, patient=patient) == []


def test_signs_are_stored_once_though_sent_twice(world, as_role):
    patient, nurse = world.patient(), as_role("nurse")
    said = {
        "key": new_key(),
        "weight_unit": "[lb_av]",
        "weight": "160,5",
        "systolic_pressure": 120,
        "diastolic_pressure": 80,
    }

    for _ in range(2):
        assert nurse.post(address("vital_signs", patient), said).status_code == 302

    with scoped(world.scope()) as scope:
        rows = measurements(scope, patient=patient)
    assert sorted(row.sign for row in rows) == ["diastolic_pressure", "systolic_pressure", "weight"]


def test_allergies_and_medicines_are_recorded_and_ended_on_their_pages(world, as_role):
    patient, nurse = world.patient(), as_role("nurse")
    assert "Unknown is not none" in nurse.get(address("allergies", patient)).text

    nurse.post(address("no_known_allergies", patient), {"key": new_key()})
    nurse.post(address("allergies", patient), {"key": new_key(), "substance": "Latex"})
    nurse.post(address("medicines", patient), {"key": new_key(), "display": "Lithium 450 mg"})

    with scoped(world.scope()) as scope:
        assert allergies(scope, patient).substances == ("Latex",)
        (medicine,) = medicines(scope, patient)
    nurse.post(address("stop_medicine", patient, entry=medicine.key))
    with scoped(world.scope()) as scope:
        assert [m.status for m in medicines(scope, patient)] == ["stopped"]


@pytest.mark.parametrize(
    ("name", "said", "field"),
    [
        ("vital_signs", {"weight_unit": "kg", "weight": "70", "when": "1984-05-05T12:00"}, "when"),
        ("labs", {"test": "lab_creatinine", "value": "80", "unit": "umol/L", "when": "1984-05-05T12:00"}, "when"),
        ("medicines", {"display": "Lithium 450 mg", "started_on": "1984-05-05"}, "started_on"),
        ("medicines", {"display": "Lithium 450 mg", "ended_on": "1984-05-05"}, "ended_on"),
    ],
)
def test_a_day_before_the_patient_was_born_gets_a_sentence_beside_its_field(world, as_role, name, said, field):
    patient, nurse = world.patient(born=date(1984, 5, 6)), as_role("nurse")

    answer = nurse.post(address(name, patient), {"key": new_key(), **said})

    assert answer.status_code == 422
    assert fields_refused(answer) == [field]
    assert "The patient was not born yet on this day: check the date." in answer.text
    assert all(value in answer.text for value in said.values())
    with scoped(world.scope()) as scope:
        assert measurements(scope, patient=patient) == lab_results(scope, patient=patient) == []
        assert medicines(scope, patient) == []


@pytest.mark.parametrize("again", ["Lithium 450 mg", " lithium  450mg "])
def test_a_medicine_that_is_taken_now_is_not_listed_twice(world, as_role, again):
    patient, nurse = world.patient(), as_role("nurse")
    first = {"key": new_key(), "display": "Lithium 450 mg"}
    for _ in range(2):
        assert nurse.post(address("medicines", patient), first).status_code == 302

    answer = nurse.post(address("medicines", patient), {"key": new_key(), "display": again})

    assert answer.status_code == 422
    assert fields_refused(answer) == ["display"]
    assert "is on the list already" in answer.text
    with scoped(world.scope()) as scope:
        (entry,) = medicines(scope, patient)
    nurse.post(address("stop_medicine", patient, entry=entry.key))
    assert nurse.post(address("medicines", patient), {"key": new_key(), "display": again}).status_code == 302
    assert nurse.post(address("medicines", patient), {"key": new_key(), "display": "Lithium 300 mg"}).status_code == 302


def test_the_day_of_birth_itself_is_a_day_of_life(world, as_role):
    patient, nurse = world.patient(born=date(1984, 5, 6)), as_role("nurse")

    said = {"key": new_key(), "display": "Vitamin K", "started_on": "1984-05-06", "ended_on": "1984-05-07"}

    assert nurse.post(address("medicines", patient), said).status_code == 302


def test_after_saving_one_goes_back_to_the_page_one_came_from_and_never_to_another_house(world, as_role):
    patient, nurse = world.patient(), as_role("nurse")
    for back, lands in (
        ("/at/dawn/screen/", "/at/dawn/screen/"),
        ("//elsewhere.example/", address("patient", patient)),
    ):
        said = {"key": new_key(), "weight_unit": "kg", "weight": "70", "back": back}
        assert nurse.post(address("vital_signs", patient), said).url == lands
