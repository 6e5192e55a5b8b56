"""How much alarms ask of a team: counted by hand, and as the published view and the lead's page show it."""

from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest
from django.db import connections
from django.urls import reverse

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import Scope, scoped
from daybreak.treat import public as treat
from daybreak.treat.rules.burden import Called, Infusion, burden
from tests.rooms.treat.stage import planned, turn_alarms_on

AT = datetime(2026, 2, 3, 14, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def called(minute, *, wait=None, act="measured_again", **other):
    moment = AT + minute * MINUTE
    seen = None if wait is None else moment + timedelta(seconds=wait)
    usual = {"ended": False, "paused": False, "passed_on": False} | other
    return Called(moment, seen, act if seen else "", **usual)


def test_alarms_are_counted_in_an_hour_of_infusion_and_by_what_became_of_them():
    first = Infusion(AT, AT + 40 * MINUTE)
    second = Infusion(AT, None)
    calls = [
        called(0, wait=10),
        called(39, wait=30, act="false_alarm", paused=True),
        called(40, wait=60, passed_on=True),
        called(20, ended=True),
        called(21),
    ]
    found = burden([(first, calls), (second, [])], at=AT + 20 * MINUTE)
    assert found.infusion_hours == pytest.approx(1)
    assert (found.raised, found.during, found.per_hour) == (5, 4, pytest.approx(4))
    assert (found.acknowledged, found.acted_on, found.false) == (3, 2, 1)
    assert (found.ended, found.waiting, found.paused, found.passed_on) == (1, 1, 1, 1)
    assert (found.median_seconds, found.slowest_seconds) == (30, 60)


def test_without_an_infusion_there_is_no_rate():
    assert burden([], at=AT).per_hour is None
    assert burden([], at=AT).median_seconds is None


@pytest.mark.django_db
def test_the_lead_sees_the_burden_and_the_published_view_counts_the_same(world, as_role):
    turn_alarms_on(world)
    stage = planned(world).started()
    stage.read(systolic_pressure=185, oxygen_saturation=98)
    with scoped(stage.scope()) as scope:
        alarm = treat.alarms_of(scope, stage.session)[0].alarm
        treat.acknowledge(scope, key=new_key(), alarm=alarm.key, act="measured_again", at=stage.at(1))
    with scoped(Scope("dawn", None, "a round")) as scope:
        treat.watch_over(scope, at=stage.at(13))
    page = as_role("site lead").get(reverse("treat:burden", kwargs={"site": "dawn"}))
    assert page.status_code == 200
    assert "alarms in an hour of infusion" in page.content.decode()
    assert as_role("nurse").get(reverse("treat:burden", kwargs={"site": "dawn"})).status_code == 403
    with scoped(stage.scope()), connections["default"].cursor() as cursor:
        cursor.execute((files("daybreak.treat") / "published" / "alarms.sql").read_text())
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    severe = next(row for row in rows if row["limit_id"] == "systolic_severe")
    missing = [row for row in rows if row["limit_id"] == "missing_reading"]
    assert (severe["alarms"], severe["acknowledged"], severe["acted_on"], severe["slowest_seconds"]) == (1, 1, 1, 60)
    assert {row["kind"] for row in missing} == {"missing"}
    assert (sum(row["alarms"] for row in missing), sum(row["acknowledged"] for row in missing)) == (5, 0)
