"""No two sessions hold one chair at one time, whoever plans them and however they are moved, renamed or cancelled."""

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import IntegrityError, connection

from daybreak.config.cluster import address
from daybreak.config.environment import installation
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.ledger.public import one_step
from daybreak.measure.public import library
from daybreak.people.public import site_named
from daybreak.treat import public as treat
from daybreak.treat.actions.steps import NotYourPart
from daybreak.treat.models import Booking, Move, Session
from daybreak.treat.rules.calendar import Period, length_of, next_free
from tests.rooms.treat.stage import accepted_patient, planned, set_up, turn_alarms_on

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("protocol", "version", "set_up_minutes", "minutes"),
    [
        ("ketamine_iv_40min", 2, 0, 40 + 120),
        ("ketamine_iv_40min", 2, 30, 40 + 120 + 30),
        ("esketamine_nasal_rems", 1, 15, 120 + 15),  # two hours from the first device, which is longer than all devices
    ],
)
def test_a_session_is_as_long_as_set_up_dose_and_observation(protocol, version, set_up_minutes, minutes):
    assert length_of(library().protocol(protocol, version), set_up_minutes=set_up_minutes) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("taken", "free_after_hours"),
    [
        ([], 0),
        ([(0, 1)], 1),
        ([(1, 2)], 0),  # half-open: one ends as the other begins
        ([(0, 1), (1, 2), (4, 5)], 2),
        ([(0, 1), (1.5, 3)], 3),  # the gap between is too short
        ([(-2, 0)], 0),
    ],
)
def test_the_next_free_time_is_the_first_gap_that_is_long_enough(taken, free_after_hours):
    periods = [Period(NINE + since * HOUR, NINE + until * HOUR) for since, until in taken]
    assert next_free(periods, since=NINE, length=HOUR) == NINE + free_after_hours * HOUR


def plan(stage, moment, chair="chair 1"):
    """Plan another session of the stage's course."""
    with scoped(stage.scope("clinician")) as scope:
        course = treat.session_now(scope, stage.session).course.key
        return treat.plan_session(scope, key=new_key(), course=course, planned_for=moment, chair=chair, at=stage.now)


def move(stage, moment, chair="chair 1", session=None, key=None):
    with scoped(stage.scope("clinician")) as scope:
        return treat.move_session(
            scope, key=key or new_key(), session=session or stage.session, planned_for=moment, chair=chair,
            reason="patient_asked", at=stage.now,
        )  # fmt: skip


@pytest.mark.django_db
def test_a_taken_chair_is_refused_with_who_and_when_and_the_next_free_time(world):
    first = planned(world)
    other = planned(world, patient=accepted_patient(world, family="Winter"), chair="chair 2")
    held = Period(first.now, first.now + timedelta(minutes=190))
    with pytest.raises(treat.ChairTaken) as refused:
        plan(other, first.now + HOUR)
    assert (refused.value.holder, refused.value.patient) == (first.session, first.patient)
    assert refused.value.held == held
    assert refused.value.free_at == held.until
    assert plan(other, held.until).planned_for == held.until


@pytest.mark.django_db
def test_a_cancelled_session_frees_its_chair_and_a_discharged_one_from_then_on(world):
    stage = planned(world)
    stage.step(treat.cancel_session, reason="patient_declined")
    again = plan(stage, stage.now)
    with scoped(stage.scope()) as scope:
        assert [each.session_key for each in treat.bookings(scope, since=stage.now)] == [again.key]


def here(moment: datetime) -> date:
    """Return the day of a moment by the clinic's clock."""
    return moment.astimezone(ZoneInfo(site_named("dawn").time_zone)).date()


@pytest.mark.django_db
def test_a_move_frees_the_old_time_and_keeps_the_history(world):
    stage, key = planned(world), new_key()
    set_up(world, chair="chair 2")
    first, later = stage.now, stage.now + timedelta(days=1)
    move(stage, later, "chair 2", key=key)
    move(stage, later, "chair 2", key=key)  # told twice
    back = move(stage, later + HOUR, "chair 1")
    now = stage.look().session
    assert (now.planned_for, now.chair) == (later + HOUR, "chair 1")
    with scoped(stage.scope()) as scope:
        assert Session.objects.get(key=stage.session).planned_for == first
        assert [each.key for each in treat.moves_of(scope, stage.session)] == [key, back.key]
        assert [line.key for line in treat.sessions_on(scope, here(later + HOUR))] == [stage.session]
        assert treat.sessions_on(scope, here(first)) == []
    assert plan(stage, first).chair == "chair 1"


@pytest.mark.django_db
def test_a_session_that_has_begun_is_not_moved(world):
    stage = planned(world).check_in()
    with pytest.raises(treat.NotNow, match="cannot be moved"):
        move(stage, stage.now + timedelta(days=1))


@pytest.mark.django_db
def test_a_renamed_chair_takes_its_sessions_and_devices_along(world):
    stage = planned(world, hours_ago=-2)
    turn_alarms_on(world)
    chair = set_up(world)
    with scoped(stage.scope("site lead")) as scope:
        treat.issue_device_token(scope, key=new_key(), chair="chair 1", name="monitor", at=stage.now)
        treat.change_chair(
            scope, key=new_key(), chair=chair, name="Window", treatment_room="Room 2", set_up_minutes=10,
            at=stage.now - 3 * HOUR,
        )  # fmt: skip
        assert [each.chair for each in treat.devices(scope)] == ["Window"]
        assert [each.name for each in treat.chairs(scope)] == ["Window"]
        with pytest.raises(treat.NotAChair, match="planned in Window"):
            treat.end_chair(scope, key=new_key(), chair=chair, at=stage.now - 3 * HOUR)
    assert stage.look().session.chair == "Window"


@pytest.mark.django_db
def test_only_who_manages_the_site_sets_chairs_up_and_a_name_is_given_once(world):
    set_up(world)
    chair = {"treatment_room": "Room 1", "set_up_minutes": 10, "at": world.now}
    with scoped(world.scope("nurse")) as scope, pytest.raises(NotYourPart):
        treat.set_up_chair(scope, key=new_key(), name="chair 2", **chair)
    with scoped(world.scope("site lead")) as scope, pytest.raises(treat.NotAChair, match="already"):
        treat.set_up_chair(scope, key=new_key(), name="Chair  1", **chair)


@pytest.mark.django_db
def test_the_database_refuses_what_the_application_forgot(world):
    stage, chair = planned(world), set_up(world)
    other = plan(stage, stage.now + timedelta(days=1))
    with scoped(stage.scope()):
        Booking.objects.filter(session_key=other.key).delete()
        clash = Booking(
            site="dawn", session_key=other.key, patient_key=stage.patient, chair_key=chair,
            begins_at=stage.now + HOUR, ends_at=stage.now + 5 * HOUR,
        )  # fmt: skip
        with pytest.raises(IntegrityError, match="treat_one_session_in_a_chair"), one_step():
            Booking.objects.bulk_create([clash])
        with pytest.raises(Exception, match="permission denied"), one_step(), connection.cursor() as cursor:
            cursor.execute("UPDATE treat_booking SET ends_at = begins_at + interval '1 minute'")


BOOK = """
    INSERT INTO treat_booking (site, session_key, patient_key, chair_key, begins_at, ends_at)
    VALUES ('dawn', gen_random_uuid(), gen_random_uuid(), %s, %s, %s)
"""


@pytest.mark.django_db
def test_of_two_transactions_the_second_waits_until_the_first_has_ended():
    where, chair = address(installation().cluster, "daybreak_app"), new_key()
    with psycopg.connect(where) as first, psycopg.connect(where) as second:
        for each in (first, second):
            each.execute("SELECT set_config('app.site', 'dawn', false)")
            each.execute("SET lock_timeout = '200ms'")
            each.commit()
            each.execute("SET CONSTRAINTS ALL DEFERRED")  # nothing of this is ever committed
        first.execute(BOOK, [chair, NINE, NINE + 2 * HOUR])
        second.execute("SAVEPOINT before")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            second.execute(BOOK, [chair, NINE + HOUR, NINE + 3 * HOUR])
        second.execute("ROLLBACK TO before")
        second.execute(BOOK, [chair, NINE + 2 * HOUR, NINE + 3 * HOUR])
        first.rollback()
        second.execute(BOOK, [chair, NINE + HOUR, NINE + 2 * HOUR])
        second.rollback()


@pytest.mark.django_db
def test_bookings_say_what_the_facts_say_after_any_sequence(world):
    chance = random.Random(7)
    stage = planned(world)
    set_up(world, chair="chair 2")
    open_ones = [stage.session]
    for _ in range(40):
        moment = stage.now + chance.randrange(90) * HOUR
        chair = chance.choice(("chair 1", "chair 2"))
        act = chance.choice(("plan", "plan", "move", "move", "cancel"))
        try:
            if act == "plan" or not open_ones:
                open_ones.append(plan(stage, moment, chair).key)
            elif act == "move":
                move(stage, moment, chair, chance.choice(open_ones))
            else:
                gone = open_ones.pop(chance.randrange(len(open_ones)))
                with scoped(stage.scope()) as scope:
                    treat.cancel_session(scope, key=new_key(), session=gone, reason="other", at=stage.at())
        except treat.ChairTaken:
            pass
    with scoped(stage.scope()) as scope:
        course = treat.session_now(scope, stage.session).course.key
        said = {
            (s.key, s.chair_key, s.planned_for, s.planned_until)
            for s in treat.sessions_of_course(scope, course)
            if s.state != "cancelled"
        }
        held = {
            (b.session_key, b.chair_key, b.begins_at, b.ends_at)
            for b in treat.bookings(scope, since=stage.now - timedelta(days=9))
        }
        assert Move.objects.exists()
    assert said == held
    assert len(held) > 2
