"""The holds that are in force."""

from daybreak.kernel.scope import Scope
from daybreak.rulebook.public import Protocol, Tightened
from daybreak.treat.models import ProtocolHold
from daybreak.treat.rules.holds import Held, covers


def holds_in_force() -> list[Held]:
    """Return every hold that was not lifted, newest first."""
    rows = list(ProtocolHold.objects.order_by("-signed_at", "key"))
    lifted = {row.lifts for row in rows if row.lifts is not None}
    return [
        Held(row.key, row.protocol, row.at_site, row.reason, row.signal, row.signed_by, row.signed_at)
        for row in rows
        if row.lifts is None and row.key not in lifted
    ]


def holds_on(scope: Scope, protocol: Protocol) -> list[Held]:
    """Return the holds that cover a protocol at the scope's site, also those of the shared one that it tightens."""
    names = {protocol.id}
    if isinstance(protocol, Tightened):
        names.add(protocol.tightens.partition("/")[0])
    return [hold for hold in holds_in_force() if covers(hold, site=scope.site, protocols=names)]
