"""The page of the pooled trials answers every choice of a reader with a result or a sentence."""

import itertools
import re
import zipfile
from io import BytesIO

import pytest

pytestmark = pytest.mark.django_db
PAGE = "/at/dawn/evidence/"


def test_the_page_opens_on_response_after_a_day_with_the_provisional_numbers_marked(as_role):
    said = as_role("clinician").get(PAGE).content.decode()

    assert "Odds ratio" in said
    assert "Murrough 2013" in said
    assert "Without provisional numbers" in said
    assert "-hatch" in said
    assert "The first period alone of a crossover is published for none" in said
    assert "Left out" in said


def test_trials_keep_their_names_and_every_figure_of_a_difference_of_risks_is_in_percent(as_role):
    asked = {"kind": "remission", "window": "month", "control": "treatment", "measure": "RD", "method": "REML"}
    said = as_role("clinician").get(PAGE, {**asked, "interval": "wald"}).content.decode()

    assert "up to and with Ekstrand 2022 (KetECT)" in said
    assert "on 1 degree of freedom;" in said
    assert re.search(r"an effect between -?\d+ % and \d+ % in 95 of 100 cases", said)


@pytest.mark.parametrize("kind", ["response", "remission", "relapse", "suicidal_ideation_response", "depression_score"])
def test_every_choice_is_answered(as_role, kind):
    reader = as_role("analyst")
    measures = ("MD", "SMD") if kind == "depression_score" else ("OR", "RD")
    for window, control, measure in itertools.product(("day", "week", "month"), ("placebo", "treatment"), measures):
        asked = {"kind": kind, "window": window, "control": control, "measure": measure, "method": "FE"}
        page = reader.get(PAGE, asked)
        said = page.content.decode()
        assert page.status_code == 200
        assert ("<svg" in said and "What was done" in said) or "Nothing can be pooled" in said


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"measure": "SMD"}, "A score takes a difference of means"),
        ({"correlation": "2"}, "or less"),
        ({"window": "\x00"}, "Select a valid choice"),
        ({"method": "MH", "crossover": "paired"}, "two conditions of a crossover"),
    ],
)
def test_nonsense_gets_a_sentence(as_role, asked, says):
    page = as_role("clinician").get(PAGE, asked)

    assert page.status_code == 200
    assert says in page.content.decode()
    assert ("What is asked has to be mended first." in page.content.decode()) != ("method" in asked)


def test_the_data_set_can_be_taken_along(as_role):
    answer = as_role("clinician").get("/at/dawn/evidence/trials.zip")

    assert set(zipfile.ZipFile(BytesIO(answer.content)).namelist()) >= {"trials.csv", "dictionary.csv", "LICENCE.txt"}
