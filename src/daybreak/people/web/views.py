"""Pages of people: the team of a site and what each member's credentials allow."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from daybreak.kernel.moments import day_of, now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.people.access import requires
from daybreak.people.actions import rename_colleague
from daybreak.people.invitation import invite_colleague
from daybreak.people.offered import offers
from daybreak.people.offers import NotACredential, record_seen
from daybreak.people.queries import credentials, expected, names_of_staff, site_named, staff, standing_for
from daybreak.people.web.forms import ColleagueForm, CredentialForm, NameForm
from daybreak.people.web.presenters import credential_words, offer_words, refusal_choices


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
    """Record a colleague's credential that the lead has seen."""
    form = _form(scope, request.POST)
    if not form.is_valid():
        return _page(request, scope, credential=form, status=422)
    try:
        record_seen(scope, **{**form.cleaned_data, "account": UUID(form.cleaned_data["account"])}, at=now())
    except NotACredential as no:
        form.add_error(no.field, str(no))
        return _page(request, scope, credential=form, status=422)
    return redirect("people:team", site=scope.site)


@requires(Permission.MANAGE_SITE, purpose="a change of name")
@require_http_methods(["POST"])
def rename(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Change the name of a colleague; certificates can then be issued again with the same code."""
    form = NameForm(request.POST, team=_team(scope))
    if not form.is_valid():
        return _page(request, scope, renamed=form, status=422)
    try:
        rename_colleague(scope, account=UUID(form.cleaned_data["account"]), name=form.cleaned_data["name"])
    except Refusal as no:
        form.add_error(None, str(no))
        return _page(request, scope, renamed=form, status=422)
    messages.success(request, _("The name is changed. What was signed before keeps its name."))
    return redirect("people:team", site=scope.site)


def _team(scope: Scope) -> list[tuple[str, str]]:
    choices = {str(m.account.key): m.account.name for m in staff(scope)}
    return sorted(choices.items(), key=lambda pair: pair[1])


def _page(
    request: HttpRequest,
    scope: Scope,
    *,
    renamed: NameForm | None = None,
    credential: CredentialForm | None = None,
    colleague: ColleagueForm | None = None,
    invited: dict[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    today = _today(scope)
    context = {
        "members": _members(scope, today),
        "expected": expected(scope),
        "form": credential or _form(scope),
        "colleague": colleague or ColleagueForm(),
        "invited": invited,
        "today": today,
        "renamed": renamed or NameForm(team=_team(scope)),
        "waiting": _waiting(scope),
        "refusals": refusal_choices(),
    }
    return render(request, "people/team.html", context, status=status)


def _waiting(scope: Scope) -> list[dict[str, object]]:
    found = offers(scope, waiting=True)
    names = names_of_staff(each.offer.account_key for each in found)
    return [{**offer_words(each, names), "own": each.offer.account_key == scope.actor} for each in found]


def _today(scope: Scope) -> date:
    return day_of(now(), site_named(scope.site).time_zone)


def _form(scope: Scope, said: object = None) -> CredentialForm:
    return CredentialForm(said, team=[each for each in _team(scope) if each[0] != str(scope.actor)])


def _members(scope: Scope, today: date) -> list[dict[str, object]]:
    held: dict[UUID, list[object]] = {}
    for credential in credentials(scope):
        held.setdefault(credential.account_key, []).append(credential_words(credential, today))
    people: dict[UUID, dict[str, object]] = {}
    for member in staff(scope):
        known = people.setdefault(
            member.account.key, {"name": member.account.name, "email": member.account.email, "roles": []}
        )
        known["roles"].append(member.role)
    for key, known in people.items():
        standing = standing_for(scope, account=key, role="start an infusion", on=today)
        known |= {"key": key, "credentials": held.get(key, []), "standing": standing}
    return list(people.values())
