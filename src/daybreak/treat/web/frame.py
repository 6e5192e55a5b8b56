"""What the pages of the infusion room share: the session or 404, the frame of a page, and doing something once."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest

from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.people.public import site_named
from daybreak.treat.actions.steps import told
from daybreak.treat.queries.sessions import SessionNow, session_now
from daybreak.treat.rules.readings import visit_number

NOT_DONE = 422


def found(scope: Scope, session: UUID) -> SessionNow:
    """Return the session, or 404: what is not at the site does not exist."""
    now = session_now(scope, session)
    if now is None:
        raise Http404("No such session")
    return now


def zone_of(scope: Scope) -> str:
    """Return the site's time zone."""
    place = site_named(scope.site)
    return place.time_zone if place else "UTC"


def frame(request: HttpRequest, scope: Scope, now: SessionNow, at: datetime) -> dict[str, object]:
    """Return what every page of one session needs."""
    return {
        "site": scope.site,
        "zone": zone_of(scope),
        "at": at,
        "now": now,
        "session": now.session,
        "patient": now.session.patient_key,
        "visit": visit_number(now.session.key),
        "protocol": now.protocol,
        "may_run": Permission.RUN_SESSION in request.may,
        "may_order": Permission.ORDER in request.may,
        "may_decide": Permission.DECIDE in request.may,
        "may_discharge": Permission.DISCHARGE in request.may,
    }


def sent_key(request: HttpRequest) -> UUID:
    """Return the key that the page made for the fact; 404 for a page that made none."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError as fault:
        raise Http404("No key") from fault


def done(
    request: HttpRequest,
    scope: Scope,
    kind: str,
    key: UUID,
    at: datetime,
    *,
    action: Callable[[datetime], object],
) -> bool:
    """Do something once and return whether it was done; a named no is shown on top of the next page."""
    try:
        with told(kind, scope, key=key, at=at) as moment:
            action(moment)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return False
    return True
