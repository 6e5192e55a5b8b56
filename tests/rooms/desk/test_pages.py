"""Home, a patient's page, the form for a new one, the tray. The list of patients has a file of its own."""

from datetime import UTC, date, datetime, timedelta

import pytest

from daybreak.desk.home import home_of
from daybreak.follow_up.public import invite
from daybreak.kernel.keys import new_key
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import scoped
from daybreak.ledger.public import TrayItem, put_in_tray
from daybreak.people.public import ROLES, PatientDied, patients, record_death
from daybreak.screen.public import refer
from daybreak.treat.public import open_course, plan_session
from tests.rooms.treat.stage import planned, set_up

pytestmark = pytest.mark.django_db
FORM = {
    "given": "Pia",
    "family": "Sommer",
    "birth_date": "1984-05-06",
    "sex": "female",
    "protocol": "ketamine_iv_40min",
    "reason": "Three treatments without enough effect",
}


@pytest.mark.parametrize("role", sorted(ROLES))
def test_everyone_has_a_home_page_that_greets_them_by_name(as_role, world, role):
    answer = as_role(role).get("/at/dawn/")
    assert answer.status_code == 200
    assert world.staff["dawn", role].name.split()[0] in answer.content.decode()


def test_home_never_says_that_nothing_waits_above_things_to_do(as_role):
    pages = {role: as_role(role).get("/at/dawn/").content.decode() for role in ("educator", "safety board member")}
    assert pages["educator"].count("Nothing waits for you") == 1
    assert "Nothing waits for you" not in pages["safety board member"]
    assert "Open the monitor" in pages["safety board member"]


def test_a_new_patient_is_registered_once_however_often_the_form_is_sent(as_role, world):
    coordinator, said = as_role("coordinator"), {**FORM, "key": str(new_key())}
    first, second = (coordinator.post("/at/dawn/patients/new/", said) for _ in range(2))
    assert first.status_code == second.status_code == 302
    with scoped(world.scope()) as scope:
        assert patients(scope).count() == 1
        assert TrayItem.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("birth_date", "2098-01-01", "future"),
        ("birth_date", "1901-01-01", "120 years"),
        ("birth_date", "31.31.1999", "not a date"),
        ("family", "", "required"),
        ("sex", "", "required"),
        ("protocol", "made_up", "valid choice"),
        ("protocol", "", "required"),
        ("given", "a\x00b", "Null"),
    ],
)
def test_what_cannot_be_is_a_sentence_beside_the_field_and_what_was_typed_stays(as_role, world, field, typed, words):
    answer = as_role("coordinator").post("/at/dawn/patients/new/", {**FORM, "key": str(new_key()), field: typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "Three treatments without enough effect" in page
    with scoped(world.scope()) as scope:
        assert patients(scope).count() == 0


def test_a_patients_page_is_for_those_who_may_read_it(as_role, world):
    address = f"/at/dawn/patients/{world.patient()}/"
    assert as_role("nurse").get(address).status_code == 200
    assert as_role("analyst").get(address).status_code == 403
    assert as_role("nurse", "dusk").get(address).status_code == 404
    assert as_role("nurse", "dusk").get(address.replace("dawn", "dusk")).status_code == 404


def test_a_course_with_a_baseline_stands_on_the_page(as_role, world):
    stage = planned(world).started()

    said = as_role("nurse").get(f"/at/dawn/patients/{stage.patient}/").content.decode()

    assert "Baseline" in said
    assert ">18<" in said


def test_the_tray_shows_what_could_not_be_placed_with_its_reason(as_role, world):
    with scoped(world.scope()):
        put_in_tray(
            site="dawn", about="treat_reading", about_key=None, reason="No session.", content={}, received_at=world.now
        )
    assert "No session." in as_role("coordinator").get("/at/dawn/tray/").content.decode()
    assert "No session." not in as_role("coordinator", "dusk").get("/at/dusk/tray/").content.decode()


def test_the_page_of_somebody_who_died_says_so_and_plans_nothing(as_role, world):
    patient = world.patient(born=date(1950, 1, 1))
    with scoped(world.scope()) as scope:
        record_death(scope, key=new_key(), patient=patient, died_on=date(2025, 11, 2), at=world.now)
    page = as_role("clinician").get(f"/at/dawn/patients/{patient}/").content.decode()
    assert "Deceased" in page
    assert "Sun 2 Nov 2025" in page
    assert f"/at/dawn/treat/patients/{patient}/" not in page
    assert "years" not in page.split('class="patient-banner"')[1].split("</section>")[0]


def test_a_button_leads_nobody_to_a_page_that_is_not_theirs(as_role, world):
    patient = world.patient()
    for address in ("/at/dawn/patients/", f"/at/dawn/patients/{patient}/"):
        page = as_role("nurse").get(address).content.decode()
        assert "/patients/new/" not in page
        assert "/follow-up/" not in page


def test_nothing_is_planned_after_a_death_and_what_was_before_it_can_still_be_entered(world):
    patient, course = world.patient(), new_key()
    set_up(world)
    with scoped(world.scope()) as scope:
        open_course(scope, key=course, patient=patient, protocol=FORM["protocol"], at=world.now)
        record_death(scope, key=new_key(), patient=patient, died_on=date(2025, 11, 2), at=world.now)
        before = datetime(2025, 11, 1, 9, tzinfo=UTC)
        plan_session(scope, key=new_key(), course=course, planned_for=before, chair="chair 1", at=world.now)
        with pytest.raises(PatientDied):
            plan_session(scope, key=new_key(), course=course, planned_for=world.now, chair="chair 1", at=world.now)
        with pytest.raises(PatientDied):
            open_course(scope, key=new_key(), patient=patient, protocol=FORM["protocol"], at=world.now)


def test_nobody_is_to_screen_or_to_remind_somebody_who_has_died(as_role, world):
    patient = world.patient()
    with scoped(world.scope()) as scope:
        refer(scope, key=new_key(), patient=patient, protocol=FORM["protocol"], reason="Low mood.", at=world.now)
        invite(scope, key=new_key(), patient=patient, instrument="phq9", at=world.now - timedelta(days=2))
        homes = [home_of(scope, may=frozenset(Permission), at=world.now)]
        record_death(scope, key=new_key(), patient=patient, died_on=None, at=world.now)
        homes.append(home_of(scope, may=frozenset(Permission), at=world.now))
    waits = [[t.title for t in home.things if "screening" in t.title or "late" in t.title] for home in homes]
    assert waits == [["{name} waits for screening", "One questionnaire is late"], []]
    page = as_role("coordinator").get(f"/at/dawn/follow-up/patients/{patient}/").content.decode()
    assert "Ask by hand" not in page


def test_what_home_does_not_show_is_a_link_to_its_list(as_role, world):
    for number in range(10):
        patient = world.patient(given=f"Pia {number}")
        with scoped(world.scope()) as scope:
            refer(scope, key=new_key(), patient=patient, protocol=FORM["protocol"], reason="Low mood.", at=world.now)
    page = as_role("clinician").get("/at/dawn/").content.decode()
    assert '<a href="/at/dawn/screen/">And 2 more: see the list</a>' in page
