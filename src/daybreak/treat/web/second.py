"""The second person of the time-out, when both stand at one device.

The safest way is that the second person signs on a device of their own: then their sign-in is the proof, second
factor included.
Where two people share one tablet, the second chooses their name and types their own password, and the signature is
stored under
their account. Someone with a second factor signs on their own device. A marked demonstration account on a synthetic
site has no
password, as on the sign-in page.
"""

from dataclasses import dataclass
from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import authenticate
from django.http import HttpRequest

from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.people.public import ROLES, Account, site_named, staff

TEAM = Permission.RUN_SESSION
PURPOSE = "time-out, second person at a shared device"


class NotProved(Refusal):
    """The second person did not show that they are who they say."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Someone who may sign as the second person here. `by_name` says that a demonstration asks for no password."""

    key: UUID
    name: str
    by_name: bool


def colleagues(scope: Scope, *, permission: Permission = TEAM) -> list[Colleague]:
    """Return the others of the team who may sign such a thing; without more, who run sessions."""
    place = site_named(scope.site)
    found = {
        m.account.key: m.account
        for m in staff(scope)
        if permission in ROLES.get(m.role, ()) and m.account.is_active and m.account.key != scope.actor
    }
    synthetic = place is not None and place.synthetic
    return [Colleague(a.key, a.name, a.one_click and synthetic) for a in found.values()]


def second_scope(
    request: HttpRequest,
    scope: Scope,
    *,
    account: UUID | None,
    password: str,
    permission: Permission = TEAM,
    purpose: str = PURPOSE,
) -> Scope:
    """Return the scope of the second person, who has shown who they are; raise NotProved."""
    chosen = next((c for c in colleagues(scope, permission=permission) if c.key == account), None)
    if chosen is None:
        raise NotProved("Choose the second person.")
    if not chosen.by_name:
        _prove(request, chosen.key, password)
    return Scope(site=scope.site, actor=chosen.key, purpose=purpose)


def _prove(request: HttpRequest, key: UUID, password: str) -> None:
    account = Account.objects.get(pk=key)
    if is_mfa_enabled(account):
        raise NotProved("This colleague signs in with a second factor: sign on their own device instead.")
    proved = authenticate(request, login=account.email, email=account.email, password=password)
    if proved is None or proved.pk != key:
        raise NotProved("The password is not right. Nothing was signed.")
