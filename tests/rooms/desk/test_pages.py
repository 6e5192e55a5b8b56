"""Home, the list of patients, a patient's page, the form for a new one."""

import pytest

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.ledger.public import TrayItem, put_in_tray
from daybreak.people.public import ROLES, patients

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
        ("birth_date", "2999-01-01", "future"),
        ("birth_date", "1850-01-01", "120 years"),
        ("birth_date", "31.31.1999", "valid date"),
        ("family", "", "required"),
        ("sex", "", "required"),
        ("protocol", "made_up", "valid choice"),
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


def test_patients_are_found_by_whole_words_of_their_names(as_role, world):
    world.patient(given="Zoë", family="Müller")
    world.patient(given="Ann", family="Other")
    clinician = as_role("clinician")
    found = clinician.get("/at/dawn/patients/", {"q": "muller zoe"}).content.decode()
    assert "Müller" in found
    assert "Other" not in found
    assert "Nobody found" in clinician.get("/at/dawn/patients/", {"q": "nobody"}).content.decode()


@pytest.mark.parametrize(
    "query", [{"page": "99999999999"}, {"page": "-1"}, {"page": "x"}, {"q": "\x00"}, {"stage": "<b>"}]
)
def test_a_strange_address_is_a_page_all_the_same(as_role, world, query):
    world.patient()
    assert as_role("clinician").get("/at/dawn/patients/", query).status_code == 200


def test_a_patients_page_is_for_those_who_may_read_it(as_role, world):
    address = f"/at/dawn/patients/{world.patient()}/"
    assert as_role("nurse").get(address).status_code == 200
    assert as_role("analyst").get(address).status_code == 403
    assert as_role("nurse", "dusk").get(address).status_code == 404
    assert as_role("nurse", "dusk").get(address.replace("dawn", "dusk")).status_code == 404


def test_the_tray_shows_what_could_not_be_placed_with_its_reason(as_role, world):
    with scoped(world.scope()):
        put_in_tray(
            site="dawn", about="treat_reading", about_key=None, reason="No session.", content={}, received_at=world.now
        )
    assert "No session." in as_role("coordinator").get("/at/dawn/tray/").content.decode()
    assert "No session." not in as_role("coordinator", "dusk").get("/at/dusk/tray/").content.decode()
