"""The watch over the alert path at every site: one round, called about once a second by each process that serves."""

from datetime import datetime

from daybreak.kernel.scope import Scope, scoped
from daybreak.people.public import sites
from daybreak.treat.actions.alarms import notify
from daybreak.treat.actions.watching import watch_over

PURPOSE = "watching over the alert path"


def watch_everywhere(*, at: datetime, judge_pages: bool = True) -> None:
    """Watch over each site, then send a tick through the path that alarms take.

    Who listens and hears no tick knows that the path is dead, wherever it broke: the database, the connection that
    listens, or this watch itself.
    """
    for site in sites():
        with scoped(Scope(site=site.code, actor=None, purpose=PURPOSE)) as scope:
            watch_over(scope, at=at, judge_pages=judge_pages)
    notify({"tick": at.timestamp()})
