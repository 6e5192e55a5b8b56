"""Many virtual people at once, against one typical person computed another way, and against what is known by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daybreak.evidence.rules.virtual_people import NotSimulated, Regimen, drawn, simulate
from daybreak.rulebook.public import KineticModel, concentrations
from tests.definitions.shipped import library

MODELS = {each.id: each for each in library().every("pharmacokinetics") if isinstance(each, KineticModel)}


def without_variance(model: KineticModel) -> KineticModel:
    same = tuple(each.model_copy(update={"variance": None}) for each in model.parameters)
    return model.model_copy(update={"parameters": same, "covariances": ()})


@settings(max_examples=15, deadline=None)
@given(
    name=st.sampled_from(sorted(MODELS)),
    minutes=st.sampled_from([0, 1, 40, 600]),
    times=st.integers(1, 4),
    apart=st.sampled_from([0.5, 7.0, 20.0]),
    weight=st.sampled_from([45.0, 70.0, 120.0]),
    data=st.data(),
)
def test_people_who_do_not_differ_are_the_typical_person(name, minutes, times, apart, weight, data):
    model = without_variance(MODELS[name])
    route = data.draw(st.sampled_from(model.routes))
    regimen = Regimen(
        route=route, mg=30, minutes=minutes if route == "intravenous" else 0, times=times, every_hours=apart
    )

    course = simulate(model, regimen, molecule=model.molecule, weight_kg=weight, until_hour=60)

    place = next(each.compartment for each in model.observed if each.molecule == model.molecule)
    settled = [
        float(hour) for hour in course.hours[5::23] if not any(abs(hour - n * apart) < 1e-9 for n in range(times))
    ]
    wanted = concentrations(model, regimen.doses(), weight_kg=weight, compartment=place, hours=settled)
    found = [float(course.ng_per_ml[0][np.argmin(abs(course.hours - hour))]) for hour in settled]
    assert found == pytest.approx(wanted, rel=1e-6, abs=1e-9)


def test_people_differ_as_the_model_says():
    model = MODELS["otto_2021"]

    values = drawn(model, weight_kg=70, people=200_000, seed=3)

    logs = np.log([values["v1"], values["cl"]])
    assert np.cov(logs) == pytest.approx(np.array([[0.0842, 0.0226], [0.0226, 0.0260]]), abs=5e-4)
    assert np.median(values["cl"]) == pytest.approx(95.2, rel=0.005)
    assert values["q1"] == pytest.approx(23.2)


def test_a_share_stays_a_share():
    values = drawn(MODELS["perez_ruixo_2021"], weight_kg=70, people=20_000, seed=3)

    assert 0 < values["nasal_share"].min() < 0.54 < values["nasal_share"].max() < 1
    assert np.median(values["nasal_share"]) == pytest.approx(0.54, abs=0.01)


def test_the_same_seed_gives_the_same_people_and_another_gives_others():
    model, regimen = MODELS["otto_2021"], Regimen(route="intravenous", mg=17.5, minutes=40)
    asked = {"molecule": "esketamine", "weight_kg": 70, "until_hour": 4, "people": 50}

    first, again, other = (simulate(model, regimen, **asked, seed=seed) for seed in (1, 1, 2))

    assert (first.ng_per_ml == again.ng_per_ml).all()
    assert not np.allclose(first.ng_per_ml, other.ng_per_ml)


def test_what_a_model_does_not_know_is_refused():
    model, regimen = MODELS["otto_2021"], Regimen(route="intravenous", mg=17.5, minutes=40)
    asked = {"molecule": "esketamine", "weight_kg": 70}

    with pytest.raises(NotSimulated, match="does not know the route oral"):
        simulate(model, replace(regimen, route="oral"), **asked, until_hour=4)
    with pytest.raises(NotSimulated, match="at most 96 hours"):
        simulate(model, regimen, **asked, until_hour=97)
