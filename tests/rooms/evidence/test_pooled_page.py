"""The page of the pooled trials answers every choice of a reader with a result or a sentence."""

import itertools
import re
import zipfile
from io import BytesIO

import pytest

from daybreak.design.public import number, percent
from daybreak.register.estimates.pool import pool_file

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


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"measure": "RR", "method": "MH"},
        {"measure": "RD", "method": "DL", "interval": "wald"},
        {"method": "PM", "crossover": "paired", "correlation": "0.3"},
        {"kind": "depression_score", "measure": "SMD", "window": "week"},
        {"kind": "depression_score", "measure": "MD", "window": "month", "interval": "wald"},
    ],
)
def test_the_file_of_the_page_comes_to_the_same_result_by_the_command_on_it(as_role, tmp_path, asked):
    reader, file = as_role("analyst"), tmp_path / "pooled.csv"
    file.write_bytes(reader.get(f"{PAGE}pooled.csv", asked).content)
    page = reader.get(PAGE, asked).content.decode()
    typed = re.search(r"daybreak evidence pool pooled.csv (--measure [^<]*)", page)[1].split()
    found = pool_file(file, **{name.removeprefix("--"): said for name, said in batched(typed)}).values
    words = [effect_in(found[name], typed[1]) for name in ("estimate", "lower", "upper")]

    assert "{} ({} … {})".format(*words) in page


def effect_in(value, measure):
    return (
        percent(value)
        if measure == "RD"
        else "> 1000"
        if measure in ("OR", "RR") and value > 1000
        else number(value, 2)
    )


def batched(words):
    return zip(words[::2], words[1::2], strict=True)


def test_choices_that_cannot_be_pooled_give_the_page_and_no_file(as_role):
    for asked in ({"measure": "SMD"}, {"method": "MH", "crossover": "paired"}):
        assert as_role("analyst").get(f"{PAGE}pooled.csv", asked)["Content-Type"].startswith("text/html")


def test_the_data_set_can_be_taken_along(as_role):
    answer = as_role("clinician").get("/at/dawn/evidence/trials.zip")

    assert set(zipfile.ZipFile(BytesIO(answer.content)).namelist()) >= {"trials.csv", "dictionary.csv", "LICENCE.txt"}
