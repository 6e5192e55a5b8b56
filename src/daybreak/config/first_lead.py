"""The first person of a new site: an account, the roles of lead and administrator, and a link to set a password."""

from daybreak.kernel.moments import day_of, now
from daybreak.kernel.scope import Scope, scoped
from daybreak.people.public import Account, Site, give_role, open_account, password_link


def open_first_lead(site: Site, *, email: str, name: str) -> str:
    """Return the path at which the site's lead sets a password; the account is opened if there is none."""
    account = Account.objects.filter(email=email.strip().lower()).first() or open_account(email=email, name=name)
    scope = Scope(site=site.code, actor=account.key, purpose="site opened")
    with scoped(scope):
        for role in ("site lead", "administrator"):
            give_role(scope, account=account.key, role=role, from_day=day_of(now(), site.time_zone))
    return password_link(account)
