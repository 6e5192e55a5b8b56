"""Which trials are compared, how their arms are put together, and why the others are left out."""

from math import sqrt

import numpy as np
import pytest

from daybreak.evidence.rules.comparing import Choices, NotPooled, Side, _together, compare
from daybreak.evidence.rules.synthesis import Asked, synthesise
from daybreak.rulebook.public import PublishedTrial
from daybreak.stats.public import Measure, Method
from tests.definitions.shipped import library

TRIALS = sorted(
    (each for each in library().active("trials") if isinstance(each, PublishedTrial)), key=lambda each: each.year
)


def taken(**choices: object) -> dict[str, tuple[int | None, ...]]:
    found, _out = compare(TRIALS, Choices(**choices))
    return {
        each.trial.id: (each.treated.events, each.treated.total, each.control.events, each.control.total)
        for each in found
        if each.treated and each.control
    }


def reasons(**choices: object) -> dict[str, str]:
    return {each.trial.id: each.because for each in compare(TRIALS, Choices(**choices))[1]}


def test_the_arms_of_a_trial_share_their_control_once():
    assert taken(kind="response", window="day")["daly_2018"] == (12, 34, 1, 33)


def test_every_trial_is_either_compared_or_left_out_with_a_reason():
    found, out = compare(TRIALS, Choices())

    assert {each.trial.id for each in found} | {each.trial.id for each in out} == {each.id for each in TRIALS}
    assert all(each.because.endswith(".") for each in out)


@pytest.mark.parametrize(
    ("trial", "choices", "because"),
    [
        ("lapidus_2014", {"crossover": "out"}, "A crossover, left out by choice."),
        ("murrough_2013", {"provisional": False}, "Its counts are provisional, left out by choice."),
        ("anand_2023", {"window": "month"}, "Another kind of control."),
        ("lii_2023", {"drug": "esketamine"}, "Another drug."),
        ("fava_2018", {}, "It gives no such outcome at that time, or nobody has read it."),
        ("berman_2000", {"kind": "depression_score"}, "Its numbers are not complete enough to be pooled."),
    ],
)
def test_what_is_left_out_says_why(trial, choices, because):
    assert reasons(**choices)[trial] == because


def test_a_number_that_nobody_checked_is_never_pooled():
    assert "murrough_2013" in reasons(kind="depression_score", window="day")


def test_means_put_together_are_those_of_all_people():
    one, other = np.array([1.0, 2.0, 4.0, 9.0]), np.array([3.0, 5.0, 6.0])
    sides = [Side(total=len(x), mean=float(x.mean()), sd=float(x.std(ddof=1))) for x in (one, other)]

    both = _together(*sides)

    everybody = np.concatenate([one, other])
    assert both.mean == pytest.approx(everybody.mean())
    assert both.sd == pytest.approx(everybody.std(ddof=1))


def test_the_pooled_effect_is_the_weighted_mean_of_the_trials_with_and_without_what_is_provisional():
    found, _out = compare(TRIALS, Choices(kind="response", window="month"))
    asked = Asked(measure=Measure.RD, method=Method.FE)

    said = synthesise(found, asked)

    effects = {each.comparison.trial.id: each for each in said.effects}
    ours = effects["ochs_ross_2020"]
    assert ours.estimate == pytest.approx(17 / 63 - 8 / 60)
    assert ours.variance == pytest.approx(17 * 46 / 63**3 + 8 * 52 / 60**3)
    weights = np.array([1 / each.variance for each in said.effects])
    middle = (weights * [each.estimate for each in said.effects]).sum() / weights.sum()
    assert said.pooled.estimate == pytest.approx(middle)
    assert said.pooled.standard_error == pytest.approx(1 / sqrt(weights.sum()))
    assert said.without_provisional.pooled.estimate == pytest.approx(ours.estimate)
    assert [part.k for part in said.cumulative] == [1, 2, 3]
    assert said.cumulative[-1].pooled.estimate == pytest.approx(said.pooled.estimate)


def test_a_paired_crossover_has_the_smaller_variance_and_the_others_stay_as_they_are():
    measure = Asked(measure=Measure.OR, method=Method.REML)
    parallel, paired = (
        {each.comparison.trial.id: each.variance for each in synthesise(found, measure).effects}
        for found in (compare(TRIALS, Choices(crossover=policy))[0] for policy in ("parallel", "paired"))
    )

    assert paired["lapidus_2014"] < parallel["lapidus_2014"]
    assert paired["lii_2023"] == parallel["lii_2023"]


def test_what_cannot_be_pooled_says_why():
    with pytest.raises(NotPooled, match="No trial here has numbers"):
        synthesise([], Asked(measure=Measure.OR, method=Method.FE))
    paired, _out = compare(TRIALS, Choices(crossover="paired"))
    with pytest.raises(NotPooled, match="two conditions of a crossover"):
        synthesise(paired, Asked(measure=Measure.OR, method=Method.MH))
