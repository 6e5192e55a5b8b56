"""A person who was recorded twice at one clinic is merged by a person, with a trace, and nothing is lost."""

from datetime import date, timedelta
from importlib.resources import files

import pytest
from django.db import connections, transaction
from django.db.utils import DatabaseError

from daybreak.desk.duplicates import care_in, merge, pair_of, say_same
from daybreak.desk.gathering import listed
from daybreak.identity.duplicates import alike
from daybreak.identity.public import FORGOTTEN, Person, find, forget, person, suggested_duplicates
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.ledger.about import tables_about_patients
from daybreak.ledger.public import rows_about, waiting_in_tray
from daybreak.measure.public import allergies, medicines, record_allergy, record_medicine, record_no_known_allergies
from daybreak.people.public import (
    DuplicateDecision,
    NotDecided,
    also_recorded,
    keep_both,
    merge_record,
    merged_records,
    patient,
    patients,
    undo_decision,
)
from daybreak.screen.public import awaiting, record_diagnosis, refer, referrals
from tests.access.test_routes import AT_SITE, address
from tests.rooms.consent.test_actions import by_patient
from tests.rooms.screen.patients import ICD, PROTOCOL, ready, referred

pytestmark = pytest.mark.django_db
LIST = "/at/dawn/patients/twice/"


def twice(world):
    """Return the keys of a patient with care and of the empty record that somebody made of her again."""
    kept, again = ready(world), referred(world, given="PIA", family="Sömmer")
    return kept, again


def page_of(one, other):
    return f"{LIST}{one}/{other}/"


def said(keep, because="document", **more):
    return {"key": new_key(), "decision": keep, "because": because, **more}


def two_who_look_nothing_alike(world):
    """Return the keys of two records that nothing suggests."""
    return world.patient(), world.patient(given="Zoe", family="Winter", born=date(1990, 1, 2))


def test_two_records_that_nothing_suggests_are_looked_up_and_compared(world, as_role):
    one, other = two_who_look_nothing_alike(world)
    coordinator = as_role("coordinator")
    assert f'value="{one}"' not in coordinator.get(LIST).text
    asked = {"one": "sommer", "other": "1990-01-02"}
    page = coordinator.get(LIST, asked).text
    assert f'value="{one}" checked' in page
    assert f'value="{other}" checked' in page
    answer = coordinator.get(LIST, asked | {"record": str(one), "second": str(other)})
    assert answer["Location"] == page_of(one, other)
    assert coordinator.post(page_of(one, other), said(one)).status_code == 302
    with scoped(world.scope()) as scope:
        assert merged_records(scope) == {other: one}


@pytest.mark.parametrize("second", ["itself", "another clinic's", "not found by what is typed", "no key"])
def test_only_two_records_that_were_found_are_compared(world, as_role, second):
    one, other = two_who_look_nothing_alike(world)
    key = {"itself": one, "another clinic's": world.patient("dusk"), "not found by what is typed": other, "no key": "x"}
    answer = as_role("coordinator").get(LIST, {"one": "pia", "other": "pia", "record": one, "second": key[second]})
    assert answer.status_code == 200
    assert ("one and the same record" in answer.text) == (second == "itself")
    assert answer.text.count('type="radio"') == 2


def merged(world, record, into, **more):
    with scoped(world.scope("coordinator")) as scope:
        asked = {"key": new_key(), "because": "document", "at": world.now} | more
        return merge(scope, record=record, into=into, **asked)


BORN = date(1984, 5, 6)
PIA = Person("Pia", "Sommer", BORN, telephone="030 12345", email="Pia@example.org", numbers=("A-77 1",))


@pytest.mark.parametrize(
    ("other", "because"),
    [
        (Person("Sömmer", "PIA", BORN), ("name",)),
        (Person("Pia", "Sommer", date(1984, 5, 7)), ()),
        (Person("Pia", "Sommer", None), ()),
        (Person("Pia", "Winter", BORN), ()),
        (Person("Pia", "Winter", BORN, telephone="(030) 123-45"), ("contact",)),
        (Person("Pia", "Winter", BORN, email="pia@EXAMPLE.org"), ("contact",)),
        (Person("Pia", "Winter", None, email="pia@example.org"), ()),
        (Person("P.", "Winter", None, numbers=("a771",)), ("number",)),
        (Person("Pia", "Sommer", BORN, numbers=("A77-1",)), ("number", "name")),
    ],
)
def test_two_records_are_alike_by_a_number_or_by_name_or_contact_beside_the_birth_date(other, because):
    assert alike(PIA, other) == because
    assert alike(other, PIA) == because


def test_nobody_is_alike_for_what_neither_has():
    assert alike(Person("Pia", "Sommer", None), Person("Max", "Winter", None)) == ()
    assert alike(Person("Pia", "Sommer", BORN), Person("Max", "Winter", BORN)) == ()


def test_a_pair_is_suggested_at_its_own_clinic_only(world):
    kept, again = twice(world)
    world.patient("dusk")
    with scoped(world.scope("coordinator")) as scope:
        (found,) = suggested_duplicates(scope, at=world.now)
    assert {found.one, found.other} == {kept, again}
    with scoped(world.scope("coordinator", "dusk")) as scope:
        assert suggested_duplicates(scope, at=world.now) == []


def test_who_registers_patients_sees_the_pages_and_nobody_else(world, as_role):
    kept, again = twice(world)
    elsewhere = world.patient("dusk")
    for page in (LIST, page_of(kept, again)):
        assert as_role("coordinator").get(page).status_code == 200
        assert as_role("nurse").get(page).status_code == 403
        assert as_role("coordinator", "dusk").get(page).status_code == 404
    for pair in ((kept, elsewhere), (kept, kept), (kept, new_key())):
        assert as_role("coordinator").get(page_of(*pair)).status_code == 404


def test_a_record_is_merged_on_the_page_once_however_often_it_is_sent_and_one_patient_is_left(world, as_role):
    kept, again = twice(world)
    form, coordinator = said(kept), as_role("coordinator")
    with scoped(world.scope()) as scope:
        before = rows_about(scope, again)
    for _ in range(2):
        assert coordinator.post(page_of(again, kept), form).status_code == 302

    with scoped(world.scope()) as scope:
        assert merged_records(scope) == {again: kept}
        assert [each.key for each in patients(scope)] == [kept]
        assert patient(scope, again) is None
        assert find(scope, "sommer", at=world.now) == [kept]
        assert [row.key for row in listed(scope, text="pia", stage="", page=1, of=9, at=world.now).rows] == [kept]
        assert again not in {each.patient_key for each in awaiting(scope)}
        assert suggested_duplicates(scope, at=world.now) == []
        assert not waiting_in_tray(scope)
        assert rows_about(scope, again) == before
    page = coordinator.get(f"/at/dawn/patients/{again}/").text
    assert "This record was merged" in page
    assert f"/at/dawn/patients/{kept}/" in page
    assert "Cora Vance" in page
    assert f"/at/dawn/patients/{again}/" in coordinator.get(f"/at/dawn/patients/{kept}/").text


def pages_about(patient):
    """Return the address of every page about one patient at dawn, but the one that says where a record went, and those
    that open only on a device which was handed over from one of them.
    """
    for pattern, entry in AT_SITE:
        is_on_device = getattr(entry.callback, "on_handed_over", False)
        if "<uuid:patient>" in pattern and not is_on_device and not pattern.endswith("/patients/<uuid:patient>/"):
            yield address(pattern.replace("<uuid:patient>", str(patient)), entry, "dawn").replace("//", "/")


def test_no_other_page_opens_for_a_record_that_was_merged(world, as_role):
    kept, again = twice(world)
    merged(world, again, kept)
    places = list(pages_about(again))
    people = [as_role(role) for role in ("coordinator", "clinician", "nurse")]
    closed = (403, 404, 405)
    opened = {place for place in places for each in people if each.get(place).status_code not in closed}
    assert len(places) > 30
    assert opened == set()


def test_allergies_and_medicines_of_both_records_count_and_none_known_does_not(world):
    kept, again = twice(world)
    with scoped(world.scope()) as scope:
        record_no_known_allergies(scope, key=new_key(), patient=again, noted_at=world.now)
        merged(world, again, kept, key=(key := new_key()))
        assert allergies(scope, kept).state == "none known"
        undo_decision(scope, key=new_key(), decision=key, because="error", at=world.now)
        long_ago = world.now - timedelta(days=400)
        record_allergy(scope, key=new_key(), patient=again, substance="Latex", noted_at=long_ago)
        record_allergy(
            scope, key=new_key(), patient=again, substance="Dust", status="entered in error", noted_at=long_ago
        )
        record_medicine(scope, key=new_key(), patient=again, display="Lamotrigine", noted_at=long_ago)
        record_medicine(scope, key=new_key(), patient=again, display="Lithium", noted_at=long_ago)
        record_medicine(scope, key=new_key(), patient=kept, display="lithium", noted_at=long_ago)
    merged(world, again, kept)
    with scoped(world.scope()) as scope:
        assert allergies(scope, kept).substances == ("Latex",)
        assert sorted(each.display for each in medicines(scope, kept)) == ["Lamotrigine", "lithium"]


def test_a_referral_is_kept_where_the_kept_record_has_none_and_another_protocol_is_for_a_person(world):
    kept, again = world.patient(), referred(world)
    merged(world, again, kept)
    with scoped(world.scope()) as scope:
        assert [(each.protocol, each.reason) for each in referrals(scope, patient=kept)] == [
            (PROTOCOL, "Three treatments failed.")
        ]
        assert [each.patient_key for each in awaiting(scope)] == [kept]
        third = world.patient()
        refer(scope, key=new_key(), patient=third, protocol="esketamine_nasal_rems", reason="", at=world.now)
    with pytest.raises(NotDecided, match="another protocol"):
        merged(world, third, kept)
    with scoped(world.scope()) as scope:
        assert merged_records(scope) == {again: kept}


def test_a_record_in_which_care_was_recorded_is_not_merged_away(world, as_role):
    kept, again = twice(world)
    with pytest.raises(NotDecided, match="Care was recorded"):
        merged(world, kept, again)
    with scoped(world.scope()) as scope:
        assert merged_records(scope) == {}
    page = as_role("coordinator").get(page_of(kept, again)).text
    assert f'value="{kept}"' in page
    assert f'value="{again}"' not in page
    assert as_role("coordinator").post(page_of(kept, again), said(again)).status_code == 422


def test_what_nobody_thought_of_keeps_a_record(world):
    assert care_in({"identity_particulars": 2, "screen_referral": 1, "measure_allergy": 3}) == {}
    assert care_in({"treat_session": 2, "treat_course": 1, "newroom_thing": 1}) == {"treat": 3, "newroom": 1}


def test_every_table_that_names_a_patient_is_asked(world):
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM information_schema.columns c JOIN pg_class r ON r.relname = c.table_name "
            "WHERE c.column_name = 'patient_key' AND c.table_schema = 'public' AND NOT r.relispartition"
        )
        (there,) = cursor.fetchone()
    assert len(tables_about_patients()) == there


@pytest.mark.parametrize("which", ["itself", "elsewhere", "merged", "keeps another"])
def test_what_cannot_be_merged_is_refused(world, which):
    kept, again = twice(world)
    third = world.patient(given="Pia Maria")
    pair = {
        "itself": (again, again),
        "elsewhere": (again, world.patient("dusk")),
        "merged": (again, third),
        "keeps another": (third, again),
    }[which]
    if which == "merged":
        merged(world, again, kept)
    if which == "keeps another":
        pair = (third, kept)
        merged(world, again, third)
    with pytest.raises(NotDecided):
        merged(world, *pair)


def test_two_who_are_kept_apart_are_not_suggested_again_until_it_is_undone(world, as_role):
    kept, again = twice(world)
    coordinator = as_role("coordinator")
    assert coordinator.post(page_of(kept, again), said("different", "number")).status_code == 422
    assert coordinator.post(page_of(kept, again), said("different", "relatives")).status_code == 302
    with scoped(world.scope("coordinator")) as scope:
        assert suggested_duplicates(scope, at=world.now) == []
        assert len(patients(scope)) == 2
        stands = pair_of(scope, again, kept, at=world.now).stands
    undo = {"key": new_key(), "decision": stands.key, "because": "document"}
    assert coordinator.post(page_of(kept, again) + "undo/", undo).status_code == 302
    with scoped(world.scope("coordinator")) as scope:
        assert len(suggested_duplicates(scope, at=world.now)) == 1


def test_a_merge_is_undone_by_another_fact_and_the_history_stays(world, as_role):
    kept, again = twice(world)
    made, coordinator = merged(world, again, kept), as_role("coordinator")
    undo = {"key": new_key(), "decision": made.key, "because": "error"}
    for _ in range(2):
        assert coordinator.post(page_of(kept, again) + "undo/", undo).status_code == 302
    undo["key"] = new_key()
    assert coordinator.post(page_of(kept, again) + "undo/", undo).status_code == 422

    with scoped(world.scope("coordinator")) as scope:
        assert {each.key for each in patients(scope)} == {kept, again}
        told = pair_of(scope, kept, again, at=world.now).told
        assert [(row.verdict, by) for row, by in told] == [("undone", "Cora Vance"), ("same", "Cora Vance")]
    assert coordinator.get(f"/at/dawn/patients/{again}/").status_code == 200


def test_the_database_lets_nobody_rewrite_a_merge_or_name_another_clinics_record(world):
    kept, again = twice(world)
    merged(world, again, kept)
    elsewhere = world.patient("dusk")
    with scoped(world.scope()), pytest.raises(DatabaseError), transaction.atomic():
        DuplicateDecision.objects.all().delete()
    with scoped(world.scope("coordinator", "dusk")) as scope:
        assert merged_records(scope) == {}
        with pytest.raises(NotDecided):
            merge_record(scope, key=new_key(), record=elsewhere, into=kept, because="document", at=world.now)


def test_a_merged_record_in_which_something_appears_is_pointed_out(world, as_role):
    kept, again = twice(world)
    merged(world, again, kept)
    assert "recorded there since" not in as_role("coordinator").get(LIST).text
    with scoped(world.scope()) as scope:
        record_diagnosis(
            scope, key=new_key(), patient=again, code="F33.2", system=ICD, display="Depression", noted_at=world.now
        )
    assert "recorded there since" in as_role("coordinator").get(LIST).text


def published(room, view):
    """Return the records that a room publishes for the freeze, as the view says it and the scope sees it."""
    with connections["default"].cursor() as cursor:
        cursor.execute((files(f"daybreak.{room}") / "published" / f"{view}.sql").read_text().replace("%", "%%"))
        place = [column.name for column in cursor.description].index("patient_key")
        return {row[place] for row in cursor.fetchall()}


def test_a_merged_record_is_not_frozen_whatever_still_comes_to_stand_in_it(world):
    kept, again = twice(world)
    made = merged(world, again, kept)
    with scoped(world.scope("coordinator")) as scope:
        by_patient(world, again, "registry")
        assert published("people", "patients") == {kept}
        assert published("consent", "registry") == set()
        undo_decision(scope, key=new_key(), decision=made.key, because="error", at=world.now)
        assert published("people", "patients") == {kept, again}
        assert published("consent", "registry") == {again}


def test_who_is_forgotten_is_forgotten_in_both_records(world):
    kept, again = twice(world)
    merged(world, again, kept)
    with scoped(world.scope()) as scope:
        forget(scope, patient=kept)
        assert person(scope, again, at=world.now).full_name == FORGOTTEN
        assert find(scope, "sommer", at=world.now) == []


def both_with_care(world):
    """Return the keys of two records of one person, in each of which care stands, and the latex of the second."""
    one, other = ready(world), ready(world)
    with scoped(world.scope()) as scope:
        record_allergy(scope, key=new_key(), patient=other, substance="Latex", noted_at=world.now)
    return one, other


def test_where_care_stands_in_both_both_are_kept_and_the_banner_of_each_tells_of_the_other(world, as_role):
    one, other = both_with_care(world)
    coordinator, nurse = as_role("coordinator"), as_role("nurse")
    with scoped(world.scope("coordinator")) as scope:
        before = [rows_about(scope, each) for each in (one, other)]
    assert "Recorded twice" not in nurse.get(f"/at/dawn/patients/{one}/").text
    form = said("both")
    for _ in range(2):
        assert coordinator.post(page_of(one, other), form).status_code == 302
    for here, there in ((one, other), (other, one)):
        banner = nurse.get(f"/at/dawn/patients/{here}/").text.split('class="patient-banner"')[1].split("</section>")[0]
        assert f'href="/at/dawn/patients/{there}/"' in banner
        assert ("allergies: Latex" in banner) == (there == other)
    with scoped(world.scope("coordinator")) as scope:
        assert suggested_duplicates(scope, at=world.now) == []
        assert merged_records(scope) == {}
        assert [rows_about(scope, each) for each in (one, other)] == before
        assert published("people", "patients") == {one, other}
        stands = pair_of(scope, one, other, at=world.now).stands
        undo_decision(scope, key=new_key(), decision=stands.key, because="error", at=world.now)
    assert "Recorded twice" not in nurse.get(f"/at/dawn/patients/{one}/").text


def test_both_are_kept_only_where_care_stands_in_both(world, as_role):
    kept, again = twice(world)
    with pytest.raises(NotDecided, match="Merge it"), scoped(world.scope("coordinator")) as scope:
        say_same(scope, key=new_key(), record=kept, other=again, because="document", at=world.now)
    assert as_role("coordinator").post(page_of(kept, again), said("both")).status_code == 422


def test_who_is_one_with_one_is_one_with_all(world):
    one, other, third = world.patient(), world.patient(), world.patient()
    with scoped(world.scope("coordinator")) as scope:
        for pair in ((one, other), (third, other)):
            keep_both(scope, key=new_key(), record=pair[0], other=pair[1], because="patient", at=world.now)
        assert also_recorded(scope, one) == sorted([other, third])
        assert also_recorded(scope, third) == sorted([one, other])
    with scoped(world.scope("coordinator", "dusk")) as scope:
        assert also_recorded(scope, one) == []
