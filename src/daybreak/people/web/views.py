"""Pages of people: the team of a site and what each member's credentials allow."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from daybreak.kernel.moments import day_of, now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.people.access import requires
from daybreak.people.actions import record_credential
from daybreak.people.invitation import invite_colleague
from daybreak.people.queries import credentials, expected, site_named, staff, standing_for
from daybreak.people.rules import WORDS
from daybreak.people.web.forms import ColleagueForm, CredentialForm

EXPIRES_SOON_DAYS = 90


@requires(Permission.MANAGE_SITE, purpose="team")
def team(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Show who works here, in which roles, and which credentials end soon."""
    return _page(request, scope)


@requires(Permission.MANAGE_SITE, purpose="invite a colleague")
@require_http_methods(["POST"])
def add_colleague(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Give somebody a role here, and show once the link at which they set a password."""
    form = ColleagueForm(request.POST)
    if not form.is_valid():
        return _page(request, scope, colleague=form, status=422)
    try:
        at = now()
        on = day_of(at, site_named(scope.site).time_zone)
        invited = invite_colleague(scope, **form.cleaned_data, on=on, at=at)
    except Refusal as no:
        form.add_error(None, str(no))
        return _page(request, scope, colleague=form, status=422)
    link = request.build_absolute_uri(invited.link) if invited.link else None
    return _page(request, scope, invited={"name": invited.account.name, "link": link, "joins": invited.joins})


@requires(Permission.MANAGE_SITE, purpose="team")
@require_http_methods(["POST"])
def add_credential(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Record a credential that was shown."""
    form = _form(scope, _today(scope), request.POST)
    if not form.is_valid():
        return _page(request, scope, credential=form, status=422)
    said = form.cleaned_data
    record_credential(
        scope,
        key=said["key"],
        account=UUID(said["account"]),
        kind=said["kind"],
        issued_on=said["issued_on"],
        expires_on=said["expires_on"],
        number=said["number"],
    )
    return redirect("people:team", site=scope.site)


def _page(
    request: HttpRequest,
    scope: Scope,
    *,
    credential: CredentialForm | None = None,
    colleague: ColleagueForm | None = None,
    invited: dict[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    today = _today(scope)
    context = {
        "members": _members(scope, today),
        "expected": expected(scope),
        "form": credential or _form(scope, today),
        "colleague": colleague or ColleagueForm(),
        "invited": invited,
        "today": today,
    }
    return render(request, "people/team.html", context, status=status)


def _today(scope: Scope) -> date:
    return day_of(now(), site_named(scope.site).time_zone)


def _form(scope: Scope, today: date, said: object = None) -> CredentialForm:
    choices = {str(m.account.key): m.account.name for m in staff(scope)}
    return CredentialForm(said, team=sorted(choices.items(), key=lambda pair: pair[1]), today=today)


def _members(scope: Scope, today: date) -> list[dict[str, object]]:
    held: dict[UUID, list[object]] = {}
    for credential in credentials(scope):
        held.setdefault(credential.account_key, []).append(_words(credential, today))
    people: dict[UUID, dict[str, object]] = {}
    for member in staff(scope):
        known = people.setdefault(
            member.account.key, {"name": member.account.name, "email": member.account.email, "roles": []}
        )
        known["roles"].append(member.role)
    for key, known in people.items():
        standing = standing_for(scope, account=key, role="start an infusion", on=today)
        known |= {"credentials": held.get(key, []), "standing": standing}
    return list(people.values())


def _words(credential: object, today: date) -> dict[str, object]:
    left = (credential.expires_on - today).days if credential.expires_on else None
    state = "good" if left is None or left > EXPIRES_SOON_DAYS else "soon" if left > 0 else "over"
    return {
        "word": WORDS.get(credential.kind, credential.kind),
        "expires_on": credential.expires_on,
        "left": left,
        "state": state,
    }
