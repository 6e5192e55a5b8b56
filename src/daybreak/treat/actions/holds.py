"""The safety board holds a protocol, and lifts the hold."""

from datetime import datetime
from uuid import UUID

from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, record_one
from daybreak.people.public import site_named
from daybreak.treat.actions.steps import demand
from daybreak.treat.models import ProtocolHold
from daybreak.treat.queries.holds import holds_in_force
from daybreak.treat.queries.protocols import protocols_to_hold


class NotAHold(Refusal):
    """A hold that cannot be signed or lifted, and why."""


@one_step()
def hold_protocol(
    scope: Scope, *, key: UUID, protocol: str, at_site: str, reason: str, signal: str = "", at: datetime
) -> ProtocolHold:
    """Hold a protocol at one site, or at all (`at_site` empty): from then on nothing of it is ordered or started.

    Sessions that have begun go on. The board of the coordinating centre holds anywhere, a clinic's own board at the
    clinic. Raises NotAHold, NotYourPart.
    """
    signer = demand(scope, Permission.TRIAGE, at=at)
    _demand_reach(scope, at_site)
    if not reason.strip():
        raise NotAHold("A hold needs a reason: the teams that it stops will read it.")
    if protocol not in protocols_to_hold():
        raise NotAHold(f"There is no protocol “{protocol}” in use.")
    known = ProtocolHold.objects.filter(site=scope.site, key=key).exists()
    if not known and any((each.protocol, each.at_site) == (protocol, at_site) for each in holds_in_force()):
        raise NotAHold("This protocol is held there already.")
    return _recorded(scope, key, at, signer, protocol=protocol, at_site=at_site, reason=reason.strip(), signal=signal)


@one_step()
def lift_hold(scope: Scope, *, key: UUID, hold: UUID, reason: str, at: datetime) -> ProtocolHold:
    """Lift a hold, with the reason. Raises NotAHold, NotYourPart."""
    signer = demand(scope, Permission.TRIAGE, at=at)
    known = ProtocolHold.objects.filter(site=scope.site, key=key).first()
    held = ProtocolHold.objects.filter(key=hold, lifts=None).first()
    if held is None or (known is None and hold not in {each.key for each in holds_in_force()}):
        raise NotAHold("This hold is not in force any more. Read the page again.")
    _demand_reach(scope, held.at_site)
    if not reason.strip():
        raise NotAHold("Say why the hold is lifted.")
    about = {"protocol": held.protocol, "at_site": held.at_site, "signal": held.signal}
    return _recorded(scope, key, at, signer, reason=reason.strip(), lifts=hold, **about)


def _demand_reach(scope: Scope, at_site: str) -> None:
    here = site_named(scope.site)
    if here is None or (here.kind != "centre" and at_site != here.code):
        raise NotAHold("A clinic's board holds protocols at its own clinic only.")
    if at_site and site_named(at_site) is None:
        raise NotAHold("There is no such site.")


def _recorded(scope: Scope, key: UUID, at: datetime, signer: UUID, **said: object) -> ProtocolHold:
    return record_one(ProtocolHold(site=scope.site, key=key, signed_by=signer, signed_at=at, **said))
