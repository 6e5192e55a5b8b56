"""What is due at the bedside, and what is due afterwards."""

from datetime import UTC, datetime, timedelta

from daybreak.rulebook.bedside import Sign
from daybreak.rulebook.public import due, planned
from tests.definitions.shipped import library

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
PROTOCOL = library().protocol("ketamine_iv_40min", 1)


def after(minutes):
    return START + timedelta(minutes=minutes)


def test_every_sign_is_due_at_the_start():
    assert {each.due_at for each in due(PROTOCOL.during.signs, started_at=START, read_at={})} == {START}


def test_the_next_reading_is_due_an_interval_after_the_last():
    read = {sign.sign: [START, after(11)] for sign in PROTOCOL.during.signs}

    first = due(PROTOCOL.during.signs, started_at=START, read_at=read)[0]

    assert first.due_at == after(21)
    assert not first.is_overdue(after(22.9))
    assert first.is_overdue(after(23))


def test_a_sign_that_nobody_reads_comes_first():
    read = {sign.sign: [after(10)] for sign in PROTOCOL.during.signs if sign.sign != "sedation"}

    assert due(PROTOCOL.during.signs, started_at=START, read_at=read)[0].sign == "sedation"


def test_a_reading_from_before_the_session_counts_for_nothing():
    read = {"heart_rate": [START - timedelta(hours=1)]}

    rates = [each for each in due(PROTOCOL.during.signs, started_at=START, read_at=read) if each.sign == "heart_rate"]

    assert rates[0].due_at == START


def test_named_minutes_are_done_once_each():
    sign = Sign(
        sign="systolic_pressure",
        unit="mm[Hg]",
        at_minutes=(40,),
        grace_minutes=5,
        source="label",
        reference="own",
    )

    assert due([sign], started_at=START, read_at={"systolic_pressure": [after(10)]})[0].due_at == after(40)
    assert due([sign], started_at=START, read_at={"systolic_pressure": [after(36)]}) == []


def test_follow_up_moves_with_the_last_session():
    second = START + timedelta(days=3)
    plan = planned(PROTOCOL, [second, START])

    assert [each.due_at for each in plan if each.rule == "day_after"] == [
        after(24 * 60),
        second + timedelta(days=1),
    ]
    assert [each.due_at for each in plan if each.rule == "week_after"] == [second + timedelta(days=7)]
    weekly = [each.due_at - second for each in plan if each.rule == "weekly"]
    assert weekly == [timedelta(days=14), timedelta(days=21), timedelta(days=28)]
    assert plan == sorted(plan, key=lambda each: each.due_at)


def test_a_window_opens_before_and_closes_after():
    each = next(each for each in planned(PROTOCOL, [START]) if each.rule == "day_after")

    assert each.opens_at < each.due_at < each.closes_at


def test_without_a_session_nothing_is_planned():
    assert planned(PROTOCOL, []) == []
