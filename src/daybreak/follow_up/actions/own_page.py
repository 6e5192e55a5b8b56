"""A patient's own page: made in the clinic, its PIN or passkey chosen there by the patient, tried, and closed."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.utils.translation import gettext as _

from daybreak.follow_up.actions.invitations import SECRET_BYTES
from daybreak.follow_up.actions.tasks import one_at_a_time
from daybreak.follow_up.models import OwnPage, OwnPageEnded, OwnPasskey, OwnPin, OwnTry
from daybreak.follow_up.passkeys import Challenge, made, shown
from daybreak.follow_up.queries.own_page import OwnPageNow, own_page, own_pages_of
from daybreak.follow_up.rules.invitations import hash_of
from daybreak.follow_up.rules.own_page import Tries, is_a_pin
from daybreak.kernel.keys import key_from, new_key
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, record_one


class NotAPin(Refusal):
    """The PIN or passkey cannot be chosen, or the time to choose one is over."""


@one_step()
def make_own_page(scope: Scope, *, patient: UUID, at: datetime) -> str:
    """Return the secret of a new own page of the patient; it is shown once. Pages made before are closed."""
    for old in own_pages_of(scope, patient=patient, at=at):
        close_own_page(scope, page=old.page, at=at)
    token = secrets.token_urlsafe(SECRET_BYTES)
    made = OwnPage(site=scope.site, key=new_key(at=at), patient_key=patient, token_hash=hash_of(token), made_at=at)
    record_one(made)
    return token


@one_step()
def close_own_page(scope: Scope, *, page: OwnPage, at: datetime) -> None:
    """Close an own page for good; doing it again changes nothing."""
    if OwnPageEnded.objects.filter(site=scope.site, page_key=page.key).exists():
        return
    key = key_from("own page ended", scope.site, str(page.key))
    record_one(OwnPageEnded(site=scope.site, key=key, patient_key=page.patient_key, page_key=page.key, ended_at=at))


@one_step()
def choose_pin(scope: Scope, *, page: UUID, pin: str, at: datetime) -> None:
    """Let the patient choose the PIN of a page, once, within half an hour; raise NotAPin."""
    one_at_a_time(scope, page)
    now = _there(scope, page, at)
    _demand_choosable(now, at)
    if not is_a_pin(pin):
        raise NotAPin(_("Choose six digits that are not all the same and not in a row."))
    record_one(
        OwnPin(
            site=scope.site,
            key=key_from("own pin", scope.site, str(page)),
            patient_key=now.page.patient_key,
            page_key=page,
            pin_hash=make_password(pin),
            chosen_at=at,
        )
    )


@one_step()
def choose_passkey(scope: Scope, *, page: UUID, asked: Challenge, answered: Mapping[str, object], at: datetime) -> None:
    """Let the patient's phone make a passkey for a page instead of a PIN, once, within half an hour; raise NotAPin."""
    one_at_a_time(scope, page)
    now = _there(scope, page, at)
    _demand_choosable(now, at)
    credential = made(asked, answered)
    if credential is None:
        raise NotAPin(_("The phone did not make a passkey for this page. Try again, or choose a PIN."))
    record_one(
        OwnPasskey(
            site=scope.site,
            key=key_from("own passkey", scope.site, str(page)),
            patient_key=now.page.patient_key,
            page_key=page,
            credential=credential,
            chosen_at=at,
        )
    )


@one_step()
def try_passkey(
    scope: Scope, *, page: UUID, asked: Challenge | None, answered: Mapping[str, object], at: datetime
) -> tuple[bool, Tries]:
    """Return whether the passkey opens the page, and how its tries stand: counted and locked as PINs are.

    A challenge is answered once; what comes without one, or with one that was answered before, is wrong.
    """
    one_at_a_time(scope, page)
    now = _there(scope, page, at)
    if not now.passkey or now.tries.is_locked or now.tries.waits_until:
        return False, now.tries
    key = key_from("own passkey tried", scope.site, str(page), asked.token) if asked else new_key(at=at)
    if OwnTry.objects.filter(site=scope.site, key=key).exists():
        asked, key = None, new_key(at=at)
    is_right = asked is not None and shown(asked, now.passkey, answered)
    return is_right, _tried(scope, now, key=key, is_right=is_right, at=at)


@one_step()
def try_pin(scope: Scope, *, page: UUID, pin: str, at: datetime) -> tuple[bool, Tries]:
    """Return whether the PIN opens the page, and how its tries stand. One at a time: tries side by side all count.

    While the page waits or is locked nothing is compared.
    """
    one_at_a_time(scope, page)
    now = _there(scope, page, at)
    if not now.pin_hash or now.tries.is_locked or now.tries.waits_until:
        return False, now.tries
    is_right = check_password(pin, now.pin_hash)
    return is_right, _tried(scope, now, key=new_key(at=at), is_right=is_right, at=at)


def _tried(scope: Scope, now: OwnPageNow, *, key: UUID, is_right: bool, at: datetime) -> Tries:
    """Keep a try and return how the tries stand with it."""
    page = now.page
    record_one(
        OwnTry(
            site=scope.site,
            key=key,
            patient_key=page.patient_key,
            page_key=page.key,
            is_right=is_right,
            tried_at=at,
        )
    )
    return _there(scope, page.key, at).tries


def _demand_choosable(now: OwnPageNow, at: datetime) -> None:
    if not now.may_choose(at):
        raise NotAPin(
            _("This page was not set up in time, or is set up already. Please ask your clinic for a new one.")
        )


def _there(scope: Scope, page: UUID, at: datetime) -> OwnPageNow:
    found = own_page(scope, page, at=at)
    if found is None:
        raise NotAPin(_("There is no such page."))
    return found
