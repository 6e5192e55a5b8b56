"""Who is there and what was looked at, on the page before the start."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.public import names_of_staff, requires
from daybreak.treat.actions.team import confirm_equipment, name_member
from daybreak.treat.queries.answers import today
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.queries.team import equipment_confirmed, may_be_named, readiness
from daybreak.treat.rules.steps import in_words
from daybreak.treat.rules.team import ROLES
from daybreak.treat.web.forms import Member, spoken
from daybreak.treat.web.frame import done, found, sent_key


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Somebody of the team, in words; `trouble` says what their papers lack today."""

    account: UUID
    name: str
    role: str
    role_words: str
    trouble: str


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A piece of equipment, and who confirmed it when."""

    id: str
    title: str
    by: str
    at: datetime | None


def team_of(scope: Scope, now: SessionNow, at: datetime) -> dict[str, object]:
    """Return the team and the equipment as the page shows them."""
    there = readiness(scope, now, on=today(scope, at))
    seen = equipment_confirmed(now)
    names = names_of_staff(each.by for each in seen.values())
    asked = [role.id for role in now.protocol.team]
    return {
        "members": [
            MemberRow(each.account, each.name, each.role, in_words(each.role).capitalize(), "; ".join(each.missing))
            for each in there.present
        ],
        "roles": spoken(sorted(ROLES, key=lambda role: (role not in asked, ROLES.index(role)))),
        "people": sorted((name, str(key)) for key, name in may_be_named(scope, "nurse").items()),
        "equipment": [
            ItemRow(
                item.id,
                item.title,
                names.get(seen[item.id].by, "–") if item.id in seen else "",
                seen[item.id].at if item.id in seen else None,
            )
            for item in now.protocol.equipment
        ],
    }


@requires(Permission.RUN_SESSION, purpose="the team of a session")
@require_POST
def member_now(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Say that somebody takes a role, or leaves it."""
    found(scope, session)
    form = Member(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        if done(
            request, scope, "member", said["key"], this_moment(),
            action=lambda at: name_member(
                scope, key=said["key"], session=session, account=said["account"], role=said["role"], at=at,
                present=not said["leaves"],
            ),
        ):  # fmt: skip
            return _on(scope, session)
    else:
        messages.error(request, _("Choose a person and a role."))
    return redirect("treat:session", site=scope.site, session=session)


@requires(Permission.RUN_SESSION, purpose="the equipment of a session")
@require_POST
def equipment_now(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Confirm what was ticked."""
    found(scope, session)
    key, items = sent_key(request), request.POST.getlist("item")
    if done(
        request, scope, "check", key, this_moment(),
        action=lambda at: confirm_equipment(scope, key=key, session=session, items=items, at=at),
    ):  # fmt: skip
        return _on(scope, session)
    return redirect("treat:session", site=scope.site, session=session)


def _on(scope: Scope, session: UUID) -> HttpResponse:
    """Go on at the step that comes next."""
    return redirect(f"{reverse('treat:session', kwargs={'site': scope.site, 'session': session})}#next")
