"""A passkey instead of a PIN on the patient's own page: in a browser with a virtual authenticator, and against who forges."""

import json
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from daybreak.follow_up.actions.own_page import make_own_page, try_passkey
from daybreak.follow_up.models import OwnPasskey, OwnPin, OwnTry
from daybreak.follow_up.passkeys import Challenge, Place, read, shown
from daybreak.follow_up.queries.own_page import own_page_at
from daybreak.kernel.moments import now
from daybreak.kernel.scope import scoped
from tests.rooms.follow_up.browser import phone

pytestmark = pytest.mark.django_db
SECURE = "https://testserver"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Secure(Client):
    """A client behind TLS."""

    def generic(self, *given, **more):
        return super().generic(*given, **{**more, "secure": True})


@pytest.fixture
def address(world):
    """The address of an own page that waits for its PIN or passkey."""
    cache.clear()
    patient = world.patient()
    with scoped(world.scope("coordinator")) as scope:
        token = make_own_page(scope, patient=patient, at=now())
    return reverse("own:page", kwargs={"site": "dawn", "token": token})


@contextmanager
def a_phone(client=None):
    """A phone whose passkeys CDP keeps, and the handle on them."""
    with phone(client or Secure()) as (page, network):
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        yield page, network, lambda what, **more: devtools.send(f"WebAuthn.{what}", {**made, **more})


def set_up(page, address):
    page.goto(SECURE + address)
    assert not Axe().run(page).response["violations"]
    page.get_by_role("button", name="With my finger, face or screen code").tap()
    page.get_by_role("heading", name="How it has gone").wait_for()


def leave(network):
    network.client.cookies.clear()


def visit_of(address):
    _, _mine, site, token, _ = address.split("/")
    return own_page_at(site=site, token=token)


def tries_of(world, address):
    with scoped(world.scope("coordinator")):
        tries = OwnTry.objects.filter(page_key=visit_of(address).page).order_by("tried_at", "recorded_at")
        return list(tries.values_list("is_right", flat=True))


def test_a_page_that_was_set_up_with_a_passkey_opens_by_it_and_by_no_pin(world, address, as_role):
    with a_phone() as (page, network, authenticator):
        set_up(page, address)
        assert len(authenticator("getCredentials")["credentials"]) == 1
        leave(network)
        page.goto(SECURE + address)
        assert page.locator("#pin").count() == 0
        assert page.get_by_role("heading", name="How it has gone").count() == 0
        assert not Axe().run(page).response["violations"]
        page.get_by_role("button", name="Open my page").tap()
        page.get_by_role("heading", name="How it has gone").wait_for()
        leave(network)
        refused = Client().post(address, {"pin": "270419"})
        assert "How it has gone" not in refused.content.decode()
    assert tries_of(world, address) == [True]
    with scoped(world.scope("coordinator")):
        assert (OwnPasskey.objects.count(), OwnPin.objects.count()) == (1, 0)
    there = reverse("follow_up:own_page", kwargs={"site": "dawn", "patient": visit_of(address).patient})
    assert "opens by a passkey" in as_role("coordinator").get(there).content.decode()


def test_somebody_whom_the_phone_does_not_recognise_is_told_so_and_sees_nothing(world, address):
    with a_phone() as (page, network, authenticator):
        set_up(page, address)
        leave(network)
        authenticator("setUserVerified", isUserVerified=False)
        page.goto(SECURE + address)
        page.get_by_role("button", name="Open my page").tap()
        page.get_by_text("The phone did not do it.").wait_for()
        assert not Axe().run(page).response["violations"]
    assert tries_of(world, address) == [], "the phone refused; the house was not asked"


def test_another_phone_has_another_passkey_and_opens_nothing(world, address):
    with a_phone() as (page, _network, _authenticator):
        set_up(page, address)
    with a_phone() as (page, _network, _authenticator):
        page.goto(SECURE + address)
        page.get_by_role("button", name="Open my page").tap()
        page.get_by_text("The phone did not do it.").wait_for()


def test_wrong_ones_are_counted_and_locked_like_pins(world, address):
    with a_phone() as (page, _network, _authenticator):
        set_up(page, address)
    forged = {"passkey": json.dumps({"id": "x", "rawId": "eA", "type": "public-key", "response": {}})}
    for number in range(5):
        answer = Client().post(address, forged)
        assert answer.status_code == 422, number
    assert "That was wrong five times" in answer.content.decode()
    visit = visit_of(address)
    with scoped(visit.scope) as scope:
        for hour in range(1, 6):
            at = now() + timedelta(hours=hour)
            _, tries = try_passkey(scope, page=visit.page, asked=None, answered={}, at=at)
    assert tries.is_locked
    assert "wrong ten times" in Client().get(address).content.decode()


def test_an_answer_is_worth_nothing_a_second_time_elsewhere_or_for_another_question(world, address):
    sent = []
    with a_phone() as (page, network, _authenticator):
        set_up(page, address)
        leave(network)
        page.on("request", lambda request: sent.append(request.post_data) if request.method == "POST" else None)
        page.goto(SECURE + address)
        asked_cookie = network.client.cookies["daybreak_own_asked"].value
        page.get_by_role("button", name="Open my page").tap()
        page.get_by_role("heading", name="How it has gone").wait_for()
    answered = parse_qs(sent[-1])["passkey"][0]
    thief = Secure()
    thief.cookies["daybreak_own_asked"] = asked_cookie
    assert thief.post(address, {"passkey": answered}).status_code == 422, "answered before"
    token = asked_cookie.split(":")[0]
    with scoped(world.scope("coordinator")):
        credential = bytes(OwnPasskey.objects.get().credential)
    here = Place("testserver", SECURE, "Your page")
    assert shown(Challenge(here, token), credential, read(answered))
    other = [
        Challenge(Place("testserver", "https://elsewhere", "Your page"), token),
        Challenge(Place("elsewhere", SECURE, "Your page"), token),
        Challenge(here, "AAAA" + token[4:]),
    ]
    assert not any(shown(each, credential, read(answered)) for each in other)
    assert not shown(Challenge(here, token), credential, {**read(answered), "rawId": "AAAA", "id": "AAAA"})


@pytest.mark.parametrize("wrong", ["", "{", "[]", "5", json.dumps({"response": 5}), json.dumps({"id": "é"})])
def test_what_is_no_passkey_sets_nothing_up(world, address, wrong):
    client = Secure()
    client.get(address)
    answer = client.post(address, {"passkey": wrong})
    assert answer.status_code == 422
    assert "Try again, or choose a PIN" in answer.content.decode()
    with scoped(world.scope("coordinator")):
        assert OwnPasskey.objects.count() == 0


def test_where_there_are_no_passkeys_the_pin_alone_is_offered(world, address):
    with phone() as (page, _):
        page.goto("http://testserver" + address)
        assert page.get_by_role("button", name="Choose this PIN").is_visible()
        assert not page.get_by_role("button", name="With my finger").is_visible()
    page = Client(HTTP_HOST="127.0.0.1").get(address).content.decode()
    assert "data-passkey=" not in page, "the address is a number, which no passkey holds for"


def test_a_page_is_set_up_once_and_in_its_time(world, address):
    with a_phone() as (page, _network, _authenticator):
        set_up(page, address)
    Client().post(address, {"pin": "270419", "again": "270419"})
    with scoped(world.scope("coordinator")):
        assert OwnPin.objects.count() == 0
