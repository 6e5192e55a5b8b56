"""What is kept in memory about a site is dropped the moment that it changes, whoever changed it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import Scope, scoped
from daybreak.treat import public as treat
from daybreak.treat.models import Alarm, Reading
from daybreak.treat.queries import bedside
from daybreak.treat.queries.bedside import KEPT_BACK
from tests.rooms.treat.stage import CHAIR, planned, turn_alarms_on
from tests.world.databases import a_database
from tests.world.people import make_world


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """Give a started session in a database of its own, where what is done is committed; the device at its chair."""
    with django_db_blocker.unblock(), a_database("bedside"):
        world = make_world()
        turn_alarms_on(world)
        stage = planned(world, hours_ago=1).started()
        with scoped(world.scope("site lead", stage.site)) as scope:
            treat.issue_device_token(scope, key=new_key(), chair=CHAIR, name="device", at=stage.now)
            (device,) = treat.devices(scope)
        yield stage, device
        connection.close()


def send(stage, device, value=70, *, seconds=1, later=True):
    """Let the device send a heart rate; return what became of it."""
    stage.now += timedelta(seconds=seconds)
    new = [treat.NewReading(new_key(), "heart_rate", Decimal(value), "/min", stage.now)]
    with scoped(Scope(stage.site, None, "a device")) as scope:
        return treat.record_readings(scope, new, at=stage.now, device=device)[0]


def send_at_once(stage, device, *values, known=None, keys=()):
    """Let the device send saturations of one moment, to be stored by what is known; return their answers, or None."""
    stage.now += timedelta(seconds=1)
    keys = [*keys, *(new_key() for _ in values)][: len(values)]
    new = [
        treat.NewReading(key, "oxygen_saturation", Decimal(value), "%", stage.now)
        for key, value in zip(keys, values, strict=True)
    ]
    with scoped(Scope(stage.site, None, "a device")) as scope:
        known = known or treat.bedside(scope)
        found = treat.record_at_once(scope, [(device, new)], known=known, at=stage.now)
    return found and [each.answer for each in found]


def there(stage):
    """Return how many readings the device has at the site, and how many alarms there are."""
    with scoped(stage.scope()):
        return Reading.objects.filter(device_key__isnull=False).count(), Alarm.objects.filter(kind="limit").count()


def elsewhere(work):
    """Do it on a connection of its own, as another process would, and wait for it."""

    def doing():
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        other.submit(doing).result()


def looked_up(monkeypatch):
    """Count how often the stays of a chair are looked up."""
    asked = []
    monkeypatch.setattr(bedside, "stays_in", lambda *of, **more: asked.append(more) or real(*of, **more))
    real = treat.stays_around.__globals__["stays_in"]
    return asked


def test_what_another_connection_commits_counts_for_the_next_reading_and_is_looked_up_once(committed, monkeypatch):
    stage, device = committed
    assert send(stage, device).answer == "stored"
    asked = looked_up(monkeypatch)
    assert [send(stage, device).answer for _ in range(3)] == ["stored"] * 3
    assert asked == []
    elsewhere(lambda: stage.step(treat.stop, reason="patient_asked"))
    elsewhere(lambda: stage.step(treat.begin_recovery))
    assert send(stage, device).answer == "stored"
    assert len(asked) == 1


def test_a_change_that_is_undone_leaves_nothing_behind(committed):
    stage, device = committed
    assert send(stage, device).answer == "stored"
    with transaction.atomic():
        stage.step(treat.stop, reason="patient_asked")
        with scoped(stage.scope()) as scope:
            assert bedside.bedside(scope).judging(stage.session).ended_at is not None
        transaction.set_rollback(True)
    with scoped(stage.scope()) as scope:
        assert bedside.bedside(scope).judging(stage.session).ended_at is None


def test_a_change_under_way_counts_once_it_is_committed_however_long_it_took(committed):
    """The snapshot of what is kept was taken while it ran, and later changes have come and gone."""
    stage, device = committed
    with transaction.atomic():
        stage.step(treat.stop, reason="patient_asked")
        elsewhere(lambda: send(stage, device, seconds=-30))

        def still_runs():
            with scoped(stage.scope()) as scope:
                assert bedside.bedside(scope).judging(stage.session).ended_at is None

        elsewhere(still_runs)
    with scoped(stage.scope()) as scope:
        assert bedside.bedside(scope).judging(stage.session).ended_at is not None


def test_a_value_from_before_the_start_that_comes_late_changes_the_baseline(committed):
    stage, device = committed
    assert send(stage, device).answer == "stored"
    with scoped(stage.scope()) as scope:
        kept = bedside.bedside(scope).judging(stage.session)
    late = [treat.NewReading(new_key(), "heart_rate", Decimal(55), "/min", kept.started_at - timedelta(seconds=20))]
    with scoped(Scope(stage.site, None, "a device")) as scope:
        assert treat.record_readings(scope, late, at=stage.now, device=device)[0].answer == "stored"
    with scoped(stage.scope()) as scope:
        assert bedside.bedside(scope).judging(stage.session).baseline["heart_rate"].value == 55


def test_what_calls_for_nobody_is_one_statement_and_what_calls_raises_its_alarm_in_the_same_step(committed):
    stage, device = committed
    assert send_at_once(stage, device, 98) == ["stored"]
    with scoped(Scope(stage.site, None, "a device")) as scope:
        known = treat.bedside(scope)
        known.judging(stage.session)
    with CaptureQueriesContext(connection) as asked:
        assert send_at_once(stage, device, 97, known=known) == ["stored"]
    assert len([each for each in asked if "set_config('app." not in each["sql"]]) == 1
    assert there(stage) == (2, 0)
    assert send_at_once(stage, device, 96, 85, known=known) == ["stored", "stored"]
    assert there(stage) == (4, 2)  # two limits lie above it


@pytest.mark.parametrize("value", [98, 85])
def test_nothing_is_stored_by_what_no_longer_holds(committed, value):
    stage, device = committed
    assert send_at_once(stage, device, 98) == ["stored"]
    with scoped(Scope(stage.site, None, "a device")) as scope:
        known = treat.bedside_unasked(scope)
    elsewhere(lambda: stage.step(treat.stop, reason="patient_asked"))
    assert send_at_once(stage, device, value, known=known) is None
    assert there(stage) == (1, 0)


@pytest.mark.parametrize("value", [98, 85])
def test_what_is_there_already_is_left_to_the_longer_way_and_nothing_of_it_is_half_stored(committed, value):
    stage, device = committed
    key = new_key()
    assert send_at_once(stage, device, 98, keys=[key]) == ["stored"]
    assert send_at_once(stage, device, value, 97, keys=[key]) is None
    readings, alarms = there(stage)
    assert alarms == 0
    assert readings == (2 if value == 98 else 1)


def test_a_reading_from_before_what_is_kept_is_looked_up(committed):
    stage, device = committed
    assert send(stage, device).answer == "stored"
    old = treat.NewReading(new_key(), "heart_rate", Decimal(70), "/min", stage.now - KEPT_BACK - timedelta(days=1))
    with scoped(Scope(stage.site, None, "a device")) as scope:
        found = treat.record_readings(scope, [old], at=stage.now, device=device)[0]
    assert found.answer == "refused"


def test_a_device_that_is_ended_elsewhere_is_unknown_at_once(committed):
    stage, _ = committed
    lead = stage.scope("site lead")
    with scoped(lead) as scope:
        token = treat.issue_device_token(scope, key=new_key(), chair=CHAIR, name="another", at=stage.now)
    from daybreak.treat.actions.devices import hash_of

    with scoped(Scope(stage.site, None, "sign in")) as scope:
        another = bedside.bedside(scope).device_with(hash_of(token))
        assert another is not None

    def end():
        with scoped(lead) as scope:
            treat.end_device(scope, key=new_key(), device=another.key, at=stage.now)

    elsewhere(end)
    with scoped(Scope(stage.site, None, "sign in")) as scope:
        assert bedside.bedside(scope).device_with(hash_of(token)) is None
