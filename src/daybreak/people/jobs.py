"""Work that nobody waits for. It may run twice and changes nothing the second time."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from daybreak.kernel.scope import Scope, scoped
from daybreak.people.reminding import Post, remind_by_mail


def remind_of_credentials(*, site: str, at: datetime, post: Post) -> None:
    """Send by mail what is due about the ends of the site's credentials. Run it every minute; each is told once."""
    with scoped(Scope(site=site, actor=None, purpose="reminding of credentials")) as scope:
        remind_by_mail(scope, at=at, post=post, mine=_address("people:mine", site), team=_address("people:team", site))


def _address(page: str, site: str) -> str:
    return settings.DAYBREAK_ADDRESS + reverse(page, kwargs={"site": site})
