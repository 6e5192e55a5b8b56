"""How well a session was watched, by hand and against a slower way of counting."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import Scope, scoped
from daybreak.rulebook.public import Limit, Reading, Sign
from daybreak.treat import public as treat
from daybreak.treat.actions.quality import note_quality
from daybreak.treat.models import SessionQuality
from daybreak.treat.queries.quality import quality_of, stored_quality
from daybreak.treat.rules.quality import crossings, watched
from tests.rooms.treat.stage import CHAIR, planned, turn_alarms_on

START = datetime(2027, 1, 12, 10, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def sign(**plan: object) -> Sign:
    usual = {"sign": "heart_rate", "unit": "/min", "grace_minutes": 2, "source": "site", "reference": "site:values"}
    return Sign.model_validate({**usual, **plan})


def counted(line: Sign, minutes: list[float], *, until: float = 40) -> tuple[int, int, int]:
    found = watched([line], since=START, until=at(until), read_at={"heart_rate": [at(m) for m in minutes]})[0]
    assert found.asked == found.in_time + found.late + found.missed
    return found.in_time, found.late, found.missed


@pytest.mark.parametrize(
    ("minutes", "in_time", "late", "missed"),
    [
        ([0, 10, 20, 30], 4, 0, 0),
        ([-2, 8, 18, 28, 38], 5, 0, 0),
        ([-3, 0, 10, 20, 30], 4, 0, 0),
        ([2, 12, 22, 32], 4, 0, 0),
        ([2.1, 12.1, 22.1, 32.1], 3, 1, 0),
        ([0, 13, 23, 33], 3, 1, 0),
        ([0, 10, 35], 2, 1, 1),
        ([0, 30], 2, 0, 2),
        ([], 0, 0, 4),
        ([0, 10, 20], 3, 0, 1),
        ([0, 10, 20, 28], 4, 0, 1),
        ([0, 10, 20, 28.1], 4, 0, 0),
        ([0, 10, 20, 27.9], 3, 0, 1),
    ],
)
def test_a_repeated_sign_is_asked_for_an_interval_after_each_reading(minutes, in_time, late, missed):
    assert counted(sign(every_minutes=10), minutes) == (in_time, late, missed)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [([40], (1, 0, 1)), ([38, 60], (2, 0, 0)), ([37.9], (0, 0, 2)), ([45, 62], (1, 1, 0)), ([42, 43, 70], (1, 1, 0))],
)
def test_named_minutes_are_each_answered_by_a_reading_of_their_own_time(minutes, expected):
    assert counted(sign(at_minutes=[40, 60]), minutes, until=80) == expected


def test_gaps_and_delays_are_told_with_the_ends_of_the_stretch():
    found = watched([sign(every_minutes=10)], since=START, until=at(40), read_at={"heart_rate": [at(0), at(15)]})[0]
    assert (found.longest_gap, found.longest_delay) == (timedelta(minutes=25), timedelta(minutes=5))


@given(st.lists(st.integers(-5, 130), max_size=25), st.integers(1, 30), st.integers(0, 5), st.integers(1, 120))
def test_repeated_signs_agree_with_walking_minute_by_minute(minutes, every, grace, until):
    grace = min(grace, (every - 1) // 2)
    line = sign(every_minutes=every, grace_minutes=grace)
    moments = sorted(set(minutes))
    assert counted(line, moments, until=until) == walked(moments, every, grace, until)


def walked(moments: list[int], every: int, grace: int, until: int) -> tuple[int, int, int]:
    """The same, by a clock that ticks: whoever holds the schedule asks, waits out the grace, and asks again."""
    in_time = late = missed = 0
    due = 0
    for minute in range(-grace, until):
        if minute == due + every - grace:
            missed, due = missed + 1, due + every
        if minute in moments:
            if minute >= due - grace:
                in_time, late = (in_time + 1, late) if minute <= due + grace else (in_time, late + 1)
            due = minute + every
    while due + grace <= until:
        missed, due = missed + 1, due + every
    return in_time, late, missed


def limit(**test: object) -> Limit:
    usual = {
        "id": "severe", "sign": "systolic_pressure", "unit": "mm[Hg]", "priority": "high", "advise": "Look.",
        "source": "site", "reference": "site:values",
    }  # fmt: skip
    return Limit.model_validate({**usual, **test})


def pressure(minutes: float, value: int) -> tuple[datetime, Reading]:
    return at(minutes), Reading(sign="systolic_pressure", value=Decimal(value), unit="mm[Hg]")


@pytest.mark.parametrize(
    ("acts", "acted"), [([], None), ([9], None), ([12], 12), ([20], 20), ([21], None), ([15, 12], 12)]
)
def test_an_act_counts_while_the_limit_is_crossed(acts, acted):
    readings = [pressure(0, 120), pressure(10, 181), pressure(20, 150)]
    found = crossings([limit(at_least=180)], readings, baseline={}, acts=[at(m) for m in acts], until=at(40))
    assert [(each.at, each.over_at) for each in found] == [(at(10), at(20))]
    assert found[0].acted_at == (None if acted is None else at(acted))


def test_each_crossing_counts_once_however_many_readings_are_beyond():
    readings = [pressure(m, v) for m, v in ((0, 180), (5, 190), (10, 170), (15, 185), (20, 200))]
    found = crossings([limit(at_least=180)], readings, baseline={}, acts=[], until=at(40))
    assert [(each.at, each.over_at) for each in found] == [(at(0), at(10)), (at(15), None)]


def test_a_rise_is_judged_from_the_baseline_and_without_one_nothing_is_claimed():
    readings = [pressure(5, 165)]
    before = {"systolic_pressure": Reading(sign="systolic_pressure", value=Decimal(120), unit="mm[Hg]")}
    rise = [limit(rise_above=40)]
    assert len(crossings(rise, readings, baseline=before, acts=[], until=at(40))) == 1
    assert crossings(rise, readings, baseline={}, acts=[], until=at(40)) == []


@pytest.mark.django_db
def test_the_watch_is_counted_when_the_patient_leaves_and_shown_on_the_summary(as_role, world):
    stage = planned(world, hours_ago=4).started()
    for minutes in range(0, 40, 10):
        stage.read(stage.at(10 if minutes else 0.1), systolic_pressure=185 if minutes == 20 else 130, heart_rate=70)
    stage.step(treat.pause, reason="blood_pressure", minutes=1)
    with scoped(stage.scope()) as scope:
        until = stage.at(1)
        found = quality_of(scope, stage.look(), at=until)
        for _ in range(2):
            note_quality(scope, stage.look(), at=until)
        kept = SessionQuality.objects.get(site="dawn")
        assert {name: getattr(kept, name) for name in found.counts} == found.counts
        stage.read(stage.look().started_at + timedelta(minutes=20), oxygen_saturation=97)
        note_quality(scope, stage.look(), at=until)
        assert stored_quality(scope, stage.session).missed < kept.missed
    pressures = next(line for line in found.during if line.sign == "systolic_pressure")
    assert (pressures.in_time, pressures.late, pressures.missed) == (4, 0, 0)
    assert next(line for line in found.during if line.sign == "oxygen_saturation").missed > 0
    assert found.counts["crossed"] >= 1
    page = as_role("nurse").get(f"/at/dawn/treat/sessions/{stage.session}/summary/").content.decode()
    assert "How the watch was kept" in page


@pytest.mark.django_db
def test_what_a_device_sends_after_the_patient_has_left_is_counted_once_and_a_retry_changes_nothing(world):
    turn_alarms_on(world)
    stage = planned(world, hours_ago=3).started()
    with scoped(world.scope("site lead")) as scope:
        treat.issue_device_token(scope, key=new_key(), chair=CHAIR, name="device", at=stage.now)
        (device,) = treat.devices(scope)
    stage.step(treat.complete, minutes=40)
    stage.step(treat.begin_recovery)
    answers = {question.id: True for question in treat.questions(stage.look().protocol, "before_leaving")}
    stage.step(treat.note_leaving, minutes=20, answers=answers)
    why = {"stage": "before_leaving", "criterion": "observed_long_enough", "reason": "Lives next door."}
    stage.step(treat.sign_override, "clinician", **why)
    stage.step(treat.discharge, "clinician", minutes=5)
    began = stage.look().started_at
    late = [treat.NewReading(new_key(), "oxygen_saturation", Decimal(97), "%", began + timedelta(minutes=20))]

    def counted_now():
        with scoped(stage.scope()) as scope:
            return stored_quality(scope, stage.session), SessionQuality.objects.filter(site="dawn").count()

    before, _ = counted_now()
    for minutes in (1, 2):
        with scoped(Scope("dawn", None, "a device")) as scope:
            treat.record_readings(scope, late, at=stage.now + timedelta(minutes=minutes), device=device)
    after, rows = counted_now()
    assert after.missed < before.missed
    assert (after.corrects, rows) == (before.key, 2)
