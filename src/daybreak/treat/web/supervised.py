"""Supervised sessions: one's own, a colleague's for the site lead, and those that a supervisor has to sign."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import CharField, Form, UUIDField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.people.public import names_of_staff, requires, staff
from daybreak.treat.actions.supervision import sign_supervised
from daybreak.treat.queries.supervision import (
    SupervisedSession,
    supervised_by,
    supervised_sessions,
    to_sign,
    ways_to_alone,
)
from daybreak.treat.queries.team import may_be_named
from daybreak.treat.rules.steps import in_words
from daybreak.treat.rules.supervision import WayToAlone
from daybreak.treat.rules.team import ROLES
from daybreak.treat.web.frame import zone_of


class Signed(Form):
    """Whom one supervised, in which session and role."""

    session = UUIDField()
    account = UUIDField()
    role = CharField(max_length=30)


def own_supervised_sessions(request: HttpRequest, scope: Scope) -> str:
    """Return the supervised sessions of the person in scope as markup, for the page of their credentials."""
    context = _context(scope, scope.actor) | {"own": True, "waiting": len(to_sign(scope, account=scope.actor))}
    return SafeString(render_to_string("treat/supervised_sessions.html", context, request=request))


@requires(Permission.RUN_SESSION, purpose="sessions that one supervised")
@require_GET
def supervisor(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Show the sessions that the person supervised; those that are not signed come first."""
    told = supervised_by(scope, account=scope.actor)
    waiting, signed = [s for s in told if s.signed_at is None], [s for s in told if s.signed_at is not None]
    context = {
        "site": scope.site,
        "zone": zone_of(scope),
        "waiting": _rows(waiting),
        "signed": _rows(signed),
    }
    return render(request, "treat/supervisor.html", context)


@requires(Permission.RUN_SESSION, purpose="signing a supervised session")
@require_POST
def sign_now(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Sign that one stayed beside somebody in a session."""
    form = Signed(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a session that you supervised."))
        return redirect("treat:supervisor", site=scope.site)
    try:
        sign_supervised(scope, **form.cleaned_data, at=this_moment())
    except Refusal as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("Signed. It stands with your colleague's credentials."))
    return redirect("treat:supervisor", site=scope.site)


@requires(Permission.MANAGE_SITE, purpose="a colleague's supervised sessions")
@require_GET
def of_colleague(request: HttpRequest, scope: Scope, account: UUID) -> HttpResponse:
    """Show the supervised sessions of a member of the team to the site lead."""
    if not staff(scope).filter(account_id=account).exists():
        raise Http404("No such colleague")
    context = _context(scope, account) | {"own": False, "waiting": 0, "name": names_of_staff([account])[account]}
    return render(request, "treat/supervised.html", context)


def _context(scope: Scope, account: UUID) -> dict[str, Any]:
    roles = [role for role in ROLES if account in may_be_named(scope, role)]
    return {
        "site": scope.site,
        "zone": zone_of(scope),
        "rows": _rows(supervised_sessions(scope, account=account)),
        "ways": [_way(each) for each in ways_to_alone(scope, account=account, roles=roles)],
    }


def _rows(told: Sequence[SupervisedSession]) -> list[dict[str, object]]:
    names = names_of_staff(key for each in told for key in (each.beside.account, each.beside.supervisor))
    return [
        {
            "session": each.session,
            "account": each.beside.account,
            "role": each.beside.role,
            "role_words": in_words(each.beside.role).capitalize(),
            "name": names.get(each.beside.account, "–"),
            "supervisor": names.get(each.beside.supervisor, "–"),
            "protocol": each.protocol,
            "started_at": each.started_at,
            "over": each.over,
            "signed_at": each.signed_at,
        }
        for each in told
    ]


def _way(each: WayToAlone) -> dict[str, object]:
    return {
        "role": in_words(each.role),
        "started": each.started,
        "signed": each.signed,
        "asked": each.asked,
        "alone": each.alone,
    }
