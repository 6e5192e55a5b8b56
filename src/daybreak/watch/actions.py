"""Every write of the monitor: what the safety board decides about a signal."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, record_one
from daybreak.people.public import permissions_at, site_named
from daybreak.register.public import frozen_snapshots
from daybreak.watch.models import SignalReview
from daybreak.watch.queries import over_time, waiting
from daybreak.watch.rules import DECISIONS

FOLLOWED = ("watch_on", "ask_site", "hold")


class NotAReview(Refusal):
    """A decision about a signal that cannot be recorded, and why."""


@one_step()
def decide_on_signal(
    scope: Scope,
    *,
    key: UUID,
    snapshot: str,
    signal: str,
    decision: str,
    reason: str,
    follow_up: str = "",
    follow_up_on: date | None = None,
    at: datetime,
) -> SignalReview:
    """Record what the safety board decided about a signal that waits, by a named person.

    All but “explained” name what follows, and when. Raises NotAReview; NoSuchSnapshot and NotIntact of the register.
    """
    here = site_named(scope.site)
    if here is None or scope.actor is None:
        raise NotAReview("A decision about a signal has a person and a site.")
    today = at.astimezone(ZoneInfo(here.time_zone)).date()
    if Permission.TRIAGE not in permissions_at(account=scope.actor, site=scope.site, on=today):
        raise NotAReview("Only a member of the safety board decides on signals.")
    known = SignalReview.objects.filter(site=scope.site, key=key).first()
    if snapshot not in {each.id for each in frozen_snapshots(synthetic=here.synthetic)}:
        raise NotAReview("Only what was frozen from sites of this kind is decided on here.")
    found = over_time(snapshot)
    about = next((each for each in (found.signals if known else waiting(found)) if each.key == signal), None)
    if about is None or found.last_week is None:
        raise NotAReview("This signal does not wait for a decision any more. Read the page again.")
    if here.kind != "centre" and about.site != here.code:
        raise NotAReview("A clinic's board decides on signals of its own clinic.")
    _check(decision, reason, follow_up, follow_up_on, today)
    return record_one(
        SignalReview(
            site=scope.site, key=key, signal=signal, week=about.week, seen_until=found.last_week, snapshot=snapshot,
            decision=decision, reason=reason.strip(), follow_up=follow_up.strip(), follow_up_on=follow_up_on,
            decided_by=scope.actor, decided_at=at,
        )
    )  # fmt: skip


def _check(decision: str, reason: str, follow_up: str, follow_up_on: date | None, today: date) -> None:
    if decision not in DECISIONS:
        raise NotAReview("Choose what is decided.")
    if not reason.strip():
        raise NotAReview("Give the reason: whoever reads the signal later needs it.")
    if decision in FOLLOWED and not (follow_up.strip() and follow_up_on):
        raise NotAReview("Say what follows, and by when it is looked at again.")
    if follow_up_on is not None and follow_up_on < today:
        raise NotAReview("The day on which it is looked at again lies in the past.")
