"""Which reading stands on top of the chair page as the worst so far."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.measure.public import library
from daybreak.rulebook.public import Limit, Reading
from daybreak.treat.rules.worst import Seen, worst
from tests.rooms.treat.stage import BASELINE, PROTOCOL

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
DURING = library().protocol(PROTOCOL).during.limits
AFTER = library().protocol(PROTOCOL).after.limits
RANK = {"high": 0, "medium": 1, "low": 2}


def seen(minute: int, sign: str, value: object) -> Seen:
    return Seen(Reading(sign, Decimal(str(value)), BASELINE[sign][1]), START + timedelta(minutes=minute))


def found(*during: Seen, after: tuple[Seen, ...] = (), baseline: bool = True):
    before = {sign: Reading(sign, *BASELINE[sign]) for sign in BASELINE} if baseline else {}
    answer = worst([(DURING, during), (AFTER, after)], baseline=before)
    return answer and (answer.seen.reading.sign, answer.seen.reading.value, answer.is_beyond)


@pytest.mark.parametrize(
    ("read", "answer"),
    [
        ({"systolic_pressure": 179, "oxygen_saturation": 98}, ("systolic_pressure", 179, True)),  # 55 over the baseline
        ({"systolic_pressure": 164, "oxygen_saturation": 94}, ("oxygen_saturation", 94, True)),  # exactly at the limit
        ({"systolic_pressure": 164, "oxygen_saturation": 97}, ("systolic_pressure", 164, False)),  # 40 is not above 40
        ({"systolic_pressure": 170, "oxygen_saturation": 89}, ("oxygen_saturation", 89, True)),  # high before medium
        ({"systolic_pressure": 126, "oxygen_saturation": 95}, ("oxygen_saturation", 95, False)),  # 3 of 4, 2 of 40
        ({"sedation": 0, "oxygen_saturation": 93}, ("sedation", 0, True)),
        ({"sedation": 4, "oxygen_saturation": 98}, ("sedation", 4, False)),  # 1 of 2 on the way to 3
        ({"heart_rate": 150}, None),  # no limit of this protocol reads it
        ({"sedation": 5, "systolic_pressure": 118, "oxygen_saturation": 98}, None),  # calm: nothing is nearer a limit
        ({}, None),
    ],
)
def test_the_worst_is_beyond_a_limit_or_the_nearest_to_one(read, answer):
    assert found(*(seen(1, sign, value) for sign, value in read.items())) == answer


def test_the_worst_stays_the_worst_when_better_readings_follow():
    deep, low = seen(10, "sedation", 2), seen(12, "oxygen_saturation", 88)
    awake = tuple(seen(90 + minute, "sedation", 5) for minute in range(3))
    assert found(deep, seen(15, "sedation", 5), after=awake) == ("sedation", 2, True)
    assert found(deep, low, seen(13, "oxygen_saturation", 99), after=awake) == ("oxygen_saturation", 88, True)


def test_each_reading_is_judged_by_the_limits_that_held_when_it_was_measured():
    rise = next(limit for limit in DURING if limit.test == "rise_above" and limit.sign == "systolic_pressure")
    reading, before = seen(5, "systolic_pressure", 170), {"systolic_pressure": Reading("systolic_pressure", *BASELINE["systolic_pressure"])}  # fmt: skip
    assert worst([([rise], [reading]), ([], [])], baseline=before).is_beyond
    assert worst([([rise], []), ([], [reading])], baseline=before) is None


def test_of_equal_readings_it_is_the_later():
    limits = [each for each in DURING if each.id == "saturation_low"]
    readings = [seen(minute, "oxygen_saturation", value) for minute, value in ((3, 91), (9, 91), (12, 97))]
    assert worst([(limits, readings)], baseline={}).seen is readings[1]


def test_without_a_baseline_only_a_reading_beyond_a_limit_is_known_to_be_worst():
    assert found(seen(1, "systolic_pressure", 179), baseline=False) is None
    assert found(seen(1, "systolic_pressure", 180), baseline=False) == ("systolic_pressure", 180, True)


values = st.integers(0, 30).map(Decimal)
signs = st.sampled_from(("sedation", "oxygen_saturation", "systolic_pressure"))
tests = st.sampled_from(("above", "at_least", "below", "at_most", "rise_above", "fall_above"))
limits = st.lists(st.tuples(signs, tests, values, st.sampled_from(("high", "medium", "low"))), max_size=5)
readings = st.lists(st.tuples(signs, values), max_size=8)


def limit_of(place: int, sign: str, test: str, bound: Decimal, priority: str) -> Limit:
    said = {"id": f"limit_{place}", "sign": sign, "unit": "{score}", test: bound, "priority": priority}
    return Limit.model_validate({**said, "advise": "Look.", "source": "site", "reference": "own"})


def oracle(stages, before):
    """Try each reading against each limit, in fractions: of each limit the furthest, of those the worst."""
    firsts = []
    for rules, read in stages:
        for sign, test, bound, priority in rules:
            side = -1 if test in ("below", "at_most", "fall_above") else 1
            first = None if sign not in before else side * Fraction(before[sign])
            end = Fraction(bound) if test.endswith("_above") else side * Fraction(bound)
            way = None if first is None else end if test.endswith("_above") else end - first
            judged = []
            for moment, own, value in read:
                if own != sign or (test.endswith("_above") and first is None):
                    continue
                height = side * Fraction(value)
                gone = None if first is None else height - first
                reached = gone if test.endswith("_above") else height
                over = reached >= end if test in ("at_least", "at_most") else reached > end
                share = gone / way if way is not None and way > 0 else None
                if over:
                    judged.append((height, moment, (RANK[priority], -(1 if share is None else share), -moment)))
                elif share is not None and share > 0:
                    judged.append((height, moment, (3, -share, -moment)))
            if judged:
                firsts.append(max(judged)[2])
    return min(firsts, default=None)


@given(limits, limits, readings, readings, st.dictionaries(signs, values))
def test_it_is_what_a_plain_search_through_all_readings_and_limits_finds(during, after, early, late, before):
    spans = [(during, [(m, *each) for m, each in enumerate(early)])]
    spans.append((after, [(100 + m, *each) for m, each in enumerate(late)]))
    stages = [
        (
            [limit_of(place, *rule) for place, rule in enumerate(rules)],
            [Seen(Reading(sign, value, "{score}"), START + timedelta(minutes=m)) for m, sign, value in read],
        )
        for rules, read in spans
    ]
    answer = worst(stages, baseline={sign: Reading(sign, value, "{score}") for sign, value in before.items()})
    wanted = oracle(spans, before)
    assert (answer is None) == (wanted is None)
    if answer and wanted:
        assert (answer.seen.at - START) / timedelta(minutes=1) == -wanted[2]
        assert answer.is_beyond == (wanted[0] < 3)
