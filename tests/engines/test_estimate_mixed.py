"""`daybreak estimate mixed` on files of strangers."""

import pytest

from tests.stats.pins import pinned

SLEEP = pinned("mixed")["cases"][0]


def sleep(desk):
    rows = [f"{y},{x},{a},p{g}" for y, x, a, g in zip(*(SLEEP[name] for name in "yxag"), strict=True)]
    return desk.file("\n".join(["score,day,arm,person", *rows]))


@pytest.mark.parametrize("fixed", ["day*arm", "day + arm + day:arm", "1 + arm*day"])
def test_a_file_gives_the_model_of_lme4(desk, fixed):
    asked = ("--outcome", "score", "--fixed", fixed, "--random", "day|person", "--json")
    found = desk.ask("estimate", "mixed", sleep(desk), *asked).json

    terms = found["terms"]
    assert terms["(Intercept)"]["estimate"] == pytest.approx(SLEEP["coefficients"][0], abs=1e-3)
    assert terms["day"]["se"] == pytest.approx(SLEEP["error"][1], rel=1e-3)
    assert found["criterion"] == pytest.approx(SLEEP["criterion"], abs=1e-5)
    assert found["variances"]["(Intercept)"] == pytest.approx(SLEEP["variances"][0], rel=1e-2)
    assert set(found["variances"]) == {"(Intercept)", "day", "(Intercept),day", "residual"}


def test_levels_only_and_full_likelihood(desk):
    asked = ("estimate", "mixed", sleep(desk), "--outcome", "score", "--fixed", "day", "--random", "1|person")

    assert set(desk.ask(*asked, "--json").json["variances"]) == {"(Intercept)", "residual"}
    assert "ML criterion" in desk.ask(*asked, "--ml").said


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("score", "dya", "day|person"), "Did you mean “day”?"),
        (("score", "day", "person"), "“person” is not such as “day|person”"),
        (("score", "day*", "day|person"), "“day*” is not such as “day*arm”"),
        (("person", "day", "1|person"), "“person” holds “p"),
        (("score", "day", "1|score"), "too few to tell groups from chance"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_sentence(desk, options, sentence):
    outcome, fixed, random = options
    asked = ("--outcome", outcome, "--fixed", fixed, "--random", random)
    assert sentence in desk.refused("estimate", "mixed", sleep(desk), *asked)
