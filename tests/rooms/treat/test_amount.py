"""The amount given by any route, against an oracle that was written differently: it never falls, and never exceeds."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st

from daybreak.rulebook.public import DoseRule
from daybreak.treat.rules.amount import Doing, given
from daybreak.treat.rules.route import Manner, manner_of, next_part, places, time_out_items
from daybreak.treat.rules.steps import Step

AT = datetime(2026, 2, 3, 14, 0, tzinfo=UTC)
HOUR = 3_600_000_000
CONCENTRATION = Decimal(2)
FLOWS = (Step.RESUMED, Step.RATE_CHANGED, Step.RATE_RAISED)


def after(minutes: float) -> datetime:
    return AT + timedelta(minutes=minutes)


def pumped(*doings: Doing, minutes: float, drawn: int = 10):
    return given(doings, at=after(minutes), concentration_mg_per_ml=Decimal(1), drawn_ml=Decimal(drawn))


def test_a_new_syringe_gives_what_was_drawn_into_it_once_the_pump_runs_again():
    steps = (
        Doing(Step.STARTED, AT, Decimal(60)),
        Doing(Step.SYRINGE_CHANGED, after(20), drawn_ml=Decimal(5)),
        Doing(Step.RESUMED, after(22), Decimal(60)),
    )
    found = [pumped(*steps, minutes=m) for m in (9, 15, 21, 24, 60)]
    assert [each.dose_mg for each in found] == [9, 10, 10, 12, 15]
    assert [each.ran_dry_at for each in found] == [None, after(10), None, None, after(27)]


def test_a_syringe_taken_out_before_it_is_empty_keeps_its_rest():
    steps = (
        Doing(Step.STARTED, AT, Decimal(60)),
        Doing(Step.SYRINGE_CHANGED, after(4), drawn_ml=Decimal(10)),
        Doing(Step.RESUMED, after(5), Decimal(60)),
    )
    assert pumped(*steps, minutes=60).dose_mg == Decimal(14)


def test_a_raised_rate_flows_from_its_moment_on():
    steps = (Doing(Step.STARTED, AT, Decimal(6)), Doing(Step.RATE_RAISED, after(30), Decimal(12)))
    assert pumped(*steps, minutes=45).dose_mg == Decimal(6)


def test_parts_add_up_from_the_moment_each_was_given():
    steps = (
        Doing(Step.STARTED, AT, part_mg=Decimal(28)),
        Doing(Step.GIVEN, after(5), part_mg=Decimal(28)),
        Doing(Step.COMPLETED, after(6)),
    )
    found = [given(steps, at=after(m)) for m in (-1, 0, 4.9, 5, 600)]
    assert [(each.dose_mg, each.parts) for each in found] == [(0, 0), (28, 1), (28, 1), (56, 2), (56, 2)]


def test_an_injection_says_its_volume_too():
    found = given([Doing(Step.STARTED, AT, part_mg=Decimal(35))], at=AT, concentration_mg_per_ml=Decimal(50))
    assert (found.dose_mg, found.volume_ml, found.rate_ml_per_hour) == (Decimal(35), Decimal("0.7"), 0)


steps = st.lists(
    st.tuples(
        st.integers(0, 4 * HOUR),
        st.sampled_from(["flow", "flow", "halt", "syringe"]),
        st.integers(1, 120_000),
        st.integers(0, 60_000),
    ),
    min_size=1,
    max_size=14,
)


def doings_of(found: list) -> list[Doing]:
    made = []
    for index, (at, kind, rate, drawn) in enumerate(sorted(found, key=lambda each: each[0])):
        step = Step.PAUSED if kind == "halt" else Step.SYRINGE_CHANGED
        if index == 0 or kind == "flow":
            step = Step.STARTED if index == 0 else FLOWS[rate % len(FLOWS)]
        moment = AT + timedelta(microseconds=at)
        made.append(Doing(step, moment, Decimal(rate) / 1000, Decimal(drawn) / 1000))
    return made


def oracle(doings: list[Doing], first_ml: Fraction, until: datetime) -> Fraction:
    """Cut the time into syringes, add up each one's flow in exact fractions, and hold it at what it contained."""
    syringes, rate, since = [[first_ml, Fraction(0)]], Fraction(0), until
    for doing in [each for each in doings if each.at <= until]:
        if rate:
            syringes[-1][1] += rate * ((doing.at - since) // timedelta(microseconds=1))
        since = doing.at
        rate = Fraction(doing.rate_ml_per_hour) if doing.step in (Step.STARTED, *FLOWS) else Fraction(0)
        if doing.step is Step.SYRINGE_CHANGED:
            syringes.append([Fraction(doing.drawn_ml), Fraction(0)])
    syringes[-1][1] += rate * max((until - since) // timedelta(microseconds=1), 0)
    return sum((min(held, flow / HOUR) for held, flow in syringes), Fraction(0))


@generated(steps, st.integers(0, 5 * HOUR), st.integers(0, 60_000))
def test_what_was_pumped_equals_the_oracle_and_never_exceeds_what_was_drawn(found, until, first):
    doings, at = doings_of(found), AT + timedelta(microseconds=until)
    answer = given(doings, at=at, concentration_mg_per_ml=CONCENTRATION, drawn_ml=Decimal(first) / 1000)
    exact = oracle(doings, Fraction(first, 1000), at) * 2
    drawn = first + sum(int(d.drawn_ml * 1000) for d in doings if d.step is Step.SYRINGE_CHANGED and d.at <= at)
    assert 0 <= exact - Fraction(answer.dose_mg) < Fraction(2, 1000)
    assert answer.dose_mg <= CONCENTRATION * drawn / 1000


@generated(steps, st.lists(st.integers(0, 5 * HOUR), min_size=2, max_size=6), st.booleans())
def test_the_amount_never_falls_as_time_goes_on(found, moments, in_parts):
    doings = doings_of(found)
    if in_parts:
        doings = [Doing(Step.STARTED if i == 0 else Step.GIVEN, d.at, part_mg=d.drawn_ml) for i, d in enumerate(doings)]
    so_far = [
        given(
            doings,
            at=AT + timedelta(microseconds=each),
            concentration_mg_per_ml=CONCENTRATION,
            drawn_ml=None if in_parts else Decimal(9),
        ).dose_mg
        for each in sorted(moments)
    ]
    assert so_far == sorted(so_far)


@generated(st.lists(st.tuples(st.integers(0, 600), st.integers(0, 84_000)), max_size=9), st.integers(0, 700))
def test_what_was_given_in_parts_is_their_sum(found, minute):
    ordered = sorted(found)
    doings = [Doing(Step.GIVEN, after(m), part_mg=Decimal(thousandths) / 1000) for m, thousandths in ordered]
    answer = given(doings, at=after(minute))
    assert answer.dose_mg * 1000 == sum(thousandths for m, thousandths in ordered if m <= minute)


@pytest.mark.parametrize(
    ("given_mg", "minutes", "at", "expected"),
    [
        (0, [], 0, (56, 28, None, True)),
        (28, [0], 4.99, (28, 28, 5, False)),
        (28, [0], 5, (28, 28, 5, True)),
        (42, [0, 3], 8, (14, 14, 8, True)),
        (56, [0, 5], 60, (0, 0, 10, False)),
        (84, [0, 5, 10], 60, (0, 0, 15, False)),
    ],
)
def test_the_next_device_is_offered_when_its_minutes_have_passed_and_something_is_left(given_mg, minutes, at, expected):
    found = next_part(
        ordered_mg=Decimal(56),
        unit_mg=Decimal(28),
        given_mg=Decimal(given_mg),
        given_at=[after(m) for m in minutes],
        minutes_apart=5,
    )
    left, part, from_minute, offered = expected
    assert (found.left_mg, found.next_mg, found.is_offered(after(at))) == (left, part, offered)
    assert found.from_moment == (None if from_minute is None else after(from_minute))


def test_without_units_all_that_is_left_comes_next_and_nothing_is_waited_for():
    found = next_part(ordered_mg=Decimal(35), unit_mg=None, given_mg=Decimal(0), given_at=[AT], minutes_apart=None)
    assert (found.next_mg, found.from_moment, found.is_offered(AT)) == (35, None, True)


def dose(**more: object) -> DoseRule:
    usual = {"rule": "fixed", "drug": "ketamine", "route": "oral", "amount": 10, "unit": "mg"}
    return DoseRule(**{**usual, "source": "site", "reference": "own", **more})


DEVICE = {"amount": 5, "unit": "mg", "minutes_apart": 5, "source": "site", "reference": "own"}
STEP = {"id": "begin", "amount": 1, "source": "site", "reference": "own"}


@pytest.mark.parametrize(
    ("more", "manner", "fourth", "somewhere"),
    [
        ({"route": "intravenous", "over_minutes": 40}, Manner.INFUSION, "rate", False),
        ({"route": "intravenous"}, Manner.INJECTION, "injection", True),
        ({"route": "intramuscular"}, Manner.INJECTION, "injection", True),
        ({"route": "intranasal", "devices": DEVICE}, Manner.DEVICES, "devices", True),
        ({"route": "intranasal"}, Manner.MOUTH, "form", False),
        ({"route": "sublingual"}, Manner.MOUTH, "form", False),
        (
            {"route": "intravenous", "rule": "per_kilogram_hour", "unit": "mg/kg/h", "amount": 1, "over_minutes": 60},
            Manner.INFUSION,
            "rate",
            False,
        ),
        (
            {
                "route": "intravenous", "rule": "per_kilogram_hour", "unit": "mg/kg/h", "amount": 1, "over_minutes": 60,
                "titration": [STEP],
            },
            Manner.TITRATION,
            "rate",
            False,
        ),
    ],
)  # fmt: skip
def test_a_protocols_dose_says_how_it_is_given_and_what_two_people_confirm(more, manner, fourth, somewhere):
    assert manner_of(dose(**more)) is manner
    assert time_out_items(manner)[3] == fourth
    assert bool(places(manner)) is somewhere
