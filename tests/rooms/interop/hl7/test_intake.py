"""What becomes of monitors' messages: stored once, or kept for a person, and answered for truthfully."""

import json
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from daybreak.desk.tray import heaps, shown
from daybreak.interop.hl7 import intake
from daybreak.interop.hl7.frames import Frame
from daybreak.interop.hl7.gateway import of_site
from daybreak.interop.hl7.intake import take_in
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import Scope, scoped
from daybreak.ledger.public import TrayItem, standing
from daybreak.people.public import site_named
from daybreak.treat import public as treat
from tests.rooms.interop.hl7.monitor import message, obx
from tests.rooms.treat.stage import planned, turn_alarms_on

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def stage(world):
    """A running session in chair 1, whose monitor is registered; alarms are on."""
    turn_alarms_on(world)
    found = planned(world).started()
    with scoped(world.scope("site lead")) as scope:
        treat.register_monitor(
            scope, key=new_key(), name="Monitor 1", location="INF^1^Chair 1", chair="chair 1",
            model="monitor_ieee11073", at=world.now,
        )  # fmt: skip
    return found


def take(stage, raw: bytes, fault: str = "", *, after: timedelta = SECOND) -> tuple[str, str]:
    """Take a message in so long after the clock of the session, and return the code of the acknowledgement and all of it."""
    with scoped(Scope(site="dawn", actor=None, purpose="HL7 gateway")) as scope:
        answer = take_in(scope, Frame(raw, fault), site=site_named("dawn"), at=stage.now + after).answer.decode()
    return re.search(r"MSA\|(\w\w)\|", answer)[1], answer


def stored(stage) -> list[tuple[str, float, str]]:
    with scoped(stage.scope()) as scope:
        return [(r.sign, float(r.value), r.unit) for r in treat.readings_of(scope, stage.session) if r.device_key]


def tray(stage) -> list[TrayItem]:
    with scoped(stage.scope()):
        return list(standing(TrayItem).filter(site="dawn"))


def test_a_message_is_stored_and_acknowledged_and_the_same_again_changes_nothing(stage):
    raw = message(obx("systolic_pressure", 131, stage.now), obx("oxygen_saturation", "97.5", stage.now, number=2))
    code, answer = take(stage, raw)
    assert code == "AA"
    assert "MSA|AA|C1" in answer
    again = raw.replace(b"|C1|", b"|C2|")
    assert [take(stage, each, after=timedelta(minutes=5))[0] for each in (raw, again)] == ["AA", "AA"]
    assert sorted(stored(stage)) == [("oxygen_saturation", 97.5, "%"), ("systolic_pressure", 131.0, "mm[Hg]")]
    assert tray(stage) == []


def test_the_visit_number_names_the_session_and_a_number_of_another_system_says_nothing(stage):
    visit = treat.visit_number(stage.session)
    take(stage, message(obx("heart_rate", 71, stage.now), place="OTHER^9", visit=visit))
    take(stage, message(obx("heart_rate", 72, stage.now + SECOND), visit="V0012345"))
    assert [value for _, value, _ in stored(stage)] == [71.0, 72.0]


@pytest.mark.parametrize(
    ("place", "visit", "why"),
    [
        ("ELSEWHERE^2", "", "“ELSEWHERE^2” is no place of a registered monitor"),
        ("", "", "names no place"),
        ("INF^1^CHAIR 1", "DB-0000-0000", "No session of these days is DB-0000-0000."),
        ("CHAIR 1", "", "“CHAIR 1” is no place of a registered monitor"),
    ],
)
def test_what_belongs_nowhere_waits_for_a_person_and_is_never_guessed(stage, place, visit, why):
    code, answer = take(stage, message(obx("heart_rate", 71, stage.now), place=place, visit=visit))
    assert (code, stored(stage)) == ("AA", [])
    assert [why in item.reason for item in tray(stage)] == [True]
    assert "wait" in answer


def test_two_patients_in_one_message_go_to_their_own_sessions(world, stage):
    other = planned(world, chair="chair 2", hours_ago=4).started()
    first, second = (treat.visit_number(each.session) for each in (stage, other))
    raw = (
        message(obx("heart_rate", 61, stage.now), place="X", visit=first)
        + message(obx("heart_rate", 62, other.now, number=2), place="Y", visit=second).split(b"\r", 1)[1]
    )
    take(other, raw)
    assert (stored(stage)[0][1], stored(other)[0][1]) == (61.0, 62.0)


WRONG = {
    "no number": {"value": "high", "kind": "ST"},
    "an unknown unit": {"value": 120, "unit": "psi^pound per square inch^L"},
    "another unit's kind": {"value": 120, "unit": "262688^MDC_DIM_PERCENT^MDC"},
    "marked invalid": {"value": 120, "flags": "INV"},
    "taken back": {"value": 120, "status": "W"},
    "beyond what a body can": {"value": 900},
    "a leading letter": {"value": "1e2"},
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_a_reading_is_marked_with_its_reason_and_not_drawn(stage, case):
    code, answer = take(stage, message(obx("systolic_pressure", at=stage.now, **WRONG[case])))
    assert (code, stored(stage), len(tray(stage))) == ("AA", [], 1)
    assert "ERR||OBX^1^5|102|W|" in answer


@pytest.mark.parametrize("shift", [timedelta(hours=2), timedelta(days=-20000), timedelta(days=-1)])
def test_clocks_that_are_wrong_place_nothing(stage, shift):
    take(stage, message(obx("heart_rate", 71, stage.now + shift)))
    assert (stored(stage), len(tray(stage))) == ([], 1)


def test_an_older_reading_of_the_same_session_is_taken_out_of_order(stage):
    for minutes in (0, -2, -1):
        take(stage, message(obx("heart_rate", 70 - minutes, stage.now + timedelta(minutes=minutes))))
    assert [value for _, value, _ in stored(stage)] == [72.0, 71.0, 70.0]


def test_another_value_of_the_same_moment_goes_to_the_tray(stage):
    take(stage, message(obx("heart_rate", 70, stage.now)))
    take(stage, message(obx("heart_rate", 90, stage.now)))
    assert [value for _, value, _ in stored(stage)] == [70.0]
    assert len(tray(stage)) == 1


def test_of_two_heart_rates_of_a_moment_the_electrocardiogram_counts(stage):
    pulse = obx("heart_rate", 99, stage.now, code="149530^MDC_PULS_OXIM_PULS_RATE^MDC")
    take(stage, message(pulse, obx("heart_rate", 70, stage.now, number=2)))
    assert ([value for _, value, _ in stored(stage)], tray(stage)) == ([70.0], [])


def test_no_value_is_passed_over_and_unknown_codes_are_kept_once_all_of_a_message_as_one_thing(stage):
    nothing = obx("heart_rate", "", stage.now, status="X")
    empty = obx("heart_rate", "", stage.now, number=2, code="998^ST slope^99ACME")
    unknown = [obx("heart_rate", 5, stage.now, number=n, code=f"{n}^ST segment {n}^99ACME") for n in range(3, 53)]
    for _ in range(2):
        assert take(stage, message(nothing, empty, *unknown))[0] == "AA"
    intake._kept.clear()  # a gateway that was started anew
    take(stage, message(*(each.replace("|5|", "|6|") for each in unknown)))
    (kept,) = tray(stage)
    assert (stored(stage), kept.about) == ([], intake.CODES)
    assert "No code list of this monitor knows these codes" in kept.reason
    told = json.loads(kept.content["sent"])
    assert [each["code"] for each in told] == [str(n) for n in range(3, 53)]
    first = told[0]
    assert (first["name"], first["system"], first["value"]) == ("ST segment 3", "99ACME", "5")
    with scoped(stage.scope("coordinator")) as scope:
        (heap,) = heaps(scope)
    assert (heap.sender, heap.stays, len(shown(heap.items[0], "UTC"))) == ("Monitor 1", (), 50)
    take(stage, message(unknown[0], obx("heart_rate", 7, stage.now, number=2, code="999^ST slope^99ACME")))
    later = [json.loads(item.content["sent"]) for item in tray(stage) if item.key != kept.key]
    assert [[each["code"] for each in codes] for codes in later] == [["999"]]


REFUSED = {
    "no HL7": (b"hello", "AE"),
    "half a head": (b"MSH|^~\\&", "AE"),
    "another kind": (message("OBX|1|NM|x", head={9: "ADT^A01"}), "AR"),
    "no control id": (message("OBX|1|NM|x", head={10: ""}), "AE"),
    "nothing observed": (message(), "AE"),
    "an unknown character set": (message("OBX|1|NM|x", head={18: "KLINGON"}), "AE"),
    "bytes that are not of its character set": (message("OBX|1|NM|x").replace(b"x", b"\xe9"), "AE"),
    "nothing at all": (b"\r\n", "AE"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_message_that_cannot_be_read_is_refused_with_its_reason_and_kept_without_names(stage, case):
    raw, expected = REFUSED[case]
    code, answer = take(stage, raw)
    assert code == expected
    assert "ERR|" in answer
    kept = tray(stage)
    assert len(kept) == 1
    assert "Doe" not in str(kept[0].content)


def test_a_message_that_broke_off_or_is_too_long_is_refused(stage):
    raw = message(obx("heart_rate", 71, stage.now))
    assert take(stage, raw[:200], "broken_off")[0] == "AE"
    assert take(stage, raw[:200], "too_long")[0] == "AR"
    assert stored(stage) == []


def test_only_the_commit_is_acknowledged_where_the_sender_asks_for_that(stage):
    assert take(stage, message(obx("heart_rate", 71, stage.now), head={15: "AL", 16: "NE"}))[0] == "CA"


def test_without_a_standing_assessment_the_gateway_is_off(world):
    quiet = planned(world).started()
    code, answer = take(quiet, message(obx("heart_rate", 71, quiet.now)))
    assert code == "AR"
    assert "assessment" in answer
    assert (stored(quiet), tray(quiet)) == ([], [])


def test_other_separators_and_line_ends_are_read(stage):
    raw = message(obx("heart_rate", 71, stage.now)).replace(b"|", b"#").replace(b"^", b"*").replace(b"\r", b"\r\n")
    take(stage, raw)
    assert [value for _, value, _ in stored(stage)] == [71.0]


@pytest.mark.parametrize(
    ("sent_at", "zone"), [("20270112140000", "Europe/Berlin"), ("20270112140000-0300", "America/Bahia")]
)
def test_a_moment_without_a_zone_is_of_the_message_or_else_of_the_site(stage, sent_at, zone):
    assert site_named("dawn").time_zone == "Europe/Berlin"
    line = obx("heart_rate", 71, None) + stage.now.astimezone(ZoneInfo(zone)).strftime("%Y%m%d%H%M%S")
    take(stage, message(line, head={7: sent_at}))
    assert [value for _, value, _ in stored(stage)] == [71.0]


def together(stage, *raw: bytes) -> list[str]:
    """Take messages in as the gateway does when several wait, and return the codes of their acknowledgements."""
    found = of_site(site_named("dawn"), [Frame(each) for each in raw], stage.now + SECOND)
    return [re.search(r"MSA\|(\w\w)\|", each.answer.decode())[1] for each in found]


def test_messages_that_are_stored_together_are_answered_as_if_each_came_alone(stage):
    one = message(obx("systolic_pressure", 131, stage.now), obx("oxygen_saturation", 97, stage.now, number=2))
    odd = message(obx("systolic_pressure", 999, stage.now), obx("heart_rate", 70, stage.now, number=2))
    assert together(stage, one, b"MSH|nothing", odd, one) == ["AA", "AE", "AA", "AA"]
    assert sorted(sign for sign, _, _ in stored(stage)) == ["heart_rate", "oxygen_saturation", "systolic_pressure"]
    assert any("999" in item.reason for item in tray(stage))


def test_a_message_that_the_house_refuses_spoils_no_other(stage):
    with scoped(stage.scope("site lead")) as scope:
        gateway = treat.gateway_device(scope, at=stage.now)
        treat.end_device(scope, key=new_key(), device=gateway.key, at=stage.now)
    good = message(obx("heart_rate", 70, stage.now))
    stray = message(obx("heart_rate", 71, stage.now), place="nowhere")
    assert together(stage, stray, good) == ["AR", "AA"]
    assert [value for _, value, _ in stored(stage)] == [70.0]
