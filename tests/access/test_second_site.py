"""An account that one site opened is not trusted by a second site, and the second site cannot take it over.

The attacker coordinates at dusk: they invited Xenia, kept the link and set the password themselves. Now dawn invites
her.
"""

import re
import time
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from django.core import signing
from django.test import Client

from daybreak.kernel.scope import scoped
from daybreak.people.public import Account, staff
from tests.access.test_first_lead import both, signed_in

pytestmark = pytest.mark.django_db
EMAIL = "xenia@dawn.example"
STOLEN, NEW = "what the attacker chose", "what only xenia knows"


@pytest.fixture
def xenia(as_role, world):
    """Return the account as the attacker left it: opened at dusk, with a password and a passkey of the attacker."""
    said = {"name": "Xenia Roth", "email": EMAIL, "role": "nurse"}
    invited = as_role("site lead", "dusk").post("/at/dusk/team/colleagues/", said)
    attacker = Client()
    form = attacker.get(link_in(invited), follow=True).redirect_chain[-1][0]
    attacker.post(form, {"password1": STOLEN, "password2": STOLEN})
    account = Account.objects.get(email=EMAIL)
    assert account.check_password(STOLEN)
    Authenticator.objects.create(user=account, type="webauthn", data={})
    return account


@pytest.fixture
def invitation(as_role, xenia):
    """Return the path that dawn's lead was shown, to hand it to Xenia."""
    return link_in(invite(as_role, "nurse"))


def invite(as_role, role):
    return as_role("site lead").post("/at/dawn/team/colleagues/", {"name": "Xenia", "email": EMAIL, "role": role})


def link_in(page):
    return re.search(r"http://testserver([^<]+)</code>", page.content.decode())[1]


def team(world):
    with scoped(world.scope("site lead")) as scope:
        return {membership.account.email for membership in staff(scope)}


def test_who_knows_the_password_alone_is_nobody_at_the_second_site(invitation, xenia, world):
    attacker = signed_in(xenia)
    assert attacker.get("/at/dusk/").status_code == 200
    assert attacker.get("/at/dawn/").status_code == 404
    assert EMAIL not in team(world)


def test_who_holds_the_link_alone_cannot_become_the_person(invitation, xenia, as_role, world):
    assert Client().post(invitation, both(NEW)).headers["Location"].startswith("/accounts/login/")
    answer = as_role("site lead").post(invitation, both(NEW))
    assert answer.status_code == 410
    assert b"another account" in answer.content
    xenia.refresh_from_db()
    assert xenia.check_password(STOLEN)
    assert EMAIL not in team(world)


def test_who_holds_both_joins_and_shuts_everybody_else_out(invitation, xenia, world):
    attacker, owner = signed_in(xenia), signed_in(xenia)
    assert b"Join Dawn" in owner.get(invitation).content
    refused = owner.post(invitation, both(STOLEN))
    assert refused.status_code == 422
    assert b"somebody else may know" in refused.content
    assert owner.post(invitation, both(NEW)).headers["Location"] == "/at/dawn/"
    assert owner.get("/at/dawn/").status_code == 200
    assert EMAIL in team(world)
    assert attacker.get("/at/dawn/").status_code == 302, "the attacker's session has ended"
    assert not Authenticator.objects.filter(user=xenia).exists()
    again = Client()
    again.post("/accounts/login/", {"login": EMAIL, "password": STOLEN})
    assert again.get("/at/dawn/").status_code == 302
    assert owner.get(invitation).status_code == 410, "a link works once"


def test_a_second_invitation_changes_nothing_but_the_link_and_a_forged_or_old_one_leads_nowhere(
    invitation, xenia, as_role, monkeypatch
):
    page = invite(as_role, "nurse")
    assert page.content.decode().count("has yet to join") == 1
    owner = signed_in(xenia)
    assert owner.get(link_in(page)).status_code == 200
    assert owner.get(invitation[:-4] + "xxx/").status_code == 410
    late = time.time() + 3 * 24 * 3600 + 1
    monkeypatch.setattr(signing, "time", SimpleNamespace(time=lambda: late))
    assert owner.get(link_in(page)).status_code == 410
