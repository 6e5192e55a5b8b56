"""`daybreak evidence pool` on metafor's own example data sets, with a moderator where there is one, to 1e-6."""

from typing import Any

import pytest

from tests.stats.pins import pinned

PINS = pinned("examples")
TOLD = ("estimate", "lower", "upper", "tau2", "i2", "q", "prediction_lower", "prediction_upper")


@pytest.mark.parametrize("name", PINS["data"])
def test_an_example_of_metafor_gives_its_answers_through_the_command(desk, name: str) -> None:
    columns = PINS["data"][name]
    rows = [",".join(map(str, row)) for row in zip(*columns.values(), strict=True)]
    path = desk.file("\n".join([",".join(columns), *rows]))
    cases = [case for case in PINS["pooled"] if (case["data"], case["method"]) == (name, "REML")]

    same_as_metafor(desk, path, cases[-1])


def same_as_metafor(desk, path, case: dict[str, Any]) -> None:
    """Fail where an answer of the command is not metafor's."""
    named = " ".join(case[part] for part in ("data", "measure", "method", "interval"))
    how = [f"--{part}={case[part]}" for part in ("measure", "method", "interval")]
    moderators = [f"--moderators={case['moderator']}"] if "moderator" in case else []
    found = desk.ask("evidence", "pool", path, *how, *moderators, "--json").json

    for part in TOLD:
        if case[part] is not None:
            assert found[part] == pytest.approx(case[part], rel=1e-6, abs=1e-6), f"{named}: {part}"
    assert found["k"] == case["k"], named
    if moderators:
        terms = found["moderators"]["terms"].values()
        assert [term["estimate"] for term in terms] == pytest.approx(case["coefficients"], rel=1e-6, abs=1e-6), named
        assert [term["se"] for term in terms] == pytest.approx(case["errors"], rel=1e-6), named
        assert found["moderators"]["p"] == pytest.approx(case["moderator_p"], rel=1e-6, abs=1e-9), named
