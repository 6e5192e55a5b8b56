"""Who came by a link in vain: kept once a minute for each link and reason, so that a flood of visits floods nothing."""

from datetime import datetime
from uuid import UUID

from daybreak.follow_up.actions.messages import withdraw_links
from daybreak.follow_up.actions.tasks import raise_task
from daybreak.follow_up.models import Invitation, LinkTrace, WrongLink
from daybreak.kernel.keys import key_from
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, record_one

NOT_MEANT = "not meant for them"
REACHED_ANOTHER = "Whoever got the message said that it is not for them. Its links were withdrawn: check the contact."


def trace(scope: Scope, *, row: Invitation, what: str, at: datetime) -> None:
    """Note that somebody came by a link of this invitation in vain; `what` is made of fixed words."""
    key = _once_a_minute("trace", scope.site, str(row.key), what, at=at)
    if not LinkTrace.objects.filter(site=scope.site, key=key).exists():
        record_one(
            LinkTrace(
                site=scope.site,
                key=key,
                patient_key=row.patient_key,
                invitation_key=row.key,
                what=what,
                came_at=at,
            )
        )


def trace_wrong_link(scope: Scope, *, at: datetime) -> None:
    """Note that somebody came by a link that opens nothing at the site; neither link nor sender is kept."""
    key = _once_a_minute("wrong link", scope.site, at=at)
    if not WrongLink.objects.filter(site=scope.site, key=key).exists():
        record_one(WrongLink(site=scope.site, key=key, came_at=at))


@one_step()
def not_mine(scope: Scope, *, key: UUID, row: Invitation, at: datetime) -> None:
    """Note that the message reached somebody else: its links are withdrawn, and the coordinator has a task.

    The questions stay open, and a new link can be sent. The same `key` again changes nothing.
    """
    trace(scope, row=row, what=NOT_MEANT, at=at)
    withdraw_links(scope, key=key, invitation=row.key, because="it reached somebody else", at=at)
    raise_task(
        scope,
        key=key_from("reached another", scope.site, str(key)),
        patient=row.patient_key,
        kind="reached_another",
        priority="low",
        because=REACHED_ANOTHER,
        at=at,
        invitation=row.key,
    )


def _once_a_minute(*parts: str, at: datetime) -> UUID:
    return key_from(*parts, at.strftime("%Y-%m-%dT%H:%M"))
