"""Every page of the infusion room: the team 200, a colleague without the role 403, a stranger from another site 404."""

from uuid import uuid4

import pytest
from django.urls import reverse

from daybreak.design.public import clock
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.treat import public as treat
from daybreak.treat.web.frame import zone_of
from tests.rooms.treat.stage import BASELINE, planned, turn_alarms_on

pytestmark = pytest.mark.django_db


def address(name: str, **more: object) -> str:
    return reverse(f"treat:{name}", kwargs={"site": "dawn", **more})


def test_todays_page_names_the_session_and_what_it_needs(world, as_role):
    planned(world, hours_ago=0.1).check_in()
    page = as_role("nurse").get(address("today"))
    assert page.status_code == 200
    assert "Pia Sommer" in page.content.decode()
    assert "Weigh" in page.content.decode()


@pytest.mark.parametrize("name", ["today", "setup"])
def test_a_stranger_finds_nothing_and_a_colleague_without_the_role_is_refused(world, as_role, name):
    assert as_role("nurse", "dusk").get(address(name)).status_code == 404
    assert as_role("educator").get(address(name)).status_code == 403


def test_each_stage_of_a_session_has_its_page(world, as_role):
    stage = planned(world)
    client = as_role("clinician")
    for step in ("check_in", "weigh", "gathered", "ready", "time_out"):
        assert client.get(address("prepare", session=stage.session)).status_code == 200
        getattr(stage, step)()
    assert client.get(address("prepare", session=stage.session)).status_code == 200
    stage.read()
    stage.step(treat.start, "clinician")
    assert client.get(address("chair", session=stage.session)).status_code == 200
    stage.step(treat.complete, minutes=40)
    stage.step(treat.begin_recovery)
    assert client.get(address("after", session=stage.session)).status_code == 200
    assert client.get(address("summary", session=stage.session)).status_code == 200


@pytest.mark.parametrize("name", ["session", "prepare", "chair", "after", "summary", "readings", "alarms"])
def test_another_sites_session_does_not_exist(world, as_role, name):
    stage = planned(world).started()
    there = reverse(f"treat:{name}", kwargs={"site": "dusk", "session": stage.session})
    assert as_role("nurse", "dusk").get(there).status_code == 404
    assert as_role("nurse", "dusk").get(address(name, session=stage.session)).status_code == 404
    assert as_role("educator").get(address(name, session=stage.session)).status_code == 403
    assert as_role("nurse").get(address(name, session=uuid4())).status_code == 404


def test_the_walk_by_forms_alone(world, as_role):
    stage = planned(world, hours_ago=0)
    nurse, clinician = as_role("nurse"), as_role("clinician")
    here = {"session": stage.session}

    def send(client, name, **said):
        return client.post(address(name, **here), {"key": new_key(), **said}, follow=True)

    assert send(nurse, "check_in").status_code == 200
    weighed = send(nurse, "weigh", weight="70,5", unit="kg", height_cm="172", concentration="1")
    assert "35.2 mg" in weighed.content.decode()
    send(nurse, "readings", **{sign: str(value) for sign, (value, _) in BASELINE.items()})
    asked = treat.questions(stage.look().protocol, "before_each_dose")
    answers = {q.id: "yes" if q.kind == "yes_no" else q.choices[0] for q in asked}
    for role, part in (("clinician", "physician_in_charge"), ("nurse", "nurse")):
        send(nurse, "member", account=world.staff["dawn", role].key, role=part)
    send(nurse, "equipment", item=[item.id for item in stage.look().protocol.equipment])
    send(nurse, "ready", **answers)
    items = dict.fromkeys(treat.TIME_OUT_ITEMS, "on")
    send(nurse, "time_out", order=stage.look().order.key, **items)
    assert "In the way" in nurse.get(address("prepare", **here)).content.decode()
    send(clinician, "time_out", order=stage.look().order.key, **items)
    chair = send(clinician, "start")
    assert chair.redirect_chain[-1][0] == address("chair", **here)
    nurse.post(address("step", step="pause", **here), {"key": new_key(), "reason": "nausea"})
    assert stage.look().state == treat.State.PAUSED


def test_a_form_sent_twice_is_one_step(world, as_role):
    stage, key = planned(world, hours_ago=0), new_key()
    for _ in range(2):
        as_role("nurse").post(address("check_in", session=stage.session), {"key": key})
    assert [step.key for step in stage.look().steps] == [key]


def test_a_refused_weight_keeps_what_was_typed(world, as_role):
    stage = planned(world).check_in()
    said = {"key": new_key(), "weight": "700", "unit": "kg", "concentration": "1"}
    page = as_role("nurse").post(address("weigh", session=stage.session), said)
    assert page.status_code == 422
    assert 'value="700"' in page.content.decode()
    assert "cannot be right" in page.content.decode()


def test_the_second_person_at_one_device_needs_their_own_password(world, as_role):
    stage = planned(world, hours_ago=0.5).check_in().weigh()
    stage.read()
    stage.ready().time_out("nurse")
    second = world.staff["dawn", "clinician"]
    second.set_password("a long and quiet morning")
    second.save()
    items = dict.fromkeys(treat.TIME_OUT_ITEMS, "on")
    said = {"second": "1", "signer": second.key, "order": stage.look().order.key, **items}
    where = address("time_out", session=stage.session)
    wrong = as_role("nurse").post(where, {"key": new_key(), "password": "not this", **said})
    assert wrong.status_code == 422
    assert stage.look().time_out == []
    as_role("nurse").post(where, {"key": new_key(), "password": "a long and quiet morning", **said})
    assert {check.signed_by for check in stage.look().time_out} == {
        world.staff["dawn", r].key for r in ("nurse", "clinician")
    }


def test_the_page_says_that_alarms_are_off_until_the_site_has_assessed_them(world, as_role):
    stage = planned(world).started()
    where = address("chair", session=stage.session)
    assert "Alarms are off at this site" in as_role("nurse").get(where).content.decode()
    turn_alarms_on(world)
    page = as_role("nurse").get(where).content.decode()
    assert "Alarms are off at this site" not in page
    assert "does not replace the primary bedside monitor" in page


def test_new_readings_are_drawn_by_asking_what_arrived_since(world, as_role):
    stage = planned(world).started()
    where = address("readings", session=stage.session)
    first = as_role("nurse").get(where).json()
    stage.read(systolic_pressure=150)
    second = as_role("nurse").get(f"{where}?after={first['after']}").json()
    assert ("systolic_pressure", 150.0) in [(r["sign"], r["value"]) for r in second["readings"]]
    assert next(t for t in second["tiles"] if t["sign"] == "systolic_pressure")["change"] == "▲ +26 from 124"


def test_a_typed_reading_that_cannot_be_right_is_named_and_kept(world, as_role):
    stage = planned(world, hours_ago=1).started()
    said = {"key": new_key(), "oxygen_saturation": "970"}
    page = as_role("nurse").post(address("readings", session=stage.session), said, follow=True)
    assert "waits in the tray" in page.content.decode()


def test_a_site_lead_registers_a_device_and_sees_its_token_once(world, as_role):
    lead = as_role("site lead")
    page = lead.post(address("new_device"), {"key": new_key(), "chair": "chair 1", "name": "monitor"})
    assert "dbk.dawn." in page.content.decode()
    assert "dbk.dawn." not in lead.get(address("setup")).content.decode()


def test_completing_is_asked_about_while_a_part_of_the_dose_is_missing(world, as_role):
    stage, nurse = planned(world, hours_ago=0.2).started(), as_role("nurse")
    complete = {"session": stage.session, "step": "complete"}

    asked = nurse.post(address("step", **complete), {"key": new_key()}, follow=True).content.decode()

    assert stage.look().state == treat.State.RUNNING
    for words in ("has not been given", "Go on", "Stop for good", "Complete all the same"):
        assert words in asked
    nurse.post(address("step", **complete), {"key": new_key(), "short": "1"})
    assert stage.look().state == treat.State.COMPLETED


def test_completing_a_dose_that_is_in_asks_nothing(world, as_role):
    stage = planned(world, hours_ago=2).started()
    as_role("nurse").post(address("step", session=stage.session, step="complete"), {"key": new_key()})
    assert stage.look().state == treat.State.COMPLETED


def test_a_refused_reading_keeps_what_was_typed_and_says_what_is_wrong_beside_it(world, as_role):
    stage = planned(world).started()
    typed = {"key": new_key(), "systolic_pressure": "90", "diastolic_pressure": "95"}
    page = as_role("nurse").post(address("readings", session=stage.session), typed)
    assert page.status_code == 422
    for words in ('value="90"', 'value="95"', "not below the systolic one", 'aria-invalid="true"'):
        assert words in page.content.decode()


def test_a_refused_event_keeps_what_was_typed(world, as_role):
    stage = planned(world).started()
    typed = {"key": new_key(), "term": "nausea", "note": "After ten minutes"}
    page = as_role("nurse").post(address("event", session=stage.session), typed)
    assert page.status_code == 422
    assert "After ten minutes" in page.content.decode()


def test_the_strip_keeps_time_amount_and_the_worst_reading_since_the_start_in_sight(world, as_role):
    stage = planned(world).started()
    stage.read(systolic_pressure=150, oxygen_saturation=95)
    where, when = address("readings", session=stage.session), clock(stage.now, zone_of(stage.scope()))
    near = {"sign": "Oxygen saturation", "value": "95", "limit": f"%, limit 94, {when}", "beyond": False}
    assert as_role("nurse").get(where).json()["worst"] == near
    stage.at(5)
    stage.read(oxygen_saturation=99, sedation=5)
    assert as_role("nurse").get(where).json()["worst"] == near
    page = as_role("nurse").get(address("chair", session=stage.session)).content.decode()
    assert page.index("Oxygen saturation</span></p>") < page.index("</section>", page.index('class="strip"'))
    summary = as_role("nurse").get(address("summary", session=stage.session)).content.decode()
    assert f"Oxygen saturation 95 %, limit 94, {when}" in summary


def test_what_is_beyond_a_limit_now_is_marked_at_its_own_figure(world, as_role):
    stage = planned(world).started()
    stage.read(oxygen_saturation=88)
    tile = {
        each["sign"]: each for each in as_role("nurse").get(address("readings", session=stage.session)).json()["tiles"]
    }
    assert tile["oxygen_saturation"]["beyond"]
    assert tile["oxygen_saturation"]["change"].endswith("beyond 90")
    assert not tile["heart_rate"]["beyond"]
    stage.at(1)
    stage.read(oxygen_saturation=97)
    later = as_role("nurse").get(address("readings", session=stage.session)).json()
    assert not any(each["beyond"] for each in later["tiles"])
    assert later["worst"]["beyond"]


def test_all_alarms_that_were_shown_are_acknowledged_at_once_and_later_ones_go_on(world, as_role):
    stage = planned(world).started()
    turn_alarms_on(world)
    stage.read(systolic_pressure=185, diastolic_pressure=112)
    with scoped(stage.scope()) as scope:
        shown = [each.alarm.key for each in treat.open_alarms(scope)]
    stage.at(1)
    stage.read(oxygen_saturation=88)

    said = {"key": new_key(), "act": "looked_at_patient", "alarm": shown}
    as_role("nurse").post(address("acknowledge_all", session=stage.session), said)

    with scoped(stage.scope()) as scope:
        still_open = {each.alarm.sign for each in treat.open_alarms(scope)}
    assert len(shown) > 1
    assert still_open == {"oxygen_saturation"}


def test_an_amount_that_was_given_reads_the_same_everywhere(world, as_role):
    stage = planned(world, hours_ago=1).started()
    stage.step(treat.stop, minutes=7.31, reason="other")
    page = as_role("nurse").get(address("chair", session=stage.session)).content.decode()
    exact = stage.look().steps[-1].values["given_mg"]
    assert len(exact.split(".")[1]) == 3
    assert exact not in page


def test_the_drawn_dose_stands_still_once_the_syringe_is_empty(world, as_role):
    stage = planned(world, hours_ago=2).started()
    dose = as_role("nurse").get(address("readings", session=stage.session)).json()["dose"]
    assert [mg for _, mg in dose] == [0.0, float(stage.look().order.dose_mg), float(stage.look().order.dose_mg)]
    assert dose[1][0] - dose[0][0] == pytest.approx(40 * 60, abs=30)


def test_a_page_of_a_refused_reading_that_is_loaded_again_leads_to_the_session(world, as_role):
    stage = planned(world).started()
    again = as_role("nurse").get(address("readings", session=stage.session), headers={"accept": "text/html"})
    assert again.url == address("session", session=stage.session)
