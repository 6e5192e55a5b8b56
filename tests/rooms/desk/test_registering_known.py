"""Who registers a person that may be known here is told before a record is made, and goes there or on."""

from datetime import date

import pytest

from daybreak.identity.models import Look
from daybreak.identity.public import Person, known_alike, suggested_duplicates
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.people.public import merge_record, patients
from tests.rooms.desk.test_pages import FORM

pytestmark = pytest.mark.django_db
PAGE = "/at/dawn/patients/new/"
BORN = date(1984, 5, 6)


def registered(coordinator, **more):
    """Return the key of a patient who was registered by the form."""
    key = new_key()
    assert coordinator.post(PAGE, {**FORM, "key": key, **more}).status_code == 302
    return key


def count(world):
    with scoped(world.scope()) as scope:
        return patients(scope).count()


def test_nobody_is_recorded_who_looks_known_until_it_is_said_that_they_are_another(as_role, world):
    coordinator = as_role("coordinator")
    known = registered(coordinator, number="A-77 1")
    again = {**FORM, "key": str(new_key()), "given": "PIA", "family": "Sömmer", "number": "a771", "other_than": []}

    answer = coordinator.post(PAGE, again)
    assert answer.status_code == 422
    page = answer.text
    assert f'href="/at/dawn/patients/{known}/"' in page
    assert "the same number; the same name and birth date" in page
    assert 'value="Sömmer"' in page
    assert "Three treatments without enough effect" in page
    assert f'value="{again["key"]}"' in page
    assert count(world) == 1

    for _ in range(2):
        assert coordinator.post(PAGE, {**again, "other_than": [str(known)]}).status_code == 302
    with scoped(world.scope()) as scope:
        assert {str(each.key) for each in patients(scope)} == {str(known), again["key"]}
        assert len(suggested_duplicates(scope, at=world.now)) == 1


def test_to_be_other_than_one_is_not_to_be_other_than_all(as_role, world):
    coordinator = as_role("coordinator")
    one = registered(coordinator)
    other = registered(coordinator, given="Mia", number="M5")
    answer = coordinator.post(PAGE, {**FORM, "key": new_key(), "number": "m-5", "other_than": [str(one)]})
    assert answer.status_code == 422
    assert f'value="{one}" checked' in answer.text
    assert f'value="{other}" checked' not in answer.text
    assert f'value="{other}"' in answer.text
    assert count(world) == 2


def test_whoever_is_known_at_another_clinic_is_known_to_nobody_here(as_role, world):
    registered(as_role("coordinator"), number="A771")
    answer = as_role("coordinator", "dusk").post(
        PAGE.replace("dawn", "dusk"), {**FORM, "key": new_key(), "number": "A771"}
    )
    assert answer.status_code == 302


def test_the_names_that_are_told_were_looked_at(as_role, world):
    known = registered(as_role("coordinator"))
    with scoped(world.scope()):
        before = Look.objects.filter(patient_keys__contains=[known], purpose="register a patient").count()
    as_role("coordinator").post(PAGE, {**FORM, "key": new_key()})
    with scoped(world.scope()):
        assert Look.objects.filter(patient_keys__contains=[known], purpose="register a patient").count() == before + 1


@pytest.mark.parametrize(
    ("person", "because"),
    [
        (Person("Pia", "Sommer", BORN), ("name",)),
        (Person("Pia", "Sommer", None), ()),
        (Person("Pia", "Sommer", date(1984, 6, 5)), ()),
        (Person("Max", "Winter", BORN), ()),
        (Person("Max", "Winter", BORN, telephone="030-12345"), ("contact",)),
        (Person("Max", "Winter", None, numbers=("A 771",)), ("number",)),
        (Person("Max", "Winter", None, numbers=("77",)), ()),
    ],
)
def test_by_a_number_or_beside_the_birth_date(as_role, world, person, because):
    registered(as_role("coordinator"), number="A-77 1", telephone="030 12345")
    with scoped(world.scope("coordinator")) as scope:
        found = known_alike(scope, person, besides=new_key(), at=world.now)
    assert [each.because for each in found] == [because] * bool(because)


def test_a_record_that_was_merged_answers_as_the_one_that_is_kept(world):
    kept, gone = world.patient(given="Anna", born=BORN), world.patient(given="Pia", born=BORN)
    with scoped(world.scope("coordinator")) as scope:
        merge_record(scope, key=new_key(), record=gone, into=kept, because="patient", at=world.now)
        (found,) = known_alike(scope, Person("Pia", "Sommer", BORN), besides=new_key(), at=world.now)
    assert (found.key, found.who.given, found.because) == (kept, "Anna", ("name",))


def test_no_protocol_is_chosen_before_somebody_chooses_one(as_role, world):
    page = as_role("coordinator").get(PAGE).text
    options = page.split('name="protocol"')[1].split("</select>")[0]
    assert options.index('value=""') < options.index('value="ketamine')
