"""A message goes out once, through a port that may be missing, broken or slow; it tells nobody what it is about."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail

from daybreak.consent.public import withdraw
from daybreak.follow_up import carriers
from daybreak.follow_up import public as follow_up
from daybreak.follow_up.carriers import NotCarried
from daybreak.follow_up.models import GIVEN_UP, SENT
from daybreak.follow_up.rules.messages import tells_too_much
from daybreak.identity.public import Person, note_particulars
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.people.public import record_death
from tests.rooms.consent.test_signing import by_patient
from tests.rooms.follow_up.phone import invited

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
NUMBER, ADDRESS = "0151 234567", "pia@example.org"
UNSAID = ("ketamin", "depress", "sommer", "pia", "dawn", "phq", "infus", "clinic")


@pytest.fixture
def patient(world, settings, tmp_path):
    """A patient who agreed to messages and can be reached both ways, at an installation that can send."""
    settings.DAYBREAK_TEXTS = str(tmp_path / "texts")
    settings.DAYBREAK_ADDRESS = "https://questions.example"
    key = world.patient()
    by_patient(world, key, "messages")
    with scoped(world.scope("coordinator")) as scope:
        who = Person("Pia", "Sommer", None, telephone=NUMBER, email=ADDRESS)
        note_particulars(scope, patient=key, person=who, key=new_key(), at=world.now)
    return key


def asked_to_send(world, patient, channel="text", **more):
    invitation = invited(world, patient)
    with scoped(world.scope("coordinator")) as scope:
        return follow_up.send_questions(
            scope, key=new_key(), invitation=invitation.key, channel=channel, at=world.now, **more
        )


def sent_by(world, minutes=1.0):
    follow_up.send_messages(site="dawn", at=world.now + minutes * MINUTE)


def texts(settings):
    folder = Path(settings.DAYBREAK_TEXTS)
    return [json.loads(each.read_text()) for each in sorted(folder.glob("*.json"))]


def as_it_stands(world, message):
    with scoped(world.scope()) as scope:
        return next(
            m for m in follow_up.messages_of(scope, patient=message.patient_key) if m.message.key == message.key
        )


def test_a_text_message_carries_a_link_that_opens_its_questions_and_nothing_else(world, patient, settings):
    message = asked_to_send(world, patient)
    for minutes in (1, 2, 3):
        sent_by(world, minutes)
    (text,) = texts(settings)
    assert text["to"] == "0151234567"
    token = text["text"].split("/answer/dawn/")[1].split("/")[0]
    assert follow_up.opened_by(site="dawn", token=token).invitation == message.invitation_key
    assert not [word for word in UNSAID if word in text["text"].replace("/answer/dawn/", "").lower()]
    assert as_it_stands(world, message).end.step == SENT


def test_a_mail_tells_nothing_in_subject_or_sender_and_is_sent_once(world, patient):
    message = asked_to_send(world, patient, "email")
    for minutes in (1, 2):
        sent_by(world, minutes)
    (letter,) = mail.outbox
    assert letter.to == [ADDRESS]
    assert str(message.key) in letter.extra_headers["Message-ID"]
    head = f"{letter.subject} {letter.from_email}".lower()
    assert not [word for word in UNSAID if word in head]
    assert not tells_too_much(letter.body)


def test_without_a_port_a_message_waits_and_is_sent_once_there_is_one(world, patient, settings):
    there, settings.DAYBREAK_TEXTS = settings.DAYBREAK_TEXTS, ""
    message = asked_to_send(world, patient)
    sent_by(world)
    assert as_it_stands(world, message).end is None
    with scoped(world.scope()) as scope:
        assert [m.message.key for m in follow_up.waiting_messages(scope, at=world.now)] == [message.key]
    settings.DAYBREAK_TEXTS = there
    sent_by(world, 2)
    assert len(texts(settings)) == 1


def test_a_port_that_refuses_is_tried_again_later_each_time(world, patient, settings, monkeypatch):
    message = asked_to_send(world, patient)
    tried = []

    def refuses(channel, **letter):
        tried.append(letter["key"])
        raise NotCarried("The message was not taken (ConnectionRefusedError).")

    with monkeypatch.context() as broken:
        broken.setattr("daybreak.follow_up.actions.messages.carry", refuses)
        for minutes in (1, 1.5, 2, 3, 3.9, 4):
            sent_by(world, minutes)
    now = as_it_stands(world, message)
    assert len(tried) == len(now.failed) == 3, "after one minute, then after two more"
    assert "not taken" in now.why_failed
    sent_by(world, 10)
    assert as_it_stands(world, message).end.step == SENT


def test_a_kill_between_sending_and_noting_sends_the_same_message_again(world, patient, settings, monkeypatch):
    """What was handed over cannot be taken back; the second is the first, letter for letter, and the port knows it."""
    message = asked_to_send(world, patient)

    class Killed(BaseException):
        pass

    def killed(*_, **__):
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr("daybreak.follow_up.actions.messages._note", killed)
        with pytest.raises(Killed):
            sent_by(world)
    (first,) = texts(settings)
    assert as_it_stands(world, message).end is None
    sent_by(world, 2)
    assert texts(settings) == [first]
    token = first["text"].split("/answer/dawn/")[1].split("/")[0]
    assert follow_up.opened_by(site="dawn", token=token) is not None


@pytest.mark.parametrize("trouble", ["dead", "took it back", "answered off", "too late"])
def test_what_should_not_go_any_more_is_given_up_in_words(world, patient, settings, trouble):
    message = asked_to_send(world, patient)
    minutes = 1
    with scoped(world.scope("clinician")) as scope:
        if trouble == "dead":
            record_death(scope, key=new_key(), patient=patient, died_on=None, at=world.now)
        elif trouble == "took it back":
            withdraw(scope, key=new_key(), patient=patient, consent="messages", reason="", at=world.now)
        elif trouble == "answered off":
            follow_up.call_off(scope, invitation=message.invitation_key, at=world.now)
        else:
            minutes = 60 * 24 * 8
    sent_by(world, minutes)
    assert texts(settings) == []
    now = as_it_stands(world, message)
    assert now.end.step == GIVEN_UP
    assert now.end.because.endswith(".")


def test_no_message_is_wanted_for_somebody_who_did_not_agree_or_cannot_be_reached(world, patient, settings):
    silent = world.patient()
    invitation = invited(world, silent)
    with scoped(world.scope("coordinator")) as scope:
        with pytest.raises(follow_up.NotToBeMessaged, match="not agreed"):
            follow_up.send_questions(scope, key=new_key(), invitation=invitation.key, channel="text", at=world.now)
        who = Person("Pia", "Sommer", None, telephone="ask her sister")
        note_particulars(scope, patient=patient, person=who, key=new_key(), at=world.now + MINUTE)
    with pytest.raises(follow_up.NotToBeMessaged, match="no telephone number"):
        asked_to_send(world, patient)
    with pytest.raises(follow_up.NotToBeMessaged, match="no e-mail address"):
        asked_to_send(world, patient, "email")


def test_the_family_is_not_written_to_after_a_death(world, patient, settings):
    with scoped(world.scope("nurse")) as scope:
        said = {"key": new_key(), "patient": patient, "to": "+49 151 99", "words": "Ready in 15 minutes."}
        message = follow_up.send_text(scope, at=world.now, **said)
        record_death(scope, key=new_key(), patient=patient, died_on=None, at=world.now)
    sent_by(world)
    assert texts(settings) == []
    assert as_it_stands(world, message).end.because == "This patient has died: no message is sent."


def test_a_text_to_the_escort_goes_once_or_not_at_all(world, patient, settings):
    with scoped(world.scope("nurse")) as scope:
        key = new_key()
        for _ in range(2):
            follow_up.send_text(
                scope, key=key, patient=patient, to="+49 151 99", words="Ready in 15 minutes.", at=world.now
            )
        late = follow_up.send_text(
            scope,
            key=new_key(),
            patient=patient,
            to="+49 151 98",
            words="Ready now.",
            at=world.now - timedelta(hours=2),
        )
        with pytest.raises(follow_up.TellsTooMuch):
            follow_up.send_text(scope, key=new_key(), patient=patient, to="0151", words="After ketamine", at=world.now)
        with pytest.raises(follow_up.NotToBeMessaged):
            follow_up.send_text(scope, key=new_key(), patient=patient, to="the blue car", words="Ready.", at=world.now)
    sent_by(world)
    assert [(each["to"], each["text"]) for each in texts(settings)] == [("+4915199", "Ready in 15 minutes.")]
    assert as_it_stands(world, late).end.step == GIVEN_UP


def test_a_withdrawn_link_opens_nothing_and_a_newer_one_does(world, patient):
    invitation = invited(world, patient)
    with scoped(world.scope("coordinator")) as scope:
        old = follow_up.hand_over_link(scope, invitation=invitation.key, at=world.now)
        follow_up.withdraw_links(
            scope, key=new_key(), invitation=invitation.key, because="sent to a wrong number", at=world.now + MINUTE
        )
        new = follow_up.hand_over_link(scope, invitation=invitation.key, at=world.now + 2 * MINUTE)
    assert follow_up.opened_by(site="dawn", token=old).is_withdrawn
    assert not follow_up.opened_by(site="dawn", token=new).is_withdrawn


def test_a_mail_server_that_is_not_there_is_a_failure_and_an_unset_one_waits(world, patient, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = ""
    message = asked_to_send(world, patient, "email")
    sent_by(world)
    assert (as_it_stands(world, message).end, as_it_stands(world, message).failed) == (None, ())
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    sent_by(world, 2)
    assert len(as_it_stands(world, message).failed) == 1
    assert carriers.is_set_up("email")
