"""Readings from devices: replay-safe, bound to a site and a chair, and no body brings the server down."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.ledger.public import TrayItem, standing
from daybreak.treat import public as treat
from tests.rooms.treat.stage import accepted_patient, planned, turn_alarms_on

pytestmark = pytest.mark.django_db


def token_for(world, site: str = "dawn", chair: str = "chair 1") -> str:
    turn_alarms_on(world, site)
    with scoped(world.scope("site lead", site)) as scope:
        return treat.issue_device_token(scope, key=new_key(), chair=chair, name="monitor", at=world.now)


def post(token: str | None, body: object, *, raw: bytes | None = None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    data = raw if raw is not None else json.dumps(body)
    return Client().post("/api/readings", data, content_type="application/json", headers=headers)


def one(stage, **other: object) -> dict:
    usual = {
        "key": str(new_key()),
        "sign": "heart_rate",
        "value": 80,
        "unit": "/min",
        "measured_at": stage.now.isoformat(),
    }
    return {**usual, **other}


def stored(stage) -> list:
    with scoped(stage.scope()) as scope:
        return [(r.sign, float(r.value)) for r in treat.readings_of(scope, stage.session) if r.device_key]


def tray(stage) -> list[str]:
    with scoped(stage.scope()) as scope:
        return [item.reason for item in standing(TrayItem).filter(site=scope.site)]


def test_a_batch_is_stored_once_however_often_it_is_sent(world):
    stage, token = planned(world).started(), token_for(world)
    batch = {"readings": [one(stage), one(stage, sign="oxygen_saturation", value=97.5, unit="%")]}
    first, second = post(token, batch), post(token, batch)
    assert [a["answer"] for a in first.json()["answers"]] == ["stored", "stored"]
    assert [a["answer"] for a in second.json()["answers"]] == ["same", "same"]
    assert sorted(stored(stage)) == [("heart_rate", 80.0), ("oxygen_saturation", 97.5)]


def test_a_pressure_in_another_unit_is_stored_as_every_page_shows_it_and_sent_again_is_the_same(world):
    stage, token = planned(world).started(), token_for(world)
    batch = {"readings": [one(stage, sign="systolic_pressure", value=17.5, unit="kPa")]}
    answers = [post(token, batch).json()["answers"][0]["answer"] for _ in range(2)]
    assert answers == ["stored", "same"]
    assert stored(stage) == [("systolic_pressure", 131.261)]


def test_a_replay_after_the_patient_left_is_still_the_same_reading(world):
    stage, token = planned(world).started(), token_for(world)
    batch = {"readings": [one(stage)]}
    post(token, batch)
    stage.step(treat.complete, minutes=40)
    assert post(token, batch).json()["answers"][0]["answer"] == "same"


def test_a_key_that_returns_with_another_value_is_refused_and_kept(world):
    stage, token = planned(world).started(), token_for(world)
    first = one(stage)
    post(token, {"readings": [first]})
    again = post(token, {"readings": [{**first, "value": 81}]}).json()["answers"][0]
    assert again["answer"] == "refused"
    assert stored(stage) == [("heart_rate", 80.0)]
    assert len(tray(stage)) == 1


def test_a_key_that_another_site_uses_too_loses_nothing(world):
    here, there = planned(world).started(), planned(world, "dusk").started()
    key = str(new_key())
    for stage, value in ((here, 70), (there, 90)):
        answer = post(token_for(world, stage.site), {"readings": [one(stage, key=key, value=value)]})
        assert answer.json()["answers"][0]["answer"] == "stored"
    assert (stored(here), stored(there)) == ([("heart_rate", 70.0)], [("heart_rate", 90.0)])


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"value": 900}, "cannot be right"),
        ({"unit": "kPa"}, "cannot be read"),
        ({"unit": ""}, "cannot be read"),
        ({"sign": "mood"}, "not a sign"),
        ({"value": "many"}, "value: a number is expected here."),
        ({"value": True}, "number"),
        ({"measured_at": "2026-02-03T10:00:00"}, "timezone"),
        ({"measured_at": "9999-12-31T23:59:59-12:00"}, "future"),
        ({"measured_at": "1970-01-01T00:00:00Z"}, "No session"),
        ({"measured_at": "0001-01-01T00:00:00+14:00"}, "cannot be meant"),
        ({"extra": 1}, "extra"),
    ],
)
def test_a_reading_that_cannot_be_right_is_refused_alone_and_kept(world, other, reason):
    stage, token = planned(world).started(), token_for(world)
    bad = {"readings": [one(stage, **other), one(stage)]}
    answers = post(token, bad).json()["answers"]
    assert [a["answer"] for a in answers] == ["refused", "stored"]
    assert reason in answers[0]["reason"]
    post(token, bad)
    assert len(tray(stage)) == 1


def test_a_device_cannot_write_to_another_chairs_or_another_sites_session(world):
    mine = planned(world).started()
    other = planned(world, patient=accepted_patient(world, family="Winter"), chair="chair 2").started()
    foreign = planned(world, "dusk").started()
    token = token_for(world)
    for stage in (other, foreign):
        answer = post(token, {"readings": [one(stage, session=str(stage.session))]}).json()["answers"][0]
        assert answer["answer"] == "refused"
        assert stored(stage) == []
    assert stored(mine) == []


def test_a_token_is_good_for_its_own_site_only_and_until_it_is_ended(world):
    stage, token = planned(world).started(), token_for(world)
    assert post(token.replace("dawn", "dusk"), {"readings": [one(stage)]}).status_code == 401
    assert post(None, {"readings": []}).status_code == 401
    assert post("dbk.nowhere.secret", {"readings": []}).status_code == 401
    with scoped(world.scope("site lead")) as scope:
        treat.end_device(scope, key=new_key(), device=treat.devices(scope)[0].key, at=world.now)
    assert post(token, {"readings": [one(stage)]}).status_code == 401


@pytest.mark.parametrize(
    ("raw", "status", "error"),
    [
        (b"", 411, "length_required"),
        (b"{", 400, "not_json"),
        (b"\xff\xfe", 400, "not_json"),
        (b'{"readings": [NaN]}', 400, "not_json"),
        (b"[" * 100_000, 400, "not_json"),
        (b'{"readings": ' + b"[" * 300 + b"]" * 300 + b"}", 400, "too_deep"),
        (b'{"readings": ' + b"9" * 5000 + b"}", 400, "not_json"),
        (b"[]", 400, "not_a_batch"),
        (b'{"readings": {}}', 400, "not_a_batch"),
        (b'{"readings": [' + b"1," * 1000 + b"1]}", 413, "too_many"),
        (b" " * 1_000_001, 413, "too_large"),
    ],
)
def test_a_body_that_is_no_batch_is_a_named_error(world, raw, status, error):
    answer = post(token_for(world), None, raw=raw)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("\x00\ud800")
odd = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)
fields = st.sampled_from(["key", "sign", "value", "unit", "measured_at", "session", "other"])
almost = st.dictionaries(
    fields, odd | st.sampled_from(["heart_rate", "/min", "2026-02-03T10:00:00Z", str(uuid4())]), max_size=7
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(almost | odd, max_size=4))
def test_no_body_brings_the_server_down(world, items):
    token = getattr(world, "token", None) or token_for(world)
    world.token = token
    body = json.dumps({"readings": items}).replace("NaN", "null").replace("Infinity", "1e999")
    answer = post(token, None, raw=body.encode("utf-8", "surrogatepass"))
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert len(answer.json()["answers"]) == len(items)


def test_a_breach_raises_one_alarm_with_its_advice_and_none_while_it_waits(world):
    stage = planned(world).started()
    turn_alarms_on(world)
    token = token_for(world)
    for minutes, value in ((0, 179), (1, 180), (2, 190)):
        moment = (stage.now + timedelta(minutes=minutes)).isoformat()
        post(
            token,
            {"readings": [one(stage, sign="systolic_pressure", unit="mm[Hg]", value=value, measured_at=moment)]},
        )
    with scoped(stage.scope()) as scope:
        found = [(a.alarm.limit_id, float(a.alarm.value)) for a in treat.alarms_of(scope, stage.session)]
    assert ("systolic_severe", 180.0) in found
    assert [limit for limit, _ in found].count("systolic_severe") == 1


def test_without_an_assessment_a_typed_reading_is_stored_and_nothing_calls(world):
    stage = planned(world).started()
    assert [each.answer for each in stage.read(systolic_pressure=200)] == ["stored"]
    with scoped(stage.scope()) as scope:
        assert treat.alarms_of(scope, stage.session) == []


def test_without_a_standing_assessment_devices_are_off(world):
    stage = planned(world).started()
    with scoped(world.scope("site lead")) as scope:
        token = treat.issue_device_token(scope, key=new_key(), chair="chair 1", name="monitor", at=world.now)
    answer = post(token, {"readings": [one(stage)]})
    assert (answer.status_code, answer.json()["error"]) == (403, "off")
    assert (stored(stage), tray(stage)) == ([], [])
