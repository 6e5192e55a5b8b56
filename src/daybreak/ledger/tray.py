"""What waits in the tray, and what a person said of it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from daybreak.kernel.keys import key_from
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.models import TrayItem, TraySettled
from daybreak.ledger.record import record
from daybreak.ledger.standing import standing
from daybreak.ledger.step import one_step

PLACED, SET_ASIDE = "placed", "set aside"
REASONS = ("recorded_otherwise", "not_ours", "artefact", "test", "other")


class NotSettled(Refusal):
    """Something in the tray that does not wait any more, or that is set aside without a reason."""


def waiting_in_tray(scope: Scope) -> QuerySet[TrayItem]:
    """Return what waits in the site's tray, the newest first."""
    settled = TraySettled.objects.filter(site=scope.site, item_key=OuterRef("key"))
    return standing(TrayItem).filter(~Exists(settled), site=scope.site).order_by("-received_at", "key")


@one_step()
def settle_tray(
    scope: Scope, *, key: UUID, items: Sequence[UUID], outcome: str, at: datetime, reason: str = ""
) -> None:
    """Settle things in the tray, all or none; raise NotSettled. What is set aside needs one of REASONS."""
    if outcome == SET_ASIDE and reason not in REASONS:
        raise NotSettled("Say why they are set aside.")
    found = set(waiting_in_tray(scope).filter(key__in=items).values_list("key", flat=True))
    if not items or found != set(items):
        raise NotSettled("Some of these do not wait any more. Look again.")
    record([
        TraySettled(
            site=scope.site,
            key=key_from(str(key), str(item)),
            item_key=item,
            outcome=outcome,
            reason=reason,
            settled_at=at,
        )
        for item in items
    ])  # fmt: skip
