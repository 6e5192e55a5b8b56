"""What calls beside the limits: missing readings, streams that stopped, devices that no longer hear; and who is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from daybreak.kernel.permissions import ROLE_WORDS
from daybreak.measure.public import library
from daybreak.people.public import ROLES
from daybreak.rulebook.public import PATHS, Escalation
from daybreak.treat.rules.alarms import LastCall
from daybreak.treat.rules.watching import (
    Page,
    dead_paths,
    is_missing_news,
    is_replaced,
    missing_readings,
    passed_on,
    stopped_streams,
)

AT = datetime(2026, 2, 3, 14, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DEVICE, OTHER, ACCOUNT, SESSION = uuid4(), uuid4(), uuid4(), uuid4()


@pytest.fixture
def calling():
    return library().calling("bedside")


@pytest.fixture
def signs():
    return library().protocol("ketamine_iv_40min", 1).during.signs


def page(**other):
    return replace(Page(DEVICE, ACCOUNT, SESSION, AT), **other)


def troubles(calling, *pages, seconds=0.0):
    return [each.trouble for each in dead_paths(pages, at=AT + seconds * SECOND, calling=calling)]


def test_the_shipped_definition_calls_within_ten_seconds_and_tells_roles_that_there_are(calling):
    assert all(calling.of(trouble).seconds <= 6 for trouble in PATHS)
    assert {role for each in calling.escalation for role in each.to} <= set(ROLES)


def test_a_role_that_no_site_has_is_named_with_the_nearest_one():
    said = {"priority": "high", "every_seconds": 30, "source": "site", "reference": "site:values"}
    with pytest.raises(ValueError, match=r"“clinican” is no role of a site; did you mean “clinician”\?"):
        Escalation.model_validate({**said, "to": ["nurse", "clinican"]})
    assert set(ROLE_WORDS) == set(ROLES)


@pytest.mark.parametrize(
    ("other", "seconds", "expected"),
    [
        ({}, 5.9, []),
        ({}, 6, ["device_lost"]),
        ({"session": None}, 60, []),
        ({"hidden_since": AT}, 5.9, []),
        ({"hidden_since": AT}, 6, ["tab_asleep"]),
        ({"hidden_since": AT}, 600, ["tab_asleep"]),
        ({"beat_at": AT + 60 * SECOND, "blocked_since": AT + 55 * SECOND}, 60, []),
        ({"beat_at": AT + 60 * SECOND, "blocked_since": AT + 54 * SECOND}, 60, ["sound_blocked"]),
        ({"beat_at": AT + 60 * SECOND, "deaf_since": AT}, 60, ["listener_dead"]),
        ({"beat_at": AT + 60 * SECOND, "moved_since": AT + 60 * SECOND}, 60, ["clock_jumped"]),
        ({"beat_at": AT + 60 * SECOND, "deaf_since": AT, "hidden_since": AT}, 60, ["tab_asleep", "listener_dead"]),
    ],
)
def test_a_device_calls_when_it_can_no_longer_hear(calling, other, seconds, expected):
    assert troubles(calling, page(**other), seconds=seconds) == expected


def test_what_one_page_of_a_device_cannot_another_page_of_it_may(calling):
    late = AT + 60 * SECOND
    asleep = page(hidden_since=AT, blocked_since=AT, deaf_since=AT)
    assert troubles(calling, asleep, page(session=None, beat_at=late), seconds=60) == []
    assert troubles(calling, asleep, page(device=OTHER, beat_at=late), seconds=60) == ["tab_asleep"]
    assert troubles(calling, page(), page(beat_at=late), seconds=60) == []


LOST_AT, NOW = AT, AT + 30 * SECOND
HERE, THERE = (DEVICE, ACCOUNT, SESSION), (OTHER, ACCOUNT, SESSION)


@pytest.mark.parametrize(
    ("other", "opened_after", "expected"),
    [
        ({}, 18, True),
        ({}, 18.1, False),  # it has not been there for twice as long as a silence is waited for
        ({}, 0.1, True),
        ({}, 0, False),
        ({}, -600, False),  # it was there before: of two devices, one is missing
        ({"account": uuid4()}, 10, False),
        ({"session": uuid4()}, 10, False),
        ({"device": DEVICE}, 10, False),
        ({"beat_at": NOW - 6 * SECOND}, 10, False),
        ({"hidden_since": NOW}, 10, False),
        ({"blocked_since": NOW}, 10, False),
        ({"deaf_since": NOW}, 10, False),
    ],
)
def test_a_lost_device_is_replaced_by_a_later_one_of_the_same_person_at_the_same_chair(
    calling, other, opened_after, expected
):
    lost, later = page(beat_at=LOST_AT), replace(page(device=OTHER, beat_at=NOW), **other)
    pages = [lost, later]
    (dead,) = [each for each in dead_paths([lost], at=NOW, calling=calling) if each.device == DEVICE]
    opened = {HERE: AT - 3600 * SECOND, later.at_chair: LOST_AT + opened_after * SECOND}
    assert is_replaced(dead, pages, opened=opened, at=NOW, calling=calling) is expected


def test_a_device_that_beats_and_cannot_call_is_never_replaced(calling):
    mute = page(beat_at=NOW, blocked_since=AT)
    (dead,) = dead_paths([mute], at=NOW, calling=calling)
    later = page(device=OTHER, beat_at=NOW)
    assert not is_replaced(dead, [mute, later], opened={THERE: NOW - 20 * SECOND}, at=NOW, calling=calling)


def test_a_reading_is_missing_from_the_end_of_its_grace_on(calling, signs):
    def missing(minutes, **read):
        moments = {sign: AT + timedelta(minutes=m) for sign, m in read.items()}
        at = AT + timedelta(minutes=minutes)
        return {m.sign for m in missing_readings(signs, started_at=AT, read_at=moments, at=at, calling=calling)}

    every = {sign.sign for sign in signs}
    assert missing(1.99) == set()
    assert missing(2) == every
    assert missing(11.99, **dict.fromkeys(every, 0)) == set()
    assert missing(12, **dict.fromkeys(every, 0)) == every
    assert missing(12, **(dict.fromkeys(every, 0) | {"heart_rate": 5})) == every - {"heart_rate"}


def test_the_protocols_own_priority_of_a_missing_sign_holds_before_the_sites(calling, signs):
    own = signs[0].model_copy(update={"missing_priority": "high", "missing_advise": "Read it."})
    found = missing_readings(
        [own, *signs[1:]], started_at=AT, read_at={}, at=AT + timedelta(minutes=5), calling=calling
    )
    assert {each.sign: each.priority for each in found if each.priority != "low"} == {own.sign: "high"}
    assert next(each.advice for each in found if each.sign == own.sign) == "Read it."


@pytest.mark.parametrize(
    ("call", "ended", "minutes", "expected"),
    [
        (None, False, 0, True),
        (LastCall(AT, None), False, 600, False),
        (LastCall(AT, None), True, 0, True),
        (LastCall(AT, AT), False, 9.9, False),
        (LastCall(AT, AT), False, 10, True),
    ],
)
def test_a_missing_reading_calls_again_after_the_protocols_interval(signs, call, ended, minutes, expected):
    at = AT + timedelta(minutes=minutes)
    assert is_missing_news(signs, "heart_rate", call=call, ended=ended, at=at) is expected


def test_only_what_came_in_a_stream_is_missed_when_it_stops(calling):
    def stopped(*seconds, at, late=0.0):
        arrivals = [(DEVICE, AT + s * SECOND, AT + (s + late) * SECOND) for s in seconds for _ in range(5)]
        return set(stopped_streams(arrivals, at=AT + at * SECOND, calling=calling))

    assert stopped(0, 1, 2, at=7.9) == set()
    assert stopped(0, 1, 2, at=8) == {DEVICE}
    assert stopped(0, 5, 10, at=16) == {DEVICE}
    assert stopped(0, 600, 1200, at=1300) == set()
    assert stopped(0, at=60) == set()
    assert stopped(0, 1, 2, at=8, late=3) == set()


@pytest.mark.parametrize(
    ("seconds", "level", "expected"),
    [
        (29, 0, None),
        (30, 0, (1, ("nurse",))),
        (59, 1, None),
        (95, 1, (3, ("nurse", "clinician", "site lead"))),
        (95, 3, None),
        (120, 3, None),
        (7200, 3, None),
    ],
)
def test_an_alarm_that_nobody_takes_is_told_to_more_and_more(calling, seconds, level, expected):
    at = AT + seconds * SECOND
    assert passed_on(calling, priority="high", raised_at=AT, level=level, at=at) == expected
