"""The emergency record: one touch opens it, nothing keeps an entry from being written, a clinician closes it."""

from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest

from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.scope import scoped
from daybreak.treat import public as treat
from daybreak.treat.models import EmergencyEntry
from daybreak.treat.queries.emergency import emergency_is_open, emergency_of
from daybreak.treat.rules.emergency import NotAnEntry, check_entry, is_under_way
from daybreak.treat.web.summary import summary_of
from tests.rooms.treat.stage import planned
from tests.rooms.treat.tablet import Tablet, address

DRUG = {"dose": Decimal("0.5"), "unit": "mg", "route": "intramuscular"}


@pytest.mark.parametrize(
    ("entry", "said", "sentence"),
    [
        ("called", {"what": "emergency_number"}, None),
        ("called", {"what": "taxi"}, "Choose what was done"),
        ("airway", {"what": "suction"}, None),
        ("airway", {}, "Choose what was done"),
        ("oxygen", {"what": "mask"}, None),
        ("oxygen", {"what": "mask", "values": {"litres": Decimal(10)}}, None),
        ("oxygen", {"what": "mask", "values": {"litres": Decimal(0)}}, "above zero"),
        ("oxygen", {"what": "mask", "values": {"litres": Decimal("NaN")}}, "above zero"),
        ("drug", {"words": "adrenaline", "values": DRUG}, None),
        ("drug", {"words": " ", "values": DRUG}, "Name the drug"),
        ("drug", {"words": "adrenaline", "values": {**DRUG, "dose": Decimal(0)}}, "Name the drug"),
        ("drug", {"words": "adrenaline", "values": {**DRUG, "unit": "spoons"}}, "unit of the dose"),
        ("drug", {"words": "adrenaline", "values": {**DRUG, "route": ""}}, "unit of the dose"),
        ("transfer", {"words": "Emergency department"}, None),
        ("transfer", {}, "where the patient goes"),
        ("words", {"words": "Breathing again."}, None),
        ("words", {}, "Nothing is written"),
        ("words", {"words": "x", "minutes_ago": 120}, None),
        ("words", {"words": "x", "minutes_ago": 121}, "minutes ago"),
        ("words", {"words": "x", "minutes_ago": -1}, "minutes ago"),
        ("closed", {"words": "x"}, "Say what was done"),
        ("magic", {"words": "x"}, "Say what was done"),
    ],
)
def test_an_entry_says_what_its_kind_needs(entry, said, sentence):
    usual = {"what": "", "values": {}, "words": "", "minutes_ago": 0}
    if sentence is None:
        return check_entry(entry, **(usual | said))
    with pytest.raises(NotAnEntry, match=sentence):
        check_entry(entry, **(usual | said))


def test_it_is_under_way_from_the_first_entry_until_it_is_closed():
    assert not is_under_way([])
    assert is_under_way(["drug"])
    assert not is_under_way(["called", "drug", "closed"])
    assert is_under_way(["called", "closed", "airway"])


@pytest.mark.django_db
def test_one_touch_opens_it_and_it_is_written_while_it_goes_on(world, as_role):
    stage = planned(world, hours_ago=0.5).started()
    nurse, there = as_role("nurse"), address("emergency_note", session=stage.session)
    chair = nurse.get(address("chair", session=stage.session)).content.decode()
    assert "Emergency: help was called now" in chair
    first = {"key": new_key(), "entry": "called", "what": "help_in_the_house"}
    nurse.post(there, first)
    nurse.post(there, first)
    other = world.staff["dawn", "clinician"]
    said = {
        "key": new_key(), "entry": "drug", "words": "adrenaline", "dose": "0,5", "unit": "mg", "route": "intramuscular",
        "minutes_ago": "2", "done_by": other.key,
    }  # fmt: skip
    page = unescape(nurse.post(there, said, follow=True).content.decode())
    assert "adrenaline 0.5 mg, intramuscular" in page
    assert "Emergency record, since" in page
    with scoped(stage.scope()) as scope:
        lines = emergency_of(scope, stage.session)
        assert emergency_is_open(scope, stage.session)
        row = EmergencyEntry.objects.get(key=said["key"])
    assert [line.entry for line in lines] == ["drug", "called"], "by when it was done"
    assert (lines[0].done_by, lines[0].noted_at - lines[0].done_at) == (other.key, timedelta(minutes=2))
    assert b"adrenaline" not in bytes(row.words)


@pytest.mark.django_db
def test_a_drug_without_its_dose_is_asked_for_again_with_what_was_typed(world, as_role):
    stage = planned(world, hours_ago=0.5).started()
    said = {"key": new_key(), "entry": "drug", "words": "midazolam", "unit": "mg", "route": "intravenous"}
    answer = as_role("nurse").post(address("emergency_note", session=stage.session), said)
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "Name the drug and its dose" in page
    assert 'value="midazolam"' in page


@pytest.mark.django_db
def test_a_clinician_closes_it_with_how_it_ended_and_until_then_nobody_goes_home(world, as_role):
    stage = planned(world).started()
    stage.step(treat.complete, minutes=40)
    stage.step(treat.begin_recovery)
    stage.step(treat.note_emergency, entry="oxygen", what="mask", values={"litres": Decimal(8)})
    stage.step(treat.note_emergency, entry="transfer", words="Emergency department, St Anna")
    with scoped(stage.scope("clinician")) as scope:
        blockers = treat.leaving(scope, stage.look(), at=this_moment()).blockers
        assert "An emergency record is open." in [each.what for each in blockers]
    there = address("emergency_close", session=stage.session)
    assert as_role("nurse").post(there, {"key": new_key(), "words": "Well."}).status_code == 403
    assert as_role("clinician").post(there, {"key": new_key(), "words": " "}).status_code == 422
    as_role("clinician").post(there, {"key": new_key(), "words": "Handed over to Dr Ruiz."})
    with scoped(stage.scope("clinician")) as scope:
        blockers = treat.leaving(scope, stage.look(), at=this_moment()).blockers
        assert "An emergency record is open." not in [each.what for each in blockers]
        parts = {part["id"]: part for part in summary_of(scope, stage.look(), at=this_moment())["parts"]}
    said = [(row[1], row[2], row[3]) for row in parts["emergency"]["rows"]]
    nurse, clinician = (world.staff["dawn", role].name for role in ("nurse", "clinician"))
    assert said == [
        ("Oxygen", "mask, 8 L/min", nurse),
        ("Transfer", "Emergency department, St Anna", nurse),
        ("Closed", "Handed over to Dr Ruiz.", clinician),
    ]


@pytest.mark.django_db
def test_an_entry_that_waited_on_a_device_is_stored_at_its_own_time_and_never_closes(world, as_role):
    stage = planned(world, hours_ago=0.5).started()
    tablet = Tablet(stage.session).sign_in(as_role("nurse"))
    moment = this_moment() - timedelta(minutes=6)
    key = tablet.act("emergency_note", "emergency", moment, entry="called", what="emergency_number")
    tablet.act("emergency_close", "emergency", moment + timedelta(minutes=1), words="Over.")
    assert [each["answer"] for each in tablet.send()] == ["stored", "tray"]
    with scoped(stage.scope()) as scope:
        (line,) = emergency_of(scope, stage.session)
    assert line.key == key
    assert abs(line.done_at - moment) < timedelta(seconds=2)


@pytest.mark.django_db
def test_the_record_is_the_teams_alone(world, as_role):
    stage = planned(world).started()
    there = address("emergency", session=stage.session)
    assert as_role("nurse").get(there).status_code == 200
    assert as_role("coordinator").get(there).status_code == 200
    assert as_role("educator").get(there).status_code == 403
    assert as_role("nurse", "dusk").get(there).status_code == 404
    note = address("emergency_note", session=stage.session)
    assert (
        as_role("coordinator").post(note, {"key": new_key(), "entry": "called", "what": "physician"}).status_code == 403
    )


@pytest.mark.django_db
def test_an_emergency_before_the_start_is_one_touch_on_the_page_of_preparation(as_role, world):
    stage = planned(world)
    client, page = as_role("nurse"), f"/at/dawn/treat/sessions/{stage.session}/prepare/"
    touch = "Emergency: help was called now"
    assert touch not in client.get(page).content.decode(), "the patient is not here yet"
    stage.check_in()
    assert touch in client.get(page).content.decode()
    said = {"key": str(new_key()), "entry": "called", "what": "help_in_the_house", "back": page}
    answer = client.post(f"/at/dawn/treat/sessions/{stage.session}/emergency/note/", said)
    assert (answer.status_code, answer.url) == (302, page)
    shown = client.get(page).content.decode()
    assert touch not in shown
    assert "Emergency record, since" in shown
