"""Colleagues come in by invitation: an account, a role, and a link at which they set a password themselves, once.

Who has an account at another site already joins by a link too (`people.joining`): their role waits until then.
"""

from dataclasses import dataclass
from datetime import date, datetime

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope, scoped
from daybreak.ledger.public import one_step
from daybreak.people.actions import give_role, open_account
from daybreak.people.joining import join_link
from daybreak.people.models import Account
from daybreak.people.queries import expected, own_memberships, roles_at


class HoldsRole(Refusal):
    """The colleague holds the role already."""


class NotYetUsed(Refusal):
    """The account waits for its owner; whoever holds its link could be somebody else."""


@dataclass(frozen=True, slots=True)
class Invited:
    """The account, and the path at which a password is set, or at which the owner joins (`joins`); no path for a
    colleague of this site who can sign in already.
    """

    account: Account
    link: str | None
    joins: bool = False


@one_step()
def invite_colleague(scope: Scope, *, email: str, name: str, role: str, on: date, at: datetime) -> Invited:
    """Give somebody a role at the scope's site, and an account if they have none. Raises HoldsRole.

    A link to set a password is given only for an account that nobody has used and that belongs to this site alone: it
    would otherwise let one site take over a colleague of another. Nor is the password of an account from another site
    trusted, since whoever opened it there may have set it: its role waits until the owner joins.
    """
    account = Account.objects.filter(email__iexact=email.strip()).first() or open_account(email=email, name=name)
    with scoped(Scope(site=scope.site, actor=account.key, purpose=scope.purpose)):
        if role in roles_at(account=account.key, site=scope.site, on=on):
            raise HoldsRole(f"{account.name} is {role} at this site already.")
        elsewhere = any(m.site != scope.site for m in own_memberships(account.key))
    if elsewhere and not account.has_usable_password() and not account.one_click:
        raise NotYetUsed(f"{account.email} was invited by another site and has yet to sign in. Ask them to do so.")
    if elsewhere and not account.one_click:
        return Invited(account, expect(scope, account, role=role, on=on, at=at), joins=True)
    give_role(scope, account=account.key, role=role, from_day=on)
    is_new = not account.has_usable_password() and not account.one_click
    return Invited(account, password_link(account) if is_new else None)


def expect(scope: Scope, account: Account, *, role: str, on: date, at: datetime) -> str:
    """Give a role that waits for the account's owner, once, and return the path at which they join."""
    if not expected(scope).filter(account_id=account.key, role=role).exists():
        give_role(scope, account=account.key, role=role, from_day=on, waits_since=at)
    return join_link(account, site=scope.site)


def password_link(account: Account) -> str:
    """Return the path at which the account's holder sets a password; it ends when it was used or after three days."""
    return reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(account), "key": default_token_generator.make_token(account)},
    )
