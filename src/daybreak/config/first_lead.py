"""The first person of a new site: an account, the roles of lead and administrator, and a link to set a password or,
for somebody with an account at another site, to join.
"""

from daybreak.kernel.moments import day_of, now
from daybreak.kernel.scope import Scope, scoped
from daybreak.people.public import Account, Site, expect, give_role, open_account, password_link

ROLES_OF_THE_FIRST = ("site lead", "administrator")


def open_first_lead(site: Site, *, email: str, name: str) -> str:
    """Return the path at which the site's lead sets a password, or joins with the account that they have."""
    at = now()
    account = Account.objects.filter(email=email.strip().lower()).first() or open_account(email=email, name=name)
    scope, today = Scope(site=site.code, actor=account.key, purpose="site opened"), day_of(at, site.time_zone)
    with scoped(scope):
        if account.has_usable_password():
            return [expect(scope, account, role=role, on=today, at=at) for role in ROLES_OF_THE_FIRST][-1]
        for role in ROLES_OF_THE_FIRST:
            give_role(scope, account=account.key, role=role, from_day=today)
    return password_link(account)
