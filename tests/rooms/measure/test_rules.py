"""What may be stored, and what a list of allergies adds up to."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from daybreak.measure.definitions import fact_definition, library
from daybreak.measure.rules import AllergyNoted, in_house_unit, what_is_known

AT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "unit", "stored"),
    [
        ("25", "kg", True),
        ("24.9", "kg", False),
        ("350", "kg", True),
        ("350.1", "kg", False),
        ("160", "[lb_av]", True),
        ("700", "kg", False),
        ("NaN", "kg", False),
        ("70", "mm[Hg]", False),
        ("70", "", False),
    ],
)
def test_a_weight_is_stored_up_to_its_bounds_and_refused_beyond_with_a_sentence(value, unit, stored):
    answer = in_house_unit(Decimal(value), unit, into="kg", definition=fact_definition(library(), "weight"))

    assert (answer.value is not None) is stored
    assert bool(answer.trouble) is not stored


def test_pounds_become_kilograms():
    answer = in_house_unit(Decimal(160), "[lb_av]", into="kg", definition=None)

    assert round(answer.value, 2) == Decimal("72.57")


def test_a_sign_that_nobody_knows_is_refused():
    assert in_house_unit(Decimal(1), "kg", into=None, definition=None).trouble


@pytest.mark.parametrize(
    ("statuses", "state"),
    [
        ([], "unknown"),
        (["none known"], "none known"),
        (["active"], "known"),
        (["none known", "active"], "known"),
        (["active", "none known"], "known"),
        (["inactive"], "unknown"),
        (["inactive", "none known"], "none known"),
        (["entered in error"], "unknown"),
    ],
)
def test_nothing_said_about_allergies_is_unknown_and_never_none(statuses, state):
    said = [AllergyNoted("nuts", status, AT + timedelta(days=n)) for n, status in enumerate(statuses)]

    assert what_is_known(said).state == state
