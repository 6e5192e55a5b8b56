"""A second site: a role that waits until the account's owner, signed in, opens the link which that site handed over.

The site where an account was opened may have set its password, and the new site holds the link. Neither alone becomes
the person: to join takes both, and leaves the account with one who had both.
"""

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac

from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope, scoped
from daybreak.ledger.public import one_step
from daybreak.people.models import Account, Membership

SALT = "daybreak.people.joining"
GOOD_FOR_SECONDS = 3 * 24 * 3600


class CannotJoin(Refusal):
    """The link is not for this account, was used, or is too old."""


class SamePassword(Refusal):
    """The password is the one that the account has."""


def join_link(account: Account, *, site: str) -> str:
    """Return the path at which the account's owner joins the site; it ends when it was used or after three days."""
    said = {"site": site, "account": str(account.key), "was": _mark(account)}
    return reverse("join:join", kwargs={"token": signing.dumps(said, salt=SALT)})


def site_of_link(account: Account, token: str) -> str:
    """Return the site that the link leads to; raise CannotJoin where it is not good for this account."""
    try:
        said = signing.loads(token, salt=SALT, max_age=GOOD_FOR_SECONDS)
    except signing.BadSignature as fault:
        raise CannotJoin("This link has ended. Ask the person who gave it to you for a new one.") from fault
    if said["account"] != str(account.key):
        raise CannotJoin("This link is for another account. Sign out, and sign in as the person who was invited.")
    if said["was"] != _mark(account):
        raise CannotJoin("This link was used already, or your password was changed since. Ask for a new one.")
    return str(said["site"])


@one_step()
def join(account: UUID, *, token: str, password: str) -> tuple[Account, str]:
    """Begin the roles that wait at the link's site, and give the account to whoever joins; raise CannotJoin.

    This function will set a new password, which ends every other session, and remove passkeys, codes and apps that
    could sign in, since somebody else may have set them. Raises SamePassword. Returns the account and the site.
    """
    owner = Account.objects.select_for_update().get(key=account)
    site = site_of_link(owner, token)
    if owner.check_password(password):
        raise SamePassword("Choose a new password: somebody else may know the one that you have.")
    owner.set_password(password)
    owner.save(update_fields=["password"])
    Authenticator.objects.filter(user_id=owner.key).delete()
    with scoped(Scope(site=site, actor=owner.key, purpose="joined by link")):
        Membership.objects.filter(site=site, account_id=owner.key).exclude(waits_since=None).update(waits_since=None)
    return owner, site


def _mark(account: Account) -> str:
    """Return what changes with the password and does not tell it."""
    return salted_hmac(SALT, account.password).hexdigest()[:32]
