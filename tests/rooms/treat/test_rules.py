"""What may follow what, how much was given, what keeps a dose from starting, and when a reading calls for someone."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st

from daybreak.kernel.truth import Truth
from daybreak.measure.public import library
from daybreak.rulebook.public import Answer, Decision, Reading, Verdict
from daybreak.treat.rules import alarms, readings, weight
from daybreak.treat.rules.amount import Doing, given
from daybreak.treat.rules.blockers import Signed, of_verdict, standing_signatures
from daybreak.treat.rules.leaving import LeavingFacts, may_leave, observed_minutes
from daybreak.treat.rules.route import Manner
from daybreak.treat.rules.start import StartFacts, may_start
from daybreak.treat.rules.steps import (
    ALLOWED,
    LEADS_TO,
    REASONS,
    NotNow,
    State,
    Step,
    check_allowed,
    offered,
    state_after,
)

AT = datetime(2026, 2, 3, 14, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def after(minutes: float) -> datetime:
    return AT + timedelta(minutes=minutes)


# Steps


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("manner", Manner)
def test_a_step_is_taken_from_the_states_of_the_table_and_from_no_other(state, step, manner):
    reason = REASONS.get(step, ("",))[0]
    if step in ALLOWED[state] and step in offered(state, manner):
        check_allowed(state, step, reason=reason, manner=manner)
    else:
        with pytest.raises(NotNow):
            check_allowed(state, step, reason=reason, manner=manner)


@pytest.mark.parametrize(
    ("manner", "while_running"),
    [
        (Manner.INFUSION, {"paused", "rate_changed", "syringe_changed", "completed", "stopped"}),
        (Manner.TITRATION, {"paused", "rate_changed", "rate_raised", "syringe_changed", "completed", "stopped"}),
        (Manner.INJECTION, {"given", "completed", "stopped"}),
        (Manner.DEVICES, {"given", "completed", "stopped"}),
        (Manner.MOUTH, {"given", "completed", "stopped"}),
    ],
)
def test_each_way_of_giving_offers_its_own_steps(manner, while_running):
    assert offered(State.RUNNING, manner) == while_running
    for state in State:
        assert offered(state, manner) or state in (State.DISCHARGED, State.CANCELLED)


def test_every_step_leads_somewhere_and_every_state_can_be_left_or_is_the_end():
    assert set(LEADS_TO) == set(Step)
    assert {state for state in State if not ALLOWED[state]} == {State.DISCHARGED, State.CANCELLED}
    assert set(LEADS_TO.values()) | {State.PLANNED} == set(State)


def test_nothing_runs_that_was_not_timed_out_first():
    assert [state for state in State if Step.STARTED in ALLOWED[state]] == [State.TIMED_OUT]


@pytest.mark.parametrize("step", REASONS)
def test_a_step_that_needs_a_reason_is_refused_without_one_of_the_list(step):
    state = next(state for state in State if step in ALLOWED[state])
    for reason in ("", "because"):
        with pytest.raises(NotNow, match="Say why"):
            check_allowed(state, step, reason=reason)


def test_the_state_is_the_last_steps():
    assert state_after([]) is State.PLANNED
    assert state_after(["checked_in", "weighed"]) is State.WEIGHED
    assert state_after(["started", "paused", "resumed", "rate_changed"]) is State.RUNNING


# Amount given


def amount(*doings: Doing, minutes: float, drawn: str = "35"):
    return given(doings, at=after(minutes), concentration_mg_per_ml=Decimal(1), drawn_ml=Decimal(drawn))


def test_forty_minutes_at_the_ordered_rate_give_the_dose():
    assert amount(Doing(Step.STARTED, AT, Decimal("52.5")), minutes=40).dose_mg == Decimal("35")


def test_a_pause_gives_nothing():
    steps = (Doing(Step.STARTED, AT, Decimal(60)), Doing(Step.PAUSED, after(10)))
    assert [amount(*steps, minutes=m).dose_mg for m in (10, 15, 600)] == [Decimal(10)] * 3


def test_the_syringe_cannot_give_more_than_it_held_and_the_moment_is_named():
    found = amount(Doing(Step.STARTED, AT, Decimal(60)), minutes=50, drawn="35")
    assert (found.dose_mg, found.ran_dry_at, found.rate_ml_per_hour) == (Decimal(35), after(35), Decimal(0))


def test_a_step_in_the_future_of_the_question_does_not_count_yet():
    steps = (Doing(Step.STARTED, AT, Decimal(60)), Doing(Step.PAUSED, after(10)))
    assert amount(*steps, minutes=5).dose_mg == Decimal(5)


acts = st.lists(
    st.tuples(st.integers(0, 3_600_000_000), st.sampled_from(["flow", "halt"]), st.integers(1, 120_000)),
    max_size=12,
)


@generated(acts, st.integers(0, 5_000_000_000), st.integers(1, 200_000))
def test_the_amount_equals_an_independent_sum_over_exact_fractions(found, until, drawn_thousandths):
    moments = sorted(found, key=lambda act: act[0])
    doings = [
        Doing(
            Step.STARTED if i == 0 else Step.RESUMED if kind == "flow" else Step.PAUSED,
            AT + timedelta(microseconds=at),
            Decimal(rate) / 1000,
        )
        for i, (at, kind, rate) in enumerate(moments)
    ]
    answer = given(
        doings,
        at=AT + timedelta(microseconds=until),
        concentration_mg_per_ml=Decimal(2),
        drawn_ml=Decimal(drawn_thousandths) / 1000,
    )
    flows = [
        (at, Fraction(rate, 1000) if i == 0 or kind == "flow" else Fraction(0))
        for i, (at, kind, rate) in enumerate(moments)
    ]
    edges = [*(f for f in flows if f[0] <= until), (until, Fraction(0))]
    volume = sum((rate * (end - start) for (start, rate), (end, _) in pairwise(edges)), Fraction(0)) / 3_600_000_000
    expected = min(volume, Fraction(drawn_thousandths, 1000)) * 2
    assert 0 <= expected - Fraction(answer.dose_mg) < Fraction(2, 1000)


# May it start


def criterion(name: str, truth: Truth, *, otherwise: str = "postpone", override: str = "clinician") -> Answer:
    return Answer(
        id=name, question=f"{name}?", truth=truth, reason="Because.", used=(), missing=(), source="site", reference="site:values",
        verified=True, note="", otherwise=otherwise, override=override, advice="",
    )  # fmt: skip


def verdict(*answers: Answer) -> Verdict:
    return Verdict(Decision.ALLOW, answers, "before_each_dose", "p", 1, "f")


def start_facts(**other: object) -> StartFacts:
    usual = {
        "state": State.TIMED_OUT, "verdict": verdict(criterion("pressure", Truth.MET)), "standing_missing": (), "consent": True,
        "accepted": True, "has_order": True, "signers": frozenset({uuid4(), uuid4()}), "starter": uuid4(), "chair_taken": False,
    }  # fmt: skip
    return StartFacts(**{**usual, **other})


def test_nothing_in_the_way_lets_the_infusion_start():
    assert may_start(start_facts()).allowed


@pytest.mark.parametrize(
    ("other", "what", "who"),
    [
        ({"consent": None}, "Consent", "patient"),
        ({"consent": False}, "Consent", "patient"),
        ({"accepted": None}, "accepted", "clinician"),
        ({"accepted": False}, "accepted", "clinician"),
        ({"starter": None}, "Nobody is signed in", "nurse"),
        (
            {"standing_missing": ("ACLS certificate expired on 2 February 2026",)},
            "may not start",
            "site lead",
        ),
        ({"has_order": False}, "no dose", "nurse"),
        ({"signers": frozenset()}, "two people", "nurse"),
        ({"signers": frozenset({uuid4()})}, "two people", "nurse"),
        ({"chair_taken": True}, "chair", "nurse"),
        ({"state": State.READY}, "preparation", "nurse"),
        ({"verdict": verdict(criterion("pressure", Truth.NOT_MET))}, "pressure", "clinician"),
        ({"verdict": verdict(criterion("pressure", Truth.UNKNOWN))}, "pressure", "clinician"),
        ({"verdict": verdict(criterion("escort", Truth.UNKNOWN, otherwise="inform"))}, "escort", "clinician"),
    ],
)
def test_each_thing_in_the_way_is_named_with_who_can_change_it(other, what, who):
    may = may_start(start_facts(**other))
    assert not may.allowed
    blocker = next(b for b in may.blockers if what in b.what)
    assert blocker.why
    assert any(who in each for each in blocker.who)


def test_what_only_informs_does_not_block():
    may = may_start(start_facts(verdict=verdict(criterion("weight", Truth.NOT_MET, otherwise="inform"))))
    assert may.allowed
    assert [n.what for n in may.notices] == ["weight?"]


@pytest.mark.parametrize(("override", "signed", "allowed"), [
    ("clinician", 0, False), ("clinician", 1, True), ("two_clinicians", 1, False), ("two_clinicians", 2, True), ("nobody", 5, False),
])  # fmt: skip
def test_an_override_needs_as_many_clinicians_as_the_protocol_says(override, signed, allowed):
    people = frozenset(uuid4() for _ in range(signed))
    may = of_verdict(verdict(criterion("pressure", Truth.NOT_MET, override=override)), signed_for={"pressure": people})
    assert may.allowed is allowed


def test_consent_cannot_be_overridden():
    may = may_start(start_facts(consent=False, signed_for={"consent": frozenset({uuid4(), uuid4()})}))
    assert not may.allowed


def test_a_signature_for_an_unknown_does_not_cover_a_breach():
    signed = [Signed("pressure", "unknown", uuid4(), AT)]
    assert standing_signatures(verdict(criterion("pressure", Truth.NOT_MET)), signed) == {}
    assert set(standing_signatures(verdict(criterion("pressure", Truth.UNKNOWN)), signed)) == {"pressure"}


# May they leave


def leaving_facts(**other: object) -> LeavingFacts:
    usual = {
        "state": State.RECOVERY, "verdict": verdict(), "observed_minutes": 120, "minimum_minutes": 120,
        "protocol_asks_minutes": False, "standing_missing": (), "open_alarms": 0,
        "emergency_open": False,
    }  # fmt: skip
    return LeavingFacts(**{**usual, **other})


@pytest.mark.parametrize(("other", "allowed"), [
    ({}, True), ({"observed_minutes": 119}, False), ({"observed_minutes": None}, False), ({"open_alarms": 1}, False),
    ({"state": State.COMPLETED}, False), ({"standing_missing": ("no ACLS certificate",)}, False),
])  # fmt: skip
def test_nobody_leaves_before_the_observation_is_over_and_the_alarms_are_seen(other, allowed):
    assert may_leave(leaving_facts(**other)).allowed is allowed


def test_minutes_are_whole_and_count_from_the_end_of_the_dose():
    assert observed_minutes(since=AT, at=after(120) - timedelta(seconds=1)) == 119
    assert observed_minutes(since=AT, at=after(120)) == 120
    assert observed_minutes(since=None, at=AT) is None


# Alarms


def systolic(value: int) -> Reading:
    return Reading("systolic_pressure", Decimal(value), "mm[Hg]")


def called(value: int, *, before: int | None = None, calls: dict | None = None, minutes: float = 20) -> list[str]:
    protocol = library().protocol("ketamine_iv_40min", 1)
    found = alarms.news(
        protocol.during.limits,
        protocol.during.signs,
        baseline={"systolic_pressure": systolic(150)},
        reading=systolic(value),
        measured_at=after(minutes),
        before=systolic(before) if before else None,
        calls=calls or {},
    )
    return [breach.limit.id for breach in found]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (179, []),
        (180, ["systolic_severe"]),
        (190, ["systolic_severe"]),
        (191, ["systolic_severe", "systolic_rise"]),
    ],
)
def test_a_limit_calls_from_its_boundary_on(value, expected):
    assert called(value) == expected


def test_a_call_that_waits_is_not_repeated_and_an_acknowledged_one_returns():
    waiting = {"systolic_severe": alarms.LastCall(after(10), None)}
    seen = {"systolic_severe": alarms.LastCall(after(10), after(11))}
    assert called(185, before=185, calls=waiting) == []
    assert called(185, before=185, calls=seen, minutes=20) == []
    assert called(185, before=185, calls=seen, minutes=21) == ["systolic_severe"]
    assert called(185, before=170, calls=seen, minutes=12) == ["systolic_severe"]


def test_limits_are_those_of_the_stage_and_none_before_the_start():
    protocol = library().protocol("ketamine_iv_40min", 1)
    limits = [
        alarms.limits_at(protocol, measured_at=after(m), started_at=AT, ended_at=after(40)) for m in (-1, 0, 39.9, 40)
    ]
    assert [list(each) for each in limits] == [
        [],
        list(protocol.during.limits),
        list(protocol.during.limits),
        list(protocol.after.limits),
    ]
    assert alarms.limits_at(protocol, measured_at=AT, started_at=None, ended_at=None) == ()


@pytest.mark.parametrize(("conclusion", "on", "expected"), [
    ("alarms on", date(2026, 1, 1), True), ("alarms on", date(2025, 12, 31), False), ("alarms on", date(2026, 12, 31), True),
    ("alarms on", date(2027, 1, 1), False), ("alarms off", date(2026, 6, 1), False), (None, date(2026, 6, 1), False),
])  # fmt: skip
def test_alarms_are_on_only_while_an_assessment_says_so(conclusion, on, expected):
    assert (
        alarms.are_on(conclusion=conclusion, decided_on=date(2026, 1, 1), review_on=date(2027, 1, 1), on=on) is expected
    )


# Readings


def new(**other: object) -> readings.NewReading:
    usual = {
        "key": uuid4(),
        "sign": "oxygen_saturation",
        "value": Decimal(97),
        "unit": "%",
        "measured_at": AT,
    }
    return readings.NewReading(**{**usual, **other})


@pytest.mark.parametrize(("other", "trouble"), [
    ({}, None), ({"value": Decimal(101)}, "cannot be right"), ({"value": Decimal(30)}, None), ({"value": Decimal(29)}, "cannot be right"),
    ({"unit": "mm[Hg]"}, "cannot be read"), ({"unit": ""}, "cannot be read"), ({"measured_at": AT + MINUTE}, None),
    ({"measured_at": AT + MINUTE + timedelta(microseconds=1)}, "future"), ({"measured_at": datetime(1970, 1, 1, tzinfo=UTC)}, None),
])  # fmt: skip
def test_a_reading_that_cannot_be_right_is_named(other, trouble):
    definition = next(f for f in library().vocabulary("clinic").facts if f.id == "oxygen_saturation")
    found = readings.trouble(new(**other), definition=definition, at=AT)
    assert (trouble is None and found is None) or trouble in found


def stay(since: float, until: float | None, session=None) -> readings.Stay:
    return readings.Stay(session or uuid4(), uuid4(), "chair 1", after(since), None if until is None else after(until))


def test_a_reading_belongs_to_the_one_session_that_held_the_chair_then():
    first, second = stay(-60, -10), stay(-10, None)
    assert readings.place(new(), [first, second]) is second
    assert readings.place(new(measured_at=after(-10)), [first, second]) is second
    assert readings.place(new(measured_at=after(-11)), [first, second]) is first
    assert "No session" in readings.place(new(measured_at=after(-61)), [first, second])
    assert "Two sessions" in readings.place(new(), [stay(-60, None), second])
    assert "No session" in readings.place(new(session=uuid4()), [first, second])


@pytest.mark.parametrize(("value", "unit", "last", "doubt"), [
    (70, "kg", 71, False), (154, "kg", 70, True), (70, "[lb_av]", 70, True), (154, "[lb_av]", 70, False), (82, "kg", 70, False),
])  # fmt: skip
def test_a_weight_that_fits_the_other_unit_better_is_doubted(value, unit, last, doubt):
    assert weight.other_unit_fits_better(Decimal(value), unit=unit, last_kg=Decimal(last)) is doubt
