"""The published trials are the papers' own numbers: what the papers computed from them comes out again."""

import re
from math import exp, log, sqrt
from pathlib import Path

import pytest

from daybreak.rulebook.public import BrokenDefinition, PublishedTrial, TrialCounts, check
from daybreak.rulebook.reading import read
from tests.definitions.shipped import library

TRIALS = [each for each in library().active("trials") if isinstance(each, PublishedTrial)]
Z = 1.959963984540054
MADE_UP = """
id = "made_up"
version = 1
status = "draft"
title = "Made up"
licence = "Ours"
year = 2020
population = "Nobody"
diagnoses = ["major_depression"]
design = "parallel"
masking = "double"
provenance = { references = [{ id = "own", title = "Invented" }], authored_by = "A", checked_by = "B", next_review = 2027-01-01 }
arms = [
  { id = "ketamine", title = "Ketamine", drug = "ketamine", route = "intravenous", mark = "read", reference = "own" },
  { id = "saline", title = "Saline", drug = "saline", route = "intravenous", mark = "read", reference = "own" },
]
outcomes = [{ id = "response", kind = "response", scale = "MADRS", after_hours = 24 }]
counts = [{ outcome = "response", arm = "ketamine", events = 3, total = 4, mark = "read", reference = "own" }]
examples = [{ name = "three in four", outcome = "response", arm = "ketamine", percent = 75 }]
"""


def counts(trial: str, outcome: str, arm: str) -> TrialCounts:
    found = next(each for each in TRIALS if each.id == trial)
    return next(each for each in found.counts if (each.outcome, each.arm) == (outcome, arm))


def test_the_odds_ratio_of_grunebaum_2018_is_the_published_one():
    ketamine, midazolam = (counts("grunebaum_2018", "ideation_response_d1", arm) for arm in ("ketamine", "midazolam"))
    a, b = ketamine.events, ketamine.total - ketamine.events
    c, d = midazolam.events, midazolam.total - midazolam.events
    middle, error = log(a * d / b / c), sqrt(1 / a + 1 / b + 1 / c + 1 / d)

    assert [round(exp(middle + z * error), 2) for z in (0, -Z, Z)] == [2.85, 1.14, 7.15]


@pytest.mark.parametrize(
    ("trial", "outcome", "difference", "interval"),
    [
        ("anand_2023", "response_w3", 14.2, (4.0, 24.4)),
        ("ekstrand_2022", "remission_end", -16.3, (-30.4, -2.2)),
    ],
)
def test_the_differences_from_electroconvulsive_therapy_are_the_published_ones(trial, outcome, difference, interval):
    ketamine, ect = (counts(trial, outcome, arm) for arm in ("ketamine", "ect"))
    shares = [each.events / each.total for each in (ketamine, ect)]
    error = sqrt(sum(p * (1 - p) / each.total for p, each in zip(shares, (ketamine, ect), strict=True)))
    middle = shares[0] - shares[1]

    assert round(100 * middle, 1) == difference
    assert tuple(round(100 * (middle + z * error), 1) for z in (-Z, Z)) == interval


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.id)
def test_no_number_comes_from_a_paper_that_is_older_than_its_trial(trial):
    titles = [each.title for each in trial.provenance.references]

    assert not [title for title in titles for year in re.findall(r"\b(?:19|20)\d\d\b", title) if int(year) < trial.year]


def test_every_number_says_where_it_comes_from_and_what_was_not_read_is_left_out():
    for trial in TRIALS:
        known = {reference.id for reference in trial.provenance.references}
        for each in (*trial.arms, *trial.results, *trial.contrasts, *trial.bias):
            assert each.reference in known
    assert len(TRIALS) >= 38


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("events = 3", "events = 5", "5 of 4 is not possible"),
        ("percent = 75", "percent = 74", "it is 75.000, not 74"),
        (
            'outcome = "response", arm = "ketamine", events',
            'outcome = "responce", arm = "ketamine", events',
            "responce",
        ),
        ('mark = "read", reference = "own" }]', 'mark = "reed", reference = "own" }]', "did you mean “read”"),
        ('reference = "own" }]', 'reference = "doi:1" }]', "not in provenance"),
        ('drug = "ketamine"', 'drug = "saline"', "no arm is given ketamine"),
        (
            'examples = [{ name = "three in four", outcome = "response", arm = "ketamine", percent = 75 }]',
            "",
            "example",
        ),
    ],
)
def test_a_slip_in_a_trial_is_named(tmp_path: Path, was: str, becomes: str, says: str):
    path = tmp_path / "trials" / "made_up" / "1.toml"
    path.parent.mkdir(parents=True)
    path.write_text(MADE_UP.replace(was, becomes), encoding="utf-8")
    assert MADE_UP.count(was) >= 1

    assert says in " ".join(str(each) for each in check(tmp_path).errors)


def test_the_made_up_trial_holds(tmp_path: Path):
    path = tmp_path / "trials" / "made_up" / "1.toml"
    path.parent.mkdir(parents=True)
    path.write_text(MADE_UP, encoding="utf-8")

    try:
        assert read(path, tmp_path).definition.id == "made_up"
    except BrokenDefinition as broken:
        pytest.fail(str(broken))
