"""At which sites the worker has something to do, in one question for all of them."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from daybreak.kernel.scope import Scope, scoped


@dataclass(frozen=True, slots=True)
class Waits:
    """A site at which something waits: tasks that nobody has closed, messages that have not ended."""

    site: str
    tasks: bool
    messages: bool


def sites_that_wait(*, at: datetime, since: datetime) -> list[Waits]:
    """Return the sites at which something waits at `at`; messages whose time was over before `since` do not count.

    The database answers under a scope in which no row of any site can be seen.
    """
    with scoped(Scope(site="", actor=None, purpose="looking for what waits")), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM follow_up_sites_that_wait(%s, %s) ORDER BY site", [at, since])
        return [Waits(*row) for row in cursor.fetchall()]
