"""Acts that waited on a device: each is stored once, at its own time, in its own person's name, or waits for a person."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now
from daybreak.kernel.scope import Scope, scoped
from daybreak.ledger.public import TrayItem
from daybreak.people.public import Membership
from daybreak.treat import public as treat
from daybreak.treat.models import Act
from daybreak.treat.queries.acts import waiting_acts
from daybreak.treat.queries.quality import stored_quality
from tests.rooms.treat.stage import Stage, planned
from tests.rooms.treat.tablet import Tablet, address, ms

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def stage(world) -> Stage:
    """A session that was started half an hour ago."""
    stage = planned(world, hours_ago=0.6)
    stage.started()
    stage.now = now().replace(microsecond=0) - 30 * MINUTE
    return stage


@pytest.fixture
def tablet(stage, as_role) -> Tablet:
    """The nurse's tablet, whose clock is two days ahead."""
    return Tablet(stage.session, skew=timedelta(hours=48)).sign_in(as_role("nurse"))


def steps(stage: Stage) -> list[str]:
    return [
        step.step for step in stage.look().steps if step.step not in ("checked_in", "weighed", "ready", "timed_out")
    ]


def waits(stage: Stage) -> list[str]:
    with scoped(stage.scope()) as scope:
        return [each.act.reason for each in waiting_acts(scope, stage.session)]


def test_what_waited_is_stored_once_at_its_own_time_whatever_the_devices_clock_says(stage, tablet):
    done = stage.at(5)
    tablet.act("readings", "reading", done, systolic_pressure="131")
    tablet.act("step", "step", done + MINUTE, step="pause", reason="nausea", note="she feels sick")
    twice = list(tablet.waiting)

    assert [each["answer"] for each in tablet.send()] == ["stored", "stored"]
    tablet.waiting = twice
    assert [each["answer"] for each in tablet.send()] == ["same", "same"]

    assert steps(stage) == ["started", "paused"]
    assert abs(stage.look().steps[-1].done_at - done - MINUTE) < timedelta(seconds=1)
    with scoped(stage.scope()) as scope:
        (reading,) = [r for r in treat.readings_of(scope, stage.session) if r.value == 131]
        act = Act.objects.get(site="dawn", kind="step")
    assert abs(reading.measured_at - done) < timedelta(seconds=1)
    assert abs(act.ahead_ms - 48 * 3600 * 1000) < 1000
    assert act.content == b"", "the facts hold what was typed"


def test_two_pressures_that_a_device_tells_of_one_moment_stay_two_in_their_order(stage, tablet):
    done = stage.at(5)
    for systolic, diastolic in ((131, 81), (119, 73), (127, 79)):
        said = {"systolic_pressure": systolic, "diastolic_pressure": diastolic}
        tablet.act("readings", "reading", done, **said)
    assert [each["answer"] for each in tablet.send()] == ["stored"] * 3

    with scoped(stage.scope()) as scope:
        rows = [row for row in treat.readings_of(scope, stage.session) if row.value in (131, 81, 119, 73, 127, 79)]
    found = [[int(row.value) for row in rows if row.measured_at == at] for at in sorted({r.measured_at for r in rows})]
    assert [sorted(each, reverse=True) for each in found] == [[131, 81], [119, 73], [127, 79]]


def test_what_another_device_recorded_meanwhile_is_put_together_by_time_and_the_amount_is_computed_again(
    stage, tablet, as_role
):
    begun = stage.look().started_at
    tablet.act("step", "step", begun + 10 * MINUTE, step="pause", reason="nausea")
    tablet.act("step", "step", begun + 20 * MINUTE, step="resume", reason="settled")
    stage.now = begun + 25 * MINUTE
    stage.step(treat.stop, minutes=0, reason="line")
    told = stage.look().steps[-1].values["given_mg"]

    assert [each["answer"] for each in tablet.send()] == ["stored", "stored"]

    assert steps(stage) == ["started", "paused", "resumed", "stopped"]
    end = stage.look().steps[-1]
    assert float(end.values["given_mg"]) == pytest.approx(float(told) * 15 / 25, abs=0.01)
    assert end.corrects is not None
    assert waits(stage) == []


def test_what_is_told_after_the_patient_has_left_is_counted_in_the_quality_of_the_watch(world, as_role):
    stage = planned(world, hours_ago=6).started()
    tablet = Tablet(stage.session).sign_in(as_role("nurse"))
    tablet.act("readings", "reading", stage.look().started_at + 10 * MINUTE, oxygen_saturation="97")
    stage.step(treat.stop, minutes=40, reason="patient_asked")
    stage.step(treat.begin_recovery)
    stage.read(stage.at(200))
    answers = {q.id: True for q in treat.questions(stage.look().protocol, "before_leaving")}
    stage.step(treat.note_leaving, minutes=0, answers=answers)
    stage.step(treat.discharge, "clinician", minutes=0)
    with scoped(stage.scope()) as scope:
        before = stored_quality(scope, stage.session)
    assert [each["answer"] for each in tablet.send()] == ["stored"]
    with scoped(stage.scope()) as scope:
        assert stored_quality(scope, stage.session).missed < before.missed


def test_a_contradiction_waits_for_a_person_who_sees_both_and_chooses(stage, tablet, as_role):
    begun = stage.look().started_at
    pause = tablet.act("step", "step", begun + 10 * MINUTE, step="pause", reason="nausea")
    stage.now = begun + 12 * MINUTE
    stage.step(treat.pause, minutes=0, reason="distress")
    theirs = stage.look().steps[-1]

    (answer,) = tablet.send()
    assert answer["answer"] == "tray"
    assert steps(stage) == ["started", "paused"]
    with scoped(stage.scope()):
        assert TrayItem.objects.filter(site="dawn", about_key=pause).count() == 1

    clinician, page = as_role("clinician"), address("waiting", session=stage.session)
    for where in (address("chair", session=stage.session), "/at/dawn/tray/"):
        assert f'href="{page}"' in clinician.get(where).content.decode(), "nobody would ever find it"
    shown = clinician.get(page).content.decode()
    assert "nausea" in shown
    assert "distress" in shown
    assert "settles it" in as_role("nurse").get(page).content.decode()
    said = {"key": str(theirs.session_key), "act": str(pause), "choice": "taken", "note": "seen on the pump"}
    clinician.post(page, {**said, "instead": ""})
    assert len(waits(stage)) == 1, "it must say instead of what"
    clinician.post(page, {**said, "instead": str(theirs.key)})
    assert waits(stage) == []
    (kept,) = [step for step in stage.look().steps if step.step == "paused"]
    assert (kept.key, kept.corrects, kept.reason) == (pause, theirs.key, "nausea")
    for where in (address("chair", session=stage.session), "/at/dawn/tray/"):
        assert f'href="{page}"' not in clinician.get(where).content.decode()


def test_one_half_of_a_story_waits_for_the_other(stage, tablet, as_role, world):
    begun = stage.look().started_at
    other = Tablet(stage.session, skew=timedelta(hours=-48)).sign_in(as_role("clinician"))
    tablet.act("step", "step", begun + 10 * MINUTE, step="pause", reason="nausea")
    other.act("step", "step", begun + 15 * MINUTE, step="resume", reason="settled")

    assert [each["answer"] for each in other.send()] == ["tray"]
    assert [each["answer"] for each in tablet.send()] == ["stored"]

    assert steps(stage) == ["started", "paused", "resumed"]
    assert waits(stage) == []
    assert stage.look().steps[-1].recorded_by == world.staff["dawn", "clinician"].key


def test_a_colleague_sends_what_a_nurse_left_and_it_stays_the_nurses(stage, tablet, as_role, world):
    tablet.act("step", "step", stage.at(5), step="pause", reason="nausea")
    (answer,) = tablet.send(client=as_role("clinician"))
    assert answer["answer"] == "stored"
    nurse, clinician = (world.staff["dawn", role].key for role in ("nurse", "clinician"))
    with scoped(stage.scope()):
        act = Act.objects.get(site="dawn")
    assert (stage.look().steps[-1].recorded_by, act.done_by, act.sent_by) == (nurse, nurse, clinician)


def test_acts_of_somebody_whose_rights_have_ended_wait_for_a_person(stage, tablet, as_role, world):
    tablet.act("readings", "reading", stage.at(5), heart_rate="72")
    nurse = world.staff["dawn", "nurse"]
    with scoped(Scope("dawn", nurse.key, "a test")):
        Membership.objects.filter(site="dawn", account=nurse).update(until_day=world.now.date())
    (answer,) = tablet.send(client=as_role("clinician"))
    assert answer["answer"] == "tray"
    assert len(waits(stage)) == 1
    page = address("waiting", session=stage.session)
    with scoped(stage.scope()) as scope:
        (waiting,) = waiting_acts(scope, stage.session)
    said = {"key": str(tablet.device), "act": str(waiting.act.key), "choice": "taken", "note": "she told me"}
    as_role("clinician").post(page, said)
    assert waits(stage) == []


def test_nobody_speaks_in_anothers_name(stage, tablet, as_role, world):
    other = Tablet(stage.session).sign_in(as_role("clinician"))
    tablet.act("step", "step", stage.at(5), step="pause", reason="nausea")
    forged = {**tablet.waiting[0], "account": str(world.staff["dawn", "clinician"].key)}
    stolen = dict(other.keys, account=tablet.keys["account"], sealing=tablet.keys["sealing"])
    tablet.waiting, tablet.keys = [forged], stolen
    tablet.act("step", "step", stage.at(1), step="pause", reason="nausea")
    answers = tablet.send()
    assert [each["answer"] for each in answers] == ["tray", "tray"]
    assert steps(stage) == ["started"]


def test_a_key_that_comes_back_with_other_content_goes_to_the_tray(stage, tablet):
    key = tablet.act("readings", "reading", stage.at(5), heart_rate="72")
    first = tablet.waiting[0]
    tablet.send()
    body = {"key": str(key), "kind": "reading", "address": address("readings", session=stage.session),
            "fields": [["heart_rate", "95"]], "clocks": tablet.clocks(stage.now), "believed": 0,
            "signed_in": tablet.keys["signed_in"]}  # fmt: skip
    tablet.waiting = [tablet.seal(key, json.dumps(body))]
    assert tablet.waiting[0] != first
    assert [each["answer"] for each in tablet.send()] == ["tray"]
    assert [each["answer"] for each in tablet.send()] == []


def test_what_is_refused_while_somebody_looks_is_shown_to_them_and_kept_nowhere(stage, tablet):
    tablet.act("readings", "reading", now(), systolic_pressure="80", diastolic_pressure="120")
    (answer,) = tablet.send(fresh=True)
    assert answer["answer"] == "refused"
    assert "check both" in answer["page"]
    assert waits(stage) == []
    assert len(tablet.waiting) == 1
    assert [each["answer"] for each in tablet.send()] == ["tray"], "nobody looks any more: it waits for a person"


def test_a_dose_is_never_started_or_signed_for_from_a_device_that_waited(world, as_role):
    stage = planned(world, hours_ago=0.6).prepared()
    tablet = Tablet(stage.session).sign_in(as_role("clinician"))
    tablet.act("start", "step", now())
    tablet.act("discharge", "step", now())
    assert [each["answer"] for each in tablet.send()] == ["tray", "tray"]
    assert steps(stage) == []


def test_completing_with_most_of_the_dose_missing_is_asked_about_not_assumed(stage, tablet):
    tablet.act("step", "step", stage.look().started_at + 5 * MINUTE, step="complete")
    (answer,) = tablet.send(fresh=True)
    assert answer["answer"] == "asks"
    assert [each["answer"] for each in tablet.send()] == ["tray"]
    assert steps(stage) == ["started"]


def test_a_clock_that_was_set_while_the_act_waited_is_not_believed(stage, tablet):
    done = stage.at(5)
    tablet.act("readings", "reading", done, heart_rate="72")
    tablet.skew, tablet.opened = timedelta(hours=3), "another page"
    assert [each["answer"] for each in tablet.send()] == ["again"]
    assert not Act.objects.exists()
    (answer,) = tablet.send()
    assert answer["answer"] == "tray"
    assert "clock was set" in answer["sentence"]


def test_a_message_that_was_long_on_its_way_is_asked_for_again_and_is_then_believed(stage, tablet):
    """The page was loaded anew while nobody answered, and the server read what had waited for it since before its start."""
    done = stage.at(5)
    tablet.act("readings", "reading", done, heart_rate="72")
    tablet.opened = "another page"
    assert [each["answer"] for each in tablet.send(at=now() - timedelta(seconds=40))] == ["again"]
    assert [each["answer"] for each in tablet.send()] == ["stored"]
    assert waits(stage) == []


@pytest.mark.parametrize(
    "body",
    [
        "", "[]", "{}", '{"acts": 3}', '{"clocks": {}, "fresh": [], "acts": [{}]}', "[" * 9999, b"\xff\xfe", "NaN",
        '{"acts": [], "clocks": null}', '{"acts": [], "clocks": {"wall": NaN, "running": 0, "opened": 1}}',
        '{"acts": [], "clocks": {"wall": 1, "running": 1, "opened": 1}, "fresh": 7}', "9" * 5000, "x" * 2_600_000,
        '{"acts": [' + "{}," * 10_000 + '{}], "clocks": {}}',
    ],
)  # fmt: skip
def test_what_no_device_sends_is_named(stage, as_role, body):
    there = address("acts", session=stage.session)
    answer = as_role("nurse").post(there, body, content_type="application/json")
    assert answer.status_code == 400


NONSENSE = {
    "a clock before all years": {"clocks": {"wall": -9 * 10**13, "running": 0, "opened": "x"}},
    "a clock after all years": {"clocks": {"wall": 9 * 10**13, "running": 9 * 10**13, "opened": "x"}},
    "a clock of 1970": {"clocks": {"wall": 0, "running": 0, "opened": "x"}, "believed": 0},
    "a belief before all years": {"believed": -9 * 10**13},
    "a belief after all years": {"believed": 9 * 10**13},
    "a huge number for a moment": {"believed": 10**400},
    "a sign-in before all years": {"signed_in": -9 * 10**13},
    "no number for a moment": {"believed": float("nan")},
    "an address that is none": {"address": "http://[::1"},
    "an address with a nought": {"address": "/at/dawn/\x00"},
    "an act nobody knows": {"address": "/at/dawn/treat/sessions/launch/"},
    "another session": {"address": address("readings", session=uuid4())},
    "half a letter": {"fields": [["heart_rate", "\ud800"]]},
    "noughts": {"fields": [["heart_rate", "\x00"], ["\x00", "7"]]},
    "a huge reading": {"fields": [["heart_rate", "9" * 3000]]},
    "no number": {"fields": [["heart_rate", "NaN"], ["oxygen_saturation", "-Infinity"]]},
    "fields nested deeply": {"fields": [["heart_rate", [[[[[]]]]]]]},
    "fields that are none": {"fields": 7},
    "a kind that is none": {"kind": ["reading"]},
}


def test_no_act_of_a_device_stands_in_the_way_of_those_that_follow_it(stage, tablet):
    """Each is answered with its reason and kept for a person; the next act of the same message is stored."""
    wrong = {}
    for name, odd in NONSENSE.items():
        key, done = new_key(), stage.at(0.1)
        told = {"key": str(key), "kind": "reading", "address": address("readings", session=stage.session),
                "fields": [["heart_rate", "72"]], "clocks": tablet.clocks(done), "believed": ms(done),
                "signed_in": tablet.keys["signed_in"], **odd}  # fmt: skip
        tablet.number += 1
        tablet.waiting = [tablet.seal(key, json.dumps(told))]
        tablet.act("note", "note", done, words=name)
        answers = [*tablet.send(), *(tablet.send() if tablet.waiting else [])]
        said = {each["key"]: each for each in answers}
        if [each["answer"] for each in said.values()] not in (["tray", "stored"], ["stored", "tray"]) or tablet.waiting:
            wrong[name] = answers
        elif not said[str(key)].get("sentence"):
            wrong[name] = "no reason"
    assert wrong == {}
    with scoped(stage.scope()) as scope:
        kept = {item.about_key for item in TrayItem.objects.filter(site=scope.site, about="treat_act")}
    assert len(kept) == len(NONSENSE)


def test_one_act_twice_in_one_message_is_one_act_and_other_content_waits(stage, tablet):
    key = tablet.act("readings", "reading", stage.at(5), heart_rate="72")
    body = {"key": str(key), "kind": "reading", "address": address("readings", session=stage.session),
            "fields": [["heart_rate", "95"]], "clocks": tablet.clocks(stage.now), "believed": ms(stage.now),
            "signed_in": tablet.keys["signed_in"]}  # fmt: skip
    tablet.waiting = [tablet.waiting[0], tablet.waiting[0], tablet.seal(key, json.dumps(body))]
    assert [each["answer"] for each in tablet.send()] == ["stored", "tray"]
    with scoped(stage.scope()):
        assert Act.objects.count() == 1


@pytest.mark.parametrize("far", [9 * 10**13, -9 * 10**13])
def test_a_message_from_a_clock_beyond_all_years_loses_nothing(stage, tablet, far):
    tablet.act("readings", "reading", stage.at(5), heart_rate="72")
    there = address("acts", session=stage.session)
    clocks = {"wall": far, "running": far, "opened": tablet.opened}
    body = {"clocks": clocks, "acts": tablet.waiting, "fresh": [], "again": [each["key"] for each in tablet.waiting]}
    answer = tablet.client.post(there, json.dumps(body), content_type="application/json")
    assert [each["answer"] for each in answer.json()["answers"]] == ["tray"]


def test_what_a_device_keeps_holds_a_page_for_each_state_it_can_reach(stage, as_role):
    kept = as_role("nurse").get(address("kept", session=stage.session)).json()["kept"]
    assert set(kept["pages"]) == {"running", "paused", "completed", "stopped", "recovery"}
    assert "resume" in kept["pages"]["paused"]
    assert kept["steps"][-1]["step"] == "started"
    assert kept["order"]["rate_ml_per_hour"]
    assert {sign["sign"] for sign in kept["watch"]["during"]["signs"]} >= {"systolic_pressure"}


def test_a_session_that_does_not_run_is_not_kept(world, as_role):
    stage = planned(world).prepared()
    assert as_role("nurse").get(address("kept", session=stage.session)).json()["kept"] is None
