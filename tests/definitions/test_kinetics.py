"""The pharmacokinetic models say what their papers say: steady states, what comes in, and what flows nowhere else."""

from pathlib import Path

import pytest

from daybreak.rulebook.public import GivenDose, KineticModel, check, concentrations, rates, shipped_folder, typical
from tests.definitions.shipped import library

MODELS = [each for each in library().every("pharmacokinetics") if isinstance(each, KineticModel)]


@pytest.mark.parametrize("model", [each for each in MODELS if each.id != "perez_ruixo_2021"], ids=lambda each: each.id)
def test_a_long_infusion_ends_at_the_rate_divided_by_the_clearance(model: KineticModel):
    days = 30 * 24
    infusion = GivenDose("intravenous", 10.0 * days, 0, days)

    found = concentrations(model, (infusion,), weight_kg=70, compartment="central", hours=[days])[0]

    assert found == pytest.approx(1000 * 10 / float(model.parameter("cl").value), rel=1e-4)


@pytest.mark.parametrize("model", MODELS, ids=lambda each: each.id)
def test_nothing_is_made_on_the_way(model: KineticModel):
    """Each column of the rates loses what the others gain, or loses it to the outside: never the other way."""
    matrix = rates(model, typical(model, 70))

    for column in range(len(matrix)):
        assert sum(row[column] for row in matrix) <= 1e-12


def test_clearance_follows_weight_by_its_exponent():
    model = next(each for each in MODELS if each.id == "otto_2021")

    heavy, usual = typical(model, 140), typical(model, 70)

    assert heavy["v1"] == pytest.approx(2 * usual["v1"])
    assert heavy["cl"] == pytest.approx(2**0.75 * usual["cl"])
    assert heavy["vp1"] == usual["vp1"]


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ('volume = "v1"', 'volume = "v9"', "there is no parameter “v9”"),
        ('into = "first"', 'into = "frist"', "there is no compartment “frist”"),
        ('unit = "L/h"', 'unit = "L/min"', "is not one of"),
        ("79.02", "81.02", "at 40 minutes it is 79.02"),
        ('volume = "v1"', "", "a clearance needs the volume"),
    ],
)
def test_a_slip_in_a_model_is_named(tmp_path: Path, was: str, becomes: str, says: str):
    shipped = (shipped_folder() / "pharmacokinetics" / "otto_2021" / "1.toml").read_text(encoding="utf-8")
    path = tmp_path / "pharmacokinetics" / "otto_2021" / "1.toml"
    path.parent.mkdir(parents=True)
    path.write_text(shipped.replace(was, becomes, 1), encoding="utf-8")

    assert says in " ".join(str(each) for each in check(tmp_path).errors)
