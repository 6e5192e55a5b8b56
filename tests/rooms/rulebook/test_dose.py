"""Doses are Decimal, rounded down, never above the wish, and refused where the weight cannot be right."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.rulebook.public import Fact, NoDose, dose_for
from tests.definitions.shipped import library

PROTOCOL = library().protocol("ketamine_iv_40min", 1)


def dose(weight, unit="kg", concentration=None, protocol=PROTOCOL):
    return dose_for(protocol, weight=Fact(Decimal(weight), unit), concentration_mg_per_ml=concentration)


def test_seventy_kilograms_and_the_pump():
    given_dose = dose("70", concentration=Decimal("0.7"))

    assert given_dose.dose_mg == Decimal(35)
    assert given_dose.volume_ml == Decimal(50)
    assert given_dose.rate_ml_per_hour == Decimal(75)
    assert given_dose.steps[0] == "70 kg × 0.5 mg/kg = 35.0 mg"


def test_without_a_concentration_there_is_no_rate():
    assert dose("70").rate_ml_per_hour is None


def test_pounds_are_converted_exactly():
    assert dose("154", unit="[lb_av]").weight_kg == Decimal("69.85322498")


@pytest.mark.parametrize(
    ("weight", "unit"),
    [("700", "kg"), ("24.9", "kg"), ("0", "kg"), ("-70", "kg"), ("70", ""), ("70", "cm"), ("NaN", "kg")],
)
def test_a_weight_that_cannot_be_right_gives_no_dose(weight, unit):
    with pytest.raises(NoDose):
        dose(weight, unit=unit)


@pytest.mark.parametrize("concentration", ["0", "-1", "NaN", "Infinity"])
def test_a_concentration_that_cannot_be_right_gives_no_dose(concentration):
    with pytest.raises(NoDose, match="concentration"):
        dose("70", concentration=Decimal(concentration))


def test_a_ceiling_holds_the_dose_and_says_so():
    rule = PROTOCOL.dose.model_copy(update={"at_most": Decimal(30)})
    held = dose("70", protocol=PROTOCOL.model_copy(update={"dose": rule}))

    assert (held.dose_mg, held.ceiling_reached) == (Decimal(30), True)
    assert "held at the ceiling of 30 mg" in held.steps


@given(st.decimals(min_value=25, max_value=350, places=3), st.decimals(min_value="0.1", max_value=50, places=2))
def test_a_dose_is_never_above_what_was_wished(weight, concentration):
    given_dose = dose(weight, concentration=concentration)

    assert 0 <= given_dose.wished_mg - given_dose.dose_mg < PROTOCOL.dose.round_to
    assert given_dose.volume_ml * concentration <= given_dose.dose_mg
    assert given_dose.rate_ml_per_hour * concentration * 40 <= given_dose.dose_mg * 60
