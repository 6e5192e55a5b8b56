"""The dose explorer: what it shows, that it doses nobody, and what it says to nonsense."""

import csv
import io

import pytest

pytestmark = pytest.mark.django_db
PAGE = "/at/dawn/evidence/doses/"


def test_the_usual_infusion_is_shown_by_every_model_that_knows_it(as_role):
    page = as_role("clinician").get(PAGE)

    said = page.content.decode()
    assert page.status_code == 200
    assert "Not for dosing a patient" in said
    assert said.count("<svg") >= 2
    assert "they disagree" in said
    assert "the other half is taken to behave alike" in said


def test_a_route_that_no_model_knows_is_said(as_role):
    said = as_role("clinician").get(PAGE, {"route": "intramuscular"}).content.decode()

    assert "No model here answers this" in said


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"amount": "a lot"}, "Enter a number"),
        ({"amount": "-1"}, "or more."),
        ({"times": "3", "every_hours": "0"}, "Several doses need hours between them"),
        ({"times": "20", "every_hours": "48"}, "beyond the 96 hours"),
        ({"weight_kg": "7000"}, "or less."),
        ({"until_hour": "\x00"}, "Enter a whole number"),
        ({"route": "by owl"}, "Select a valid choice"),
    ],
)
def test_nonsense_gets_a_sentence_and_keeps_what_was_typed(as_role, asked, says):
    for address in (PAGE, "/at/dawn/evidence/doses.csv"):
        page = as_role("clinician").get(address, asked)

        assert page.status_code == 200
        assert says in page.content.decode()
        typed = next(iter(asked.values()))
        assert "\x00" in typed or typed == "by owl" or typed in page.content.decode()


def test_each_row_of_the_file_says_that_it_doses_nobody(as_role):
    answer = as_role("analyst").get("/at/dawn/evidence/doses.csv", {"amount": "0,5"})

    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert {row["warning"] for row in rows} == {"not for dosing a patient"}
    assert {row["model"] for row in rows} >= {"otto_2021/1", "simons_2022/1"}
    assert rows[0]["amount"] == "0.5"
