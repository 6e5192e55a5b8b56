"""What a device is given to keep: keys at sign-in, and what the page of the open session needs without the server."""

from base64 import b64encode
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.public import requires
from daybreak.treat.actions.envelopes import proving_key, sealing_key
from daybreak.treat.queries.kept import as_if
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.route import PUMPED
from daybreak.treat.rules.steps import AFTER_DOSE, INFUSING, State, Step
from daybreak.treat.web import after, chair
from daybreak.treat.web.chair import TEAM
from daybreak.treat.web.frame import found
from daybreak.treat.web.reckoning import record_of

# How a state is reached from the two in which a session can be kept; a start is not among them.
WAYS = {
    State.RUNNING: (Step.RESUMED,),
    State.PAUSED: (Step.PAUSED,),
    State.COMPLETED: (Step.COMPLETED,),
    State.STOPPED: (Step.STOPPED,),
    State.RECOVERY: (Step.STOPPED, Step.RECOVERY),
}


@requires(Permission.RUN_SESSION, purpose="keys for a device")
@require_POST
def device_keys(request: HttpRequest, scope: Scope) -> JsonResponse:
    """Release the keys of this sign-in to a device: they seal what it keeps, and prove whose acts they are."""
    try:
        device = UUID(request.POST.get("device", ""))
    except ValueError:
        return JsonResponse({"error": "no_device", "sentence": _("Say which device this is.")}, status=400)
    at, account = this_moment(), request.user.key
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    proving = proving_key(scope.site, account=account, device=device, signed_in_at=at)
    return JsonResponse(
        {
            "account": str(account),
            "name": request.user.name,
            "site": scope.site,
            "sealing": b64encode(sealing_key(scope.site, account=account, device=device)).decode(),
            "proving": b64encode(proving).decode(),
            "signed_in": _ms(at),
            "until": _ms(at + timedelta(seconds=request.session.get_expiry_age())),
            "server": _ms(at),
        }
    )


@requires(*TEAM, purpose="keeping the open session on a device")
@require_GET
def kept(request: HttpRequest, scope: Scope, session: UUID) -> JsonResponse:
    """Return what the page of an open session needs without the server; nothing of one that does not run or is over."""
    now, at = found(scope, session), this_moment()
    if now.state not in INFUSING | AFTER_DOSE:
        return JsonResponse({"kept": None, "server": _ms(at)})
    return JsonResponse({"kept": _kept(request, scope, now, at), "server": _ms(at)})


def _kept(request: HttpRequest, scope: Scope, now: SessionNow, at: datetime) -> dict[str, Any]:
    return {**record_of(scope, now), "pages": _pages(request, scope, now, at)}


def _pages(request: HttpRequest, scope: Scope, now: SessionNow, at: datetime) -> dict[str, str]:
    """The page as it is, and as it would be in each state that can be reached without the server."""
    reached = {str(now.state): now}
    for state, steps in WAYS.items():
        would = now
        if state in (State.RUNNING, State.PAUSED) and now.manner not in PUMPED:
            continue
        if str(state) not in reached and (now.state in INFUSING or state is State.RECOVERY):
            for step in steps if now.state in INFUSING else (Step.RECOVERY,):
                would = as_if(would, step, at=at)
            reached[str(state)] = would
    return {state: _page(request, scope, each) for state, each in reached.items()}


def _page(request: HttpRequest, scope: Scope, now: SessionNow) -> str:
    drawn = chair.draw if now.state in INFUSING else after.draw
    return drawn(request, scope, now).content.decode()


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
