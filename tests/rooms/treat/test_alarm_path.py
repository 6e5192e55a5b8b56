"""The watch over the alert path, with the real tables: pages beat, what is dead calls, and somebody takes it or is told."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.urls import reverse

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import Scope, scoped
from daybreak.treat import public as treat
from daybreak.treat.actions.steps import NotYourPart
from daybreak.treat.models import OpenAlarm, Presence
from tests.rooms.treat.stage import planned, turn_alarms_on

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


class Watch:
    """A session under watch at dawn, whose signs were just read, and the rounds of the watch."""

    def __init__(self, world):
        turn_alarms_on(world)
        self.world, self.stage = world, planned(world).started()
        self.stage.read()
        self.device, self.page = new_key(), new_key()

    def beat(self, *, role="nurse", seconds=0.0, **other):
        at = self.stage.at(seconds / 60)
        state = {"visible": True, "sound": True, "hears": True, "heard": 0, "device_at": at}
        usual = {"page": self.page, "device": self.device, "session": self.stage.session} | state
        with scoped(self.stage.scope(role)) as scope:
            treat.beat(scope, **(usual | other), at=at)

    def round(self, seconds=0.0, **other):
        with scoped(Scope("dawn", None, "a round")) as scope:
            return treat.watch_over(scope, at=self.stage.at(seconds / 60), **other)

    def alarms(self, kind="path"):
        with scoped(self.stage.scope()) as scope:
            return [each for each in treat.alarms_of(scope, self.stage.session) if each.alarm.kind == kind]

    def open(self, kind="path"):
        return [each.alarm.limit_id for each in self.alarms(kind) if each.is_open]


@pytest.fixture
def watch(world):
    return Watch(world)


def test_a_device_that_falls_silent_calls_once_names_its_owner_and_ends_when_it_is_back(watch):
    watch.beat()
    assert watch.round(5) == 0
    watch.round(1)
    assert watch.open() == ["device_lost"]
    assert watch.alarms()[0].alarm.about_account == watch.world.staff["dawn", "nurse"].key
    assert watch.round(1) == 0
    watch.beat()
    watch.round()
    assert watch.open() == []
    assert watch.alarms()[0].ended is not None


@pytest.mark.parametrize(
    ("state", "trouble"),
    [
        ({"visible": False}, "tab_asleep"),
        ({"sound": False}, "sound_blocked"),
        ({"hears": False}, "listener_dead"),
    ],
)
def test_a_page_that_says_it_cannot_call_calls_within_ten_seconds(watch, state, trouble):
    for _ in range(4):
        watch.beat(seconds=2, **state)
    watch.round(1)
    assert watch.open() == [trouble]


def test_a_clock_that_moves_calls_and_one_that_was_always_off_does_not(watch):
    off = timedelta(hours=-3)
    for jump, expected in ((0, []), (5, []), (5.002, ["clock_jumped"]), (0, [])):
        at = watch.stage.now + 2 * SECOND
        watch.beat(seconds=2, device_at=at + off + jump * SECOND)
        watch.round()
        assert watch.open() == expected


def test_a_page_that_says_goodbye_is_not_missed(watch):
    watch.beat()
    with scoped(watch.stage.scope()) as scope:
        treat.say_goodbye(scope, page=watch.page, at=watch.stage.at(0))
    assert watch.round(60, judge_pages=True) == 0
    assert watch.open() == []


def test_a_beat_that_was_on_its_way_does_not_bring_a_page_back_that_said_goodbye(watch):
    watch.beat()
    with scoped(watch.stage.scope()) as scope:
        treat.say_goodbye(scope, page=watch.page, at=watch.stage.at(0))
    watch.beat()
    watch.round(60)
    assert watch.open() == []


def test_a_device_that_was_opened_again_and_then_closed_is_not_lost_for_the_page_that_broke_off(watch):
    watch.beat()
    again = new_key()
    for _ in range(5):
        watch.beat(seconds=2, page=again)
    watch.round()
    assert watch.open() == []
    with scoped(watch.stage.scope()) as scope:
        treat.say_goodbye(scope, page=again, at=watch.stage.at(0))
    watch.round(60)
    assert watch.open() == []


def test_of_a_browser_that_was_killed_again_and_again_one_alarm_stands_open(watch):
    """Each time another browser, and each loss calls within ten seconds; the one before has been replaced by then."""
    for killed in range(1, 4):
        device, page = new_key(), new_key()
        for second in range(16):
            watch.beat(seconds=1, device=device, page=page)
            watch.round()
            assert len(watch.open()) <= 1, second
        assert watch.open() == [], "it hears, and the one before it is replaced"
        for _ in range(10):
            watch.round(1)
        assert watch.open() == ["device_lost"]
        assert [len(watch.alarms()), watch.alarms()[-1].alarm.about_key] == [killed, device]


def test_a_device_that_goes_beside_another_one_of_the_same_person_is_missed(watch):
    beside, its_page = new_key(), new_key()
    for _ in range(20):
        watch.beat(seconds=0.5)
        watch.beat(seconds=0.5, device=beside, page=its_page)
        watch.round()
    again = new_key()
    for _ in range(60):  # the other one even loads its page again
        watch.beat(seconds=1, device=beside, page=again)
        watch.round()
    assert [(each.alarm.about_key, each.is_open) for each in watch.alarms()] == [(watch.device, True)]


def test_after_the_watch_itself_was_away_no_page_is_judged(watch):
    watch.beat()
    watch.round(60, judge_pages=False)
    assert watch.open() == []


def test_nothing_calls_where_alarms_are_off(world):
    stage = planned(world, "dusk", chair="chair 2").started()
    with scoped(Scope("dusk", None, "a round")) as scope:
        assert treat.watch_over(scope, at=stage.at(60)) == 0


def test_a_missing_reading_calls_for_each_sign_and_ends_when_it_is_read(watch):
    watch.stage.at(12)
    watch.round()
    assert len(watch.open("missing")) == 5
    watch.stage.read(heart_rate=70)
    watch.round()
    assert {each.alarm.sign for each in watch.alarms("missing") if not each.is_open} == {"heart_rate"}
    watch.stage.at(12)
    watch.round()
    assert [each.alarm.sign for each in watch.alarms("missing")].count("heart_rate") == 2


def test_a_patient_who_went_home_is_missed_by_nobody(watch):
    watch.stage.at(12)
    watch.round()
    stage = watch.stage
    stage.step(treat.stop, reason="patient_asked")
    watch.round()
    assert watch.open("missing") == []


def test_what_nobody_takes_is_told_to_more_people_and_stays_told_once_taken(watch):
    watch.stage.read(systolic_pressure=185)
    watch.round(30)
    watch.round(30)
    alarm = watch.alarms("limit")[0]
    assert [(s.level, s.told) for s in alarm.steps] == [(1, "nurse"), (2, "nurse, clinician")]
    with scoped(watch.stage.scope()) as scope:
        treat.acknowledge(scope, key=new_key(), alarm=alarm.alarm.key, act="measured_again", at=watch.stage.at(0))
    watch.round(30)
    assert len(watch.alarms("limit")[0].steps) == 3


def test_a_pause_of_the_sound_ends_hides_nothing_and_covers_no_later_alarm(watch):
    watch.stage.read(systolic_pressure=185)
    key = new_key()
    with scoped(watch.stage.scope()) as scope:
        treat.pause_sound(scope, key=key, session=watch.stage.session, at=watch.stage.at(0))
        treat.pause_sound(scope, key=key, session=watch.stage.session, at=watch.stage.at(1))
    watch.stage.read(oxygen_saturation=80)
    at = watch.stage.now
    first, later = watch.alarms("limit")[0], watch.alarms("limit")[-1]
    assert [step.step for step in first.steps] == ["paused"]
    assert first.is_open
    assert first.is_quiet(at)
    assert not first.is_quiet(first.paused.until)
    assert not later.is_quiet(at)


def test_the_pause_needs_a_person_who_runs_sessions(watch):
    with scoped(watch.stage.scope("educator")) as scope, pytest.raises(NotYourPart):
        treat.pause_sound(scope, key=new_key(), session=watch.stage.session, at=watch.stage.at(0))


def test_where_alarms_are_on_somebody_hears_them_before_the_start(world):
    turn_alarms_on(world)
    stage = planned(world).check_in().weigh().gathered()
    stage.read()
    stage.ready().time_out()

    def blocked():
        now = stage.look()
        with scoped(stage.scope("clinician")) as scope:
            return [each.what for each in treat.starting(scope, now, at=stage.now).blockers]

    unheard = "Nobody has heard the alarms' sound for this session."
    assert unheard in blocked()
    stage.hear()
    assert unheard not in blocked()


def test_what_is_open_is_asked_of_what_is_open_and_not_of_what_ever_was(watch):
    def fetched():
        """Rows of alarms and of their steps that were looked at in this transaction so far."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0) FROM pg_stat_xact_user_tables"
                " WHERE relname IN ('treat_alarm', 'treat_alarmstep', 'treat_openalarm')"
            )
            return int(cursor.fetchone()[0])

    def look():
        before = fetched()
        with scoped(watch.stage.scope()) as scope:
            found = treat.open_alarms(scope)
        return [each.alarm.sign for each in found], fetched() - before

    for pressure in (185, 120) * 10:
        watch.stage.read(watch.stage.at(0.2), systolic_pressure=pressure)
        for each in watch.alarms("limit"):
            if each.is_open:
                with scoped(watch.stage.scope()) as scope:
                    at = watch.stage.at(0)
                    treat.acknowledge(scope, key=new_key(), alarm=each.alarm.key, act="looked_at_patient", at=at)
    assert len(watch.alarms("limit")) == 20
    none, rows_of_none = look()
    watch.stage.read(oxygen_saturation=80)
    some, _ = look()
    assert (none, rows_of_none, set(some)) == ([], 0, {"oxygen_saturation"})
    with scoped(watch.stage.scope()):
        waiting = set(OpenAlarm.objects.values_list("alarm_key", flat=True))
    assert waiting == {each.alarm.key for each in watch.alarms("limit") if each.is_open}


# The address of the beats


def send(client, **other):
    body = {
        "page": str(new_key()),
        "device": str(new_key()),
        "session": None,
        "at": int(datetime.now(UTC).timestamp() * 1000),
        "visible": True,
        "sound": True,
        "hears": True,
        "heard": 0,
    } | other
    where = reverse("treat:beat", kwargs={"site": "dawn"})
    return client.post(where, json.dumps(body), content_type="application/json")


def test_a_beat_answers_how_many_other_devices_would_hear(world, as_role):
    assert send(as_role("nurse")).json() == {"others": 0}
    assert send(as_role("clinician")).json() == {"others": 1}
    assert send(as_role("clinician"), sound=False).json() == {"others": 2}
    gone = str(new_key())
    send(as_role("nurse"), page=gone)
    send(as_role("nurse"), page=gone, goodbye=True)
    with scoped(world.scope("nurse")):
        assert Presence.objects.filter(left_at=None).count() == 3


def test_a_beat_that_is_none_is_refused_and_strangers_are_not_heard(as_role):
    nurse = as_role("nurse")
    for wrong in ({"page": "x"}, {"at": 10**17}, {"at": -1}, {"visible": "perhaps"}, {"heard": 2**60}, {"session": 7}):
        assert send(nurse, **wrong).status_code == 422
    assert send(as_role("nurse", "dusk")).status_code == 404
    assert send(as_role("educator")).status_code == 403


def test_what_nobody_took_is_told_to_the_roles_it_was_passed_on_to_and_names_no_patient(watch, as_role):
    def called(role, site="dawn"):
        answer = as_role(role, site).get(reverse("treat:called", kwargs={"site": "dawn"}))
        return answer.json()["called"] if answer.status_code == 200 else answer.status_code

    watch.stage.read(systolic_pressure=185)
    assert called("nurse") == []
    watch.round(30)
    assert [each["priority"] for each in called("nurse")] == ["high"]
    assert "185" in called("nurse")[0]["title"]
    assert called("site lead") == []
    watch.round(60)
    (told,) = called("site lead")
    assert (told["title"], told["address"]) == ("chair 1: nobody has taken it", None)
    watch.stage.read(diastolic_pressure=115)
    watch.round(30)
    (one_line_for_the_chair,) = called("nurse")
    assert "185" in one_line_for_the_chair["title"]
    assert one_line_for_the_chair["title"].endswith(" and 2 more")
    assert called("educator") == 403
    assert called("nurse", "dusk") == 404


def test_a_value_that_stays_beyond_calls_again_after_it_was_taken_only_once_it_has_been_within(watch):
    """What was measured before is looked up where, and only where, somebody has taken the call."""

    def read(pressure, seconds):
        watch.stage.read(watch.stage.at(seconds / 60), systolic_pressure=pressure)
        return len(called())

    def called():
        return [each for each in watch.alarms("limit") if each.alarm.limit_id == "systolic_severe"]

    assert [read(190, 5), read(191, 10)] == [1, 1]
    (call,) = called()
    with scoped(watch.stage.scope("nurse")) as scope:
        at = watch.stage.at(15 / 60)
        treat.acknowledge(scope, key=new_key(), alarm=call.alarm.key, act="looked_at_patient", at=at)
    assert [read(192, 20), read(130, 25), read(193, 30)] == [1, 1, 2]
