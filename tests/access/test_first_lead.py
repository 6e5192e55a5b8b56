"""A new site's lead sets a password at the link that “daybreak site add” prints, and signs in."""

import pytest
from django.test import Client

from daybreak.config.first_lead import open_first_lead
from daybreak.people.public import site_named

LONG_ENOUGH = "a long word for the north"


def signed_in(account):
    browser = Client()
    browser.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def both(password):
    return {"new_password1": password, "new_password2": password}


@pytest.mark.django_db
def test_the_printed_link_sets_a_password_once(world):
    link = open_first_lead(site_named("dawn"), email="lead@dawn.example", name="Nora Lead")
    browser = Client()
    opened = browser.get(link, follow=True)
    assert opened.redirect_chain, "a link that is good leads on to the form"
    browser.post(opened.redirect_chain[-1][0], {"password1": LONG_ENOUGH, "password2": LONG_ENOUGH})
    signed_in = browser.post("/accounts/login/", {"login": "lead@dawn.example", "password": LONG_ENOUGH}, follow=True)
    assert signed_in.redirect_chain[-1][0] == "/at/dawn/"
    assert not Client().get(link, follow=True).redirect_chain, "a link that was used leads nowhere"


@pytest.mark.django_db
def test_a_site_lead_invites_a_colleague_and_cannot_take_over_one_of_another_site(as_role, world):
    lead = as_role("site lead")
    said = {"name": "Nia Newcomer", "email": "nia@dawn.example", "role": "nurse"}
    assert b"/accounts/password/reset/key/" in lead.post("/at/dawn/team/colleagues/", said).content
    assert b"already" in lead.post("/at/dawn/team/colleagues/", said).content
    theirs = world.staff["dusk", "nurse"]
    answer = lead.post("/at/dawn/team/colleagues/", {"name": "x", "email": theirs.email, "role": "nurse"})
    assert answer.status_code == 422
    assert b"/accounts/password/reset/key/" not in answer.content


@pytest.mark.django_db
def test_a_lead_who_has_an_account_at_another_site_joins_with_it(world):
    theirs = world.staff["dusk", "site lead"]
    theirs.set_password(LONG_ENOUGH)
    theirs.save()
    link = open_first_lead(site_named("dawn"), email=theirs.email, name="x")
    browser = signed_in(theirs)
    assert browser.get("/at/dawn/").status_code == 404
    assert browser.post(link, both("another word for the north")).headers["Location"] == "/at/dawn/"
    assert browser.get("/at/dawn/team/").status_code == 200
