"""Medicines and oxygen beside the session's own drug: what can be written down, what is corrected, what stays data."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib.resources import files

import pytest
from django.db import connection

from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.scope import scoped
from daybreak.measure.public import fact_definition, library
from daybreak.treat import public as treat
from daybreak.treat.models import MedicineGiven
from daybreak.treat.queries.medicines import oxygen_of
from daybreak.treat.rules.medicines import NewMedicine, Planned, due_at, in_a_day, oxygen_spans, trouble, word_for
from tests.rooms.treat.stage import Stage, planned
from tests.rooms.treat.tablet import Tablet, address

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
ONDANSETRON = NewMedicine("ondansetron", dose=Decimal(4), unit="mg", route="intravenous", reason="nausea")
OXYGEN = NewMedicine("oxygen", flow=Decimal(2), device="nasal_cannula", reason="low_saturation")
TYPED = {"medicine": "ondansetron", "dose": "4", "unit": "mg", "route": "intravenous", "reason": "nausea"}
STARDUST = Planned("stardust", "stardust", "oral", "-", Decimal(10), "mg", 1, 8, 30, Decimal(30))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({}, None),
        ({"medicine": "moonshine"}, "medicine"),
        ({"medicine": "other"}, "name"),
        ({"medicine": "other", "name": "moonshine"}, None),
        ({"dose": None, "unit": ""}, "dose"),
        ({"dose": None, "unit": "", "how": "taken"}, None),
        ({"dose": Decimal(0)}, "dose"),
        ({"dose": Decimal("NaN")}, "dose"),
        ({"unit": "spoons"}, "unit"),
        ({"route": ""}, "route"),
        ({"reason": ""}, "reason"),
        ({"how": "sprinkled"}, "how"),
    ],
)
def test_a_medicine_needs_what_makes_it_readable_and_the_missing_field_is_named(changed, field):
    said = {name: getattr(ONDANSETRON, name) for name in NewMedicine.__slots__} | changed
    found = trouble(NewMedicine(**said), known=["ondansetron", "oxygen"], flow=None)
    assert (found.field if found else None) == field


@pytest.mark.parametrize(
    ("flow", "device", "field"),
    [("2", "nasal_cannula", None), ("2", "", "device"), ("0", "", None), ("200", "simple_mask", "flow")],
)
@pytest.mark.django_db
def test_oxygen_needs_a_flow_that_can_be_and_a_device_unless_it_ends(flow, device, field):
    new = NewMedicine("oxygen", flow=Decimal(flow), device=device, reason="low_saturation")
    found = trouble(new, known=["oxygen"], flow=fact_definition(library(), "oxygen_flow"))
    assert (found.field if found else None) == field


def test_oxygen_flows_until_its_next_row_in_whatever_order_rows_are_told():
    def at(minute: int) -> datetime:
        return NOON + timedelta(minutes=minute)

    told = [(at(20), Decimal(0), ""), (at(0), Decimal(2), "nasal_cannula"), (at(10), Decimal(4), "simple_mask")]
    spans = [(s.since, s.until, s.flow) for s in oxygen_spans(told)]
    assert spans == [(at(0), at(10), 2), (at(10), at(20), 4)]
    assert oxygen_spans(told[1:])[-1].until is None


@pytest.mark.parametrize(
    ("given_after", "due_after"),
    [([], 1), ([1], 9), ([1, 9.5], 17.5), ([-3], 1)],
    ids=["first", "then every eight hours", "from the last one", "what came before the dose does not count"],
)
def test_a_planned_medicine_is_due_by_its_own_times(given_after, due_after):
    moments = [NOON + timedelta(hours=each) for each in given_after]
    assert due_at(STARDUST, started_at=NOON, given_at=moments) == NOON + timedelta(hours=due_after)


def test_a_day_is_the_last_twenty_four_hours():
    given = [(NOON - timedelta(hours=24), Decimal(10)), (NOON - timedelta(hours=23), Decimal(10)), (NOON, Decimal(5))]
    assert in_a_day(given, at=NOON) == 15


@pytest.mark.parametrize(
    ("name", "word"),
    [("Lorazepam", "lorazepam"), ("lorazepam 1 mg tablet", "lorazepam"), ("moonshine", "other"),
     ("lorazepam, zolpidem", "other")],
)  # fmt: skip
def test_a_name_that_a_list_knows_becomes_its_word(name, word):
    assert word_for(name, {"lorazepam": "lorazepam", "zolpidem": "zolpidem"}) == word


def post(as_role, stage: Stage, role: str = "nurse", site: str = "dawn", **said: object):
    there = address("medicines", session=stage.session)
    return as_role(role, site).post(there, {"key": new_key(), **TYPED, **said}, follow=True)


def rows(stage: Stage) -> list[treat.MedicineEntry]:
    with scoped(stage.scope()) as scope:
        return treat.medicines_of(scope, stage.session)


@pytest.mark.django_db
def test_a_medicine_is_kept_with_who_gave_it_and_shown_where_it_matters(world, as_role):
    stage = planned(world).started()
    page = post(as_role, stage).content.decode()
    assert "Recorded: Ondansetron 4 mg, intravenous." in page
    post(as_role, stage, medicine="other", name="Lorazepam 1 mg", dose="1", how="taken", route="oral")
    post(as_role, stage, medicine="oxygen", dose="", flow="2", device="nasal_cannula", reason="low_saturation")

    kept = rows(stage)
    assert [each.row.medicine for each in kept] == ["ondansetron", "lorazepam", "oxygen"]
    nurse = world.staff["dawn", "nurse"].key
    assert [each.row.given_by for each in kept] == [nurse, None, nurse]
    assert b"Lorazepam" not in bytes(kept[1].row.name)
    assert kept[1].name == "Lorazepam 1 mg"
    for where in ("chair", "summary"):
        shown = as_role("nurse").get(address(where, session=stage.session)).content.decode()
        assert "Lorazepam 1 mg 1 mg, oral, taken by the patient" in shown, where
        assert "Oxygen 2 L/min, nasal cannula" in shown, where
    live = as_role("nurse").get(address("readings", session=stage.session)).json()
    assert "Ondansetron 4 mg, intravenous" in [each["words"] for each in live["given"]]


@pytest.mark.django_db
def test_what_cannot_be_read_is_said_beside_its_field_and_what_was_typed_stays(world, as_role):
    stage = planned(world).started()
    answer = post(as_role, stage, route="", dose="4,5")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Say by which way it was given." in page
    assert 'value="4,5"' in page
    assert rows(stage) == []


@pytest.mark.django_db
def test_only_the_team_of_the_site_writes_and_corrects(world, as_role):
    stage = planned(world).started()
    post(as_role, stage)
    there = address("medicine", medicine=rows(stage)[0].row.key)
    assert as_role("nurse").get(there).status_code == 200
    for role, site, status in (("educator", "dawn", 403), ("nurse", "dusk", 404)):
        assert as_role(role, site).get(there).status_code == status
        assert post(as_role, stage, role, site).status_code == status


@pytest.mark.django_db
def test_a_correction_states_it_anew_and_what_was_never_given_counts_for_nothing(world, as_role):
    stage = planned(world).started()
    post(as_role, stage)
    first = rows(stage)[0].row
    there = address("medicine", medicine=first.key)
    nurse = as_role("nurse")
    nurse.post(there, {"key": new_key(), **TYPED, "dose": "8", "how": "given"})
    stands = rows(stage)
    assert [(each.row.dose, each.row.given_at) for each in stands] == [(8, first.given_at)]
    again = nurse.post(there, {"key": new_key(), **TYPED, "dose": "2", "how": "given"})
    assert "corrected already" in again.content.decode()

    nurse.post(address("medicine", medicine=stands[0].row.key), {"key": new_key(), "never": "1"})
    assert rows(stage) == []
    with scoped(stage.scope()):
        assert MedicineGiven.objects.count() == 3, "nothing was removed"


@pytest.mark.django_db
def test_a_retry_is_one_medicine_and_the_time_may_be_named(world, as_role):
    stage = planned(world).started()
    key, clock = new_key(), (this_moment() - timedelta(minutes=12)).astimezone()
    for _ in range(2):
        post(as_role, stage, key=key, when=f"{clock.astimezone(UTC):%H:%M}")
    assert len(rows(stage)) == 1


@pytest.mark.django_db
def test_what_was_taken_at_home_belongs_to_the_day_but_nothing_is_given_before_check_in(world, as_role):
    stage = planned(world).check_in()
    before = stage.now - timedelta(hours=3)
    with scoped(stage.scope()) as scope:
        with pytest.raises(treat.NotAMedicine, match="before the patient was checked in"):
            treat.note_medicine(scope, key=new_key(), session=stage.session, new=ONDANSETRON, at=before)
        taken = NewMedicine("lorazepam", how="taken", dose=Decimal(1), unit="mg", route="oral", reason="usual_medicine")
        treat.note_medicine(scope, key=new_key(), session=stage.session, new=taken, at=before)
        late = before - timedelta(hours=30)
        with pytest.raises(treat.NotAMedicine, match="more than a day"):
            treat.note_medicine(scope, key=new_key(), session=stage.session, new=taken, at=late)
    assert [each.row.medicine for each in rows(stage)] == ["lorazepam"]


@pytest.mark.django_db
def test_late_acts_of_two_devices_merge_by_their_own_times(world, as_role):
    stage = planned(world, hours_ago=0.6)
    stage.started()
    first, second = (Tablet(stage.session).sign_in(as_role(role)) for role in ("nurse", "clinician"))
    begun = stage.look().started_at
    flows = ((second, 8, "0", ""), (first, 2, "2", "nasal_cannula"), (first, 5, "4", "simple_mask"))
    for tablet, minute, flow, device in flows:
        said = {"medicine": "oxygen", "flow": flow, "device": device, "reason": "low_saturation"}
        tablet.act("medicines", "medicine", begun + timedelta(minutes=minute), **said)
    assert [each["answer"] for each in [*second.send(), *first.send()]] == ["stored"] * 3
    spans = oxygen_of(rows(stage))
    assert [(round((s.until - s.since) / timedelta(minutes=1)), s.flow) for s in spans] == [(3, 2), (3, 4)]
    assert {each.row.given_by for each in rows(stage)} == {world.staff["dawn", r].key for r in ("nurse", "clinician")}


@pytest.mark.django_db
def test_the_register_is_told_the_word_the_flow_and_its_end_and_never_a_name(world, as_role):
    stage = planned(world).started()
    post(as_role, stage, medicine="other", name="Moonshine by Pia Sommer")
    post(as_role, stage, medicine="oxygen", flow="3", device="simple_mask", reason="low_saturation")
    post(as_role, stage, medicine="oxygen", flow="0")
    with scoped(stage.scope()), connection.cursor() as cursor:
        cursor.execute((files("daybreak.treat") / "published" / "medicines.sql").read_text())
        names = [column.name for column in cursor.description]
        told = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    found = sorted((row["medicine"], row["flow"] or 0, row["ended_at"] is not None) for row in told)
    assert found == [("other", 0, False), ("oxygen", 0, False), ("oxygen", 3, True)]
    assert "name" not in names
