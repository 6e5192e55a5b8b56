"""Where a page of the patient's side cannot be given: a kind sentence in the patient's language, with whom to call."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from daybreak.follow_up import public as follow_up
from daybreak.follow_up.actions.own_page import make_own_page
from daybreak.follow_up.web import own, phone
from daybreak.identity.public import Person, note_particulars
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.ledger.public import KeyReused
from tests.rooms.follow_up.phone import answers, invited, token_for

pytestmark = pytest.mark.django_db
FOR_STAFF = ("administrator", "another site", "your role", "Go to the start", "sign in")
ENGLISH = (" the ", " you ", " call ", "Please", "Something", "nothing")


@pytest.fixture
def patient(world):
    """A patient who reads Spanish."""
    key = world.patient()
    with scoped(world.scope("coordinator")) as scope:
        who = Person("Pía", "Sommer", None, language="es")
        note_particulars(scope, patient=key, person=who, key=new_key(), at=world.now)
    return key


@pytest.fixture
def link(world, patient):
    """The address of open questions of the patient."""
    return reverse("answer:questions", kwargs={"site": "dawn", "token": token_for(world, invited(world, patient))})


@pytest.fixture
def mine(world, patient):
    """The address of the patient's own page."""
    with scoped(world.scope("coordinator")) as scope:
        token = make_own_page(scope, patient=patient, at=world.now)
    return reverse("own:page", kwargs={"site": "dawn", "token": token})


def said(page, status):
    """The words of a page, which are Spanish and meant for a patient."""
    assert page.status_code == status
    text = page.content.decode()
    assert '<html lang="es"' in text
    assert "En peligro ahora" in text
    assert not [each for each in (*FOR_STAFF, *ENGLISH) if each in text]
    return text


@pytest.mark.parametrize("address", ["/answer/", "/answer/dawn/", "/answer/dawn/x/y/", "/mine/", "/mine/dawn/x/y/z/"])
def test_an_address_that_is_none_is_a_kind_page(world, address):
    text = said(Client().get(address, headers={"accept-language": "es"}), 404)
    assert "data-help-form" not in text, "nobody can be told from a page that belongs to nobody"


def test_below_a_patients_own_page_it_speaks_the_patients_language_whatever_the_phone_asks_for(world, mine):
    said(Client().get(mine + "y/z/", headers={"accept-language": "en"}), 404)


def test_staff_keep_a_page_of_their_own(as_role):
    assert "belongs to another site" in as_role("nurse").get("/at/dawn/nothing/here/").content.decode()


def test_a_form_without_its_token_says_what_to_do_and_a_call_needs_none(world, patient, mine):
    phone_without_cookies = Client(enforce_csrf_checks=True)
    text = said(phone_without_cookies.post(mine + "contact/", {"telephone": "1"}), 403)
    assert "demasiado tiempo" in text
    assert f'href="{mine}"' in text
    assert f'action="{mine}help/"' in text
    assert phone_without_cookies.post(mine + "help/", {"key": str(new_key())}).status_code == 200
    with scoped(world.scope()) as scope:
        assert [each.task.kind for each in follow_up.open_tasks(scope, patient=patient)] == ["asked_for_help"]


def test_a_fault_of_ours_asks_the_database_nothing_and_speaks_the_patients_language(link, mine, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("the database went away")

    asked = []

    def count(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    for module, name, address in ((phone, "asked", link), (own, "own_page", mine)):
        with monkeypatch.context() as patch, connection.execute_wrapper(count):
            patch.setattr(module, name, lambda *a, **k: asked.clear() or broken())
            text = said(Client(raise_request_exception=False).get(address), 500)
        assert "está a salvo" in text
        assert asked == []


def test_a_refusal_that_no_page_foresaw_is_told_without_its_words_for_staff(link, monkeypatch):
    def refused(*args, **kwargs):
        raise KeyReused

    monkeypatch.setattr(phone, "answer", refused)
    said(Client().post(link, {"key": str(new_key()), **answers()}), 409)


def test_a_form_that_is_too_large_to_read_is_told(link, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    said(Client().post(link, {"key": "x" * 1000}, headers={"accept-language": "es"}), 400)


@pytest.mark.parametrize("form", ["help/", "not-for-me/"])
def test_a_phone_that_opens_the_address_of_a_form_again_is_led_to_its_page(link, mine, form):
    assert Client().get(link + form).url == link
    assert Client().put(link + form).status_code == 405
    if form == "help/":
        assert Client().get(mine + form).url == mine
