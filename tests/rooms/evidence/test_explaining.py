"""What may explain why trials differ: the model is the one that is said, and what cannot be told is refused."""

import numpy as np
import pytest

from daybreak.evidence.rules.comparing import Choices, NotPooled, compare
from daybreak.evidence.rules.explaining import MODERATORS, explain
from daybreak.evidence.rules.synthesis import Asked, synthesise
from daybreak.stats.public import Measure, Method, pool
from tests.rooms.evidence.test_comparing import TRIALS


def effects_of(method: Method = Method.FE, **choices: object):
    comparisons, _out = compare(TRIALS, Choices(**choices))
    asked = Asked(measure=Measure.OR, method=method)
    return synthesise(comparisons, asked).effects, asked


def test_the_level_of_each_group_is_what_its_trials_say_alone():
    effects, asked = effects_of(kind="response", window="day")

    said = explain(effects, asked, "control")

    for level in said.line:
        own = [each for each in effects if each.comparison.against == level.value]
        alone = pool([e.estimate for e in own], [e.variance for e in own], method=Method.FE)
        assert (level.estimate, level.lower, level.upper) == pytest.approx((alone.estimate, alone.lower, alone.upper))
    assert said.silent == ()


def test_a_line_along_the_dose_is_the_weighted_one_and_names_whom_it_leaves_out():
    comparisons, _out = compare(TRIALS, Choices(kind="depression_score", window="day"))
    asked = Asked(measure=Measure.MD, method=Method.FE)
    effects = synthesise(comparisons, asked).effects
    dose_of, step = MODERATORS["dose_mg"]

    said = explain(effects, asked, "dose_mg")

    x = np.array([each.value for each in said.placed]) / step
    y = np.array([each.effect.estimate for each in said.placed])
    w = np.array([each.effect.variance for each in said.placed]) ** -0.5
    slope, level = np.polyfit(x, y, 1, w=w)
    assert said.fit.coefficients == pytest.approx((level, slope))
    assert set(said.silent) == {e.comparison.label for e in effects if dose_of(e.comparison) is None}
    assert "Lii 2023" in " ".join(said.silent), "its dose goes by weight"


@pytest.mark.parametrize(
    ("method", "moderator", "choices", "because"),
    [
        (Method.MH, "route", {}, "knows no moderators"),
        (Method.REML, "control", {"control": "midazolam"}, "do not differ in it"),
        (Method.REML, "dose", {}, "do not differ in it"),
    ],
)
def test_what_cannot_be_told_is_refused(method, moderator, choices, because):
    effects, asked = effects_of(method=method, kind="response", window="day", **choices)

    with pytest.raises(NotPooled, match=because):
        explain(effects, asked, moderator)


@pytest.mark.django_db
@pytest.mark.parametrize("by", MODERATORS)
def test_each_moderator_is_drawn_with_its_table_or_refused_in_a_sentence(as_role, by):
    page = as_role("analyst").get("/at/dawn/evidence/", {"by": by, "method": "REML", "interval": "wald"})
    said = page.content.decode()

    assert page.status_code == 200
    assert "What may explain differences: " in said
    assert (
        ("The model" in said and "Test of the moderator" in said) or "do not differ" in said or "cannot be told" in said
    )
