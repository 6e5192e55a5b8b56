"""A patient's own page: set up in the clinic, opened by a PIN, locked kindly, and seen by nobody else."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from daybreak.consent.public import is_current
from daybreak.follow_up import public as follow_up
from daybreak.follow_up.actions.own_page import make_own_page, try_pin
from daybreak.follow_up.queries.own_page import own_page_at, own_pages_of
from daybreak.follow_up.rules.own_page import is_a_pin, tries_of
from daybreak.follow_up.web.own_presenters import Minded, before_a_session
from daybreak.identity.public import Person, note_particulars, person
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.measure.public import library
from daybreak.people.public import record_death
from daybreak.rulebook.public import TASK_SET
from tests.rooms.consent.test_signing import by_patient
from tests.rooms.follow_up.phone import invited
from tests.rooms.treat.stage import planned

pytestmark = pytest.mark.django_db
PIN = "270419"
MINUTE = timedelta(minutes=1)


def at(token, name="page", site="dawn", **more):
    return reverse(f"own:{name}", kwargs={"site": site, "token": token, **more})


@pytest.fixture
def token(world):
    with scoped(world.scope("coordinator")) as scope:
        return make_own_page(scope, patient=world.patient(), at=world.now)


def patient_of(token):
    return own_page_at(site="dawn", token=token).patient


def let_in(token, client=None):
    client = client or Client()
    assert client.post(at(token), {"pin": PIN, "again": PIN}).status_code == 302
    return client


@pytest.mark.parametrize(
    ("pin", "may"),
    [("270419", True), ("111111", False), ("123456", False), ("987654", False), ("12345", False), ("12345a", False)],
)
def test_a_pin_is_six_digits_that_are_not_the_first_guess(pin, may):
    assert is_a_pin(pin) is may


def test_five_wrong_ones_wait_and_ten_in_a_row_lock_and_a_right_one_begins_anew(world):
    def after(*wrong, right=()):
        moments = sorted(
            [(world.now + m * MINUTE, False) for m in wrong] + [(world.now + m * MINUTE, True) for m in right]
        )
        return tries_of(moments, at=world.now + 200 * MINUTE)

    assert tries_of([(world.now + n * MINUTE, False) for n in range(5)], at=world.now + 5 * MINUTE).waits_until
    assert not tries_of([(world.now + n * MINUTE, False) for n in range(5)], at=world.now + 15 * MINUTE).waits_until
    assert not after(*range(9)).is_locked
    assert after(*range(10)).is_locked
    assert not after(*range(10), right=(4.5,)).is_locked


def test_the_patient_chooses_the_pin_and_only_it_opens_the_page(world, token):
    client = let_in(token)
    assert "Nothing is due today" in client.get(at(token)).content.decode()
    stranger = Client()
    assert "PIN, six digits" in stranger.get(at(token)).content.decode()
    assert "due today" not in stranger.get(at(token)).content.decode()
    assert stranger.post(at(token), {"pin": "270418"}).status_code == 422
    assert stranger.post(at(token), {"pin": PIN}).status_code == 302
    for name in ("contact", "leave"):
        assert Client().post(at(token, name), {"telephone": "1"}).url == at(token)


def test_a_page_without_a_pin_is_worth_nothing_after_half_an_hour(world):
    with scoped(world.scope("coordinator")) as scope:
        late = make_own_page(scope, patient=world.patient(), at=world.now - 31 * MINUTE)
    assert Client().post(at(late), {"pin": PIN, "again": PIN}).status_code == 422
    assert "not set up in time" in Client().get(at(late)).content.decode()


def test_ten_wrong_pins_lock_the_page_kindly_even_for_the_right_one(world, token):
    let_in(token)
    page = own_page_at(site="dawn", token=token)
    with scoped(page.scope) as scope:
        for n in range(12):
            try_pin(scope, page=page.page, pin="000001", at=world.now + n * 20 * MINUTE)
        assert try_pin(scope, page=page.page, pin=PIN, at=world.now + 400 * MINUTE)[0] is False
    text = Client().get(at(token)).content.decode()
    assert "closed to protect you. Nothing is lost" in text
    with scoped(world.scope()) as scope:
        assert own_pages_of(scope, patient=page.patient, at=world.now)[0].tries.wrong == 10


def test_a_visit_sees_one_patient_in_sql(world, token):
    other = world.patient(given="Ben")
    invited(world, other)
    visit = own_page_at(site="dawn", token=token)
    invited(world, visit.patient)
    with scoped(visit.scope), connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT patient_key FROM follow_up_invitation")
        assert cursor.fetchall() == [(visit.patient,)]
        cursor.execute("SELECT count(*) FROM people_patient")
        assert cursor.fetchone() == (1,)
        cursor.execute("SELECT count(*) FROM identity_particulars WHERE patient_key = %s", [other])
        assert cursor.fetchone() == (0,)
    assert own_page_at(site="dusk", token=token) is None


def test_the_own_page_shows_what_is_due_and_leads_to_its_questions(world, token):
    client, invitation = let_in(token), invited(world, patient_of(token))
    assert "Questions are ready for you" in client.get(at(token)).content.decode()
    answered = client.post(at(token, "answer", invitation=invitation.key))
    assert Client().get(answered.url).status_code == 200


def test_each_thing_that_is_due_has_a_button_of_its_own_name(world, token):
    patient = patient_of(token)
    with scoped(world.scope("coordinator")) as scope:
        for instrument, days in (("phq9", 0), ("phq9", 3), ("long_term_effects", 3), (TASK_SET, 3)):
            follow_up.invite(
                scope, key=new_key(), patient=patient, instrument=instrument, at=world.now,
                due_at=world.now + timedelta(days=days), closes_at=world.now + timedelta(days=9),
            )  # fmt: skip
    text = let_in(token).get(at(token)).content.decode()
    today = text[text.index('aria-labelledby="due"') : text.index('aria-labelledby="next"')]
    names = [re.sub("<[^>]+>", "", each).strip() for each in re.findall(r"<button.*?</button>", today, re.DOTALL)]
    assert len(names) == len(set(names)) == 4
    asks = f"Answer {len(library().instrument('phq9').items)} questions, due "
    assert sum(each.startswith(asks) for each in names) == 2
    assert sum(each.startswith("To the tasks, due ") for each in names) == 1


def test_nothing_is_asked_of_somebody_who_has_died_and_help_stays(world, token):
    client, invitation = let_in(token), invited(world, patient_of(token))
    with scoped(world.scope("coordinator")) as scope:
        record_death(
            scope, key=new_key(), patient=patient_of(token), died_on=world.now.date() - timedelta(days=1), precision="day",
            source="relative", at=world.now,
        )  # fmt: skip
    text = client.get(at(token)).content.decode()
    assert "Nothing is due today." in text
    assert "No appointment is planned." in text
    assert "I need help now" in text
    assert client.post(at(token, "answer", invitation=invitation.key)).url == at(token)


def test_what_a_page_refuses_is_said_in_the_patients_language(world, token):
    patient = patient_of(token)
    with scoped(world.scope("coordinator")) as scope:
        who = Person("Pia", "Sommer", None, language="es")
        note_particulars(scope, patient=patient, person=who, key=new_key(), at=world.now)
    weak = Client().post(at(token), {"pin": "111111", "again": "111111"}).content.decode()
    assert "Elija seis cifras" in weak
    gone = let_in(token).post(at(token, "withdraw", kind="messages"), {"key": str(new_key())}).content.decode()
    assert "Esto ya no está vigente" in gone


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_each_protocol_in_use_asks_of_patients_is_said_to_them_in_their_language(language):
    protocols = [each for each in library().active("protocols") if before_a_session(each)]
    assert protocols
    with override(language):
        said = {each for protocol in protocols for each in before_a_session(protocol)}
    assert not [each.words for each in said if each.is_protocols_own]
    assert any("No conduzca" in each.words for each in said) is (language == "es")


def test_words_that_nobody_wrote_for_patients_are_the_protocols_own():
    protocol = library().protocol("ketamine_iv_40min")
    leaving = [each.model_copy(update={"note": "No driving for 99 days."}) for each in protocol.before_leaving]
    other = before_a_session(protocol.model_copy(update={"before_leaving": tuple(leaving)}))
    assert Minded("No driving for 99 days.", is_protocols_own=True) in other


def test_the_next_appointment_is_a_calendar_file_that_tells_nothing(world):
    stage = planned(world, hours_ago=-20)
    with scoped(world.scope("coordinator")) as scope:
        token = make_own_page(scope, patient=stage.patient, at=world.now)
    client = let_in(token)
    text = client.get(at(token)).content.decode()
    assert "The day before" in text
    assert "Do not drive or use machines until the next day" in text
    assert "the patient" not in text, "a page that speaks to the patient speaks of no patient"
    file = client.get(at(token, "appointment")).content.decode()
    assert "SUMMARY:Appointment\r\n" in file
    assert "BEGIN:VEVENT\r\n" in file
    assert not re.search("ketamin|depress|infus|dawn", file, re.IGNORECASE)
    assert str(stage.session) not in file


def test_contact_and_agreements_are_changed_by_the_patient(world, token):
    patient, client = patient_of(token), let_in(token)
    by_patient(world, patient, "messages")
    assert "You can take this back at any time" in client.get(at(token)).content.decode()
    said = {"key": str(new_key()), "telephone": "0151 1", "email": "not an address"}
    assert client.post(at(token, "contact"), said).status_code == 422
    saved = client.post(at(token, "contact"), {**said, "email": "pia@example.org"}, follow=True)
    assert "Saved. From now on you are reached this way." in saved.content.decode()
    later = world.now + timedelta(days=1)
    taken_back = client.post(at(token, "withdraw", kind="messages"), {"key": str(new_key())}, follow=True)
    assert "You have taken it back, and your clinic sees that." in taken_back.content.decode()
    with scoped(world.scope()) as scope:
        who = person(scope, patient, at=later)
        assert (who.telephone, who.email, who.family) == ("0151 1", "pia@example.org", "Sommer")
        assert is_current(scope, patient, "messages", at=later) is False


def test_help_is_there_before_the_pin_and_calls(world, token):
    assert Client().post(at(token, "help"), {"key": str(new_key())}).status_code == 200
    with scoped(world.scope()) as scope:
        assert [t.task.kind for t in follow_up.open_tasks(scope, patient=patient_of(token))] == ["asked_for_help"]


def test_staff_set_it_up_once_and_a_new_one_closes_the_old(world, as_role):
    patient = world.patient()
    here = reverse("follow_up:own_page", kwargs={"site": "dawn", "patient": patient})
    client = as_role("coordinator")
    assert "There is none yet" in client.get(here).content.decode()
    addresses = [client.post(here).content.decode().split('value="http://testserver')[1].split('"')[0] for _ in "ab"]
    assert Client().get(addresses[0]).status_code == 404
    assert Client().get(addresses[1]).status_code == 200
    client.post(here, {"close": "1"})
    assert Client().get(addresses[1]).status_code == 404
    assert as_role("nurse").get(here).status_code == 403
    assert as_role("coordinator", "dusk").get(here).status_code == 404
