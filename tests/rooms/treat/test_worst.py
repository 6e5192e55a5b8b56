"""Which of the last readings stands on top of the chair page."""

from decimal import Decimal

import pytest

from daybreak.measure.public import library
from daybreak.rulebook.public import Reading
from daybreak.treat.rules.worst import worst
from tests.rooms.treat.stage import BASELINE, PROTOCOL


def reading(sign: str, value: object) -> Reading:
    return Reading(sign, Decimal(str(value)), BASELINE[sign][1])


def found(baseline: bool = True, **last: object):
    limits = library().protocol(PROTOCOL).during.limits
    before = {sign: reading(sign, value) for sign, (value, _) in BASELINE.items()} if baseline else {}
    return worst(limits, baseline=before, last=[reading(sign, value) for sign, value in last.items()])


@pytest.mark.parametrize(
    ("last", "sign", "is_beyond"),
    [
        ({"systolic_pressure": 179, "oxygen_saturation": 98}, "systolic_pressure", True),  # 55 above the baseline
        ({"systolic_pressure": 164, "oxygen_saturation": 94}, "oxygen_saturation", True),  # exactly at the limit
        (
            {"systolic_pressure": 164, "oxygen_saturation": 97},
            "systolic_pressure",
            False,
        ),  # a rise of 40 is not above 40
        ({"systolic_pressure": 170, "oxygen_saturation": 89}, "oxygen_saturation", True),  # high comes before medium
        ({"systolic_pressure": 126, "oxygen_saturation": 95}, "oxygen_saturation", False),  # 3 of 4 against 2 of 40
        ({"sedation": 0, "oxygen_saturation": 93}, "sedation", True),
        ({"heart_rate": 150}, None, False),  # no limit of this protocol reads it
    ],
)
def test_the_worst_is_beyond_a_limit_or_the_nearest_to_one(last, sign, is_beyond):
    answer = found(**last)
    assert (answer and answer.reading.sign, bool(answer and answer.is_beyond)) == (sign, is_beyond)


def test_without_a_baseline_only_a_reading_beyond_a_limit_is_known_to_be_worst():
    assert found(baseline=False, systolic_pressure=179) is None
    assert found(baseline=False, systolic_pressure=180).is_beyond
    assert found() is None
