"""Sign-in: nobody opens an account for themselves, and demonstration users sign in with one click on synthetic sites
only.
"""

from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from daybreak.design.assets import static
from daybreak.kernel.moments import now
from daybreak.kernel.scope import Scope, scoped
from daybreak.people.public import Account, open_to, own_memberships, sites, sites_of


class ClosedDoor(DefaultAccountAdapter):
    """Accounts are opened by a site's lead."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def display_name(account: Account) -> str:
    """Return how an account is shown."""
    return account.name


def house(request: HttpRequest) -> dict[str, object]:
    """Return what the sign-in pages of the library need: built files and, on the sign-in page, the demonstration's
    people.
    """
    return {
        "house": {
            "stylesheet": static("app.css"),
            "script": static("app.js"),
            "theme": static("theme.js"),
            "mark": static("mark.svg"),
            "one_click": _one_click_people,
        }
    }


def _one_click_people() -> list[dict[str, object]]:
    """Return the demonstration's people by site. Unmarked accounts and real sites are not listed."""
    places = {site.code: site for site in sites() if site.synthetic}
    groups: dict[str, list[dict[str, object]]] = {}
    for account in Account.objects.filter(one_click=True, is_active=True).order_by("name"):
        with scoped(Scope(site="", actor=account.key, purpose="sign-in")):
            held = [m for m in own_memberships(account.key) if m.site in places]
        for code in sorted({m.site for m in held}):
            roles = " · ".join(m.role for m in held if m.site == code)
            groups.setdefault(places[code].name, []).append({"key": account.key, "name": account.name, "roles": roles})
    return [{"site": site, "people": people} for site, people in sorted(groups.items())]


@open_to("anyone: it signs in a marked demonstration account whose every site is synthetic")
@require_http_methods(["POST"])
def one_click(request: HttpRequest) -> HttpResponse:
    """Sign a demonstration user in. An account with a role at any real site does not exist for this page."""
    account = Account.objects.filter(pk=_key(request.POST.get("account", "")), one_click=True, is_active=True).first()
    if account is None or not _is_synthetic(account):
        raise Http404("No such account")
    login(request, account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return redirect("/")


def _key(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _is_synthetic(account: Account) -> bool:
    with scoped(Scope(site="", actor=account.key, purpose="sign-in")):
        held = {m.site for m in own_memberships(account.key)}
    return bool(held) and all(site.synthetic for site in sites() if site.code in held)


@open_to("anyone: it sends each person to a site of theirs, and strangers to the sign-in page")
def front_door(request: HttpRequest) -> HttpResponse:
    """Send a member of staff to the home page of the site used last, or of their first site."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    with scoped(Scope(site="", actor=request.user.key, purpose="sign-in")):
        places = sites_of(account=request.user.key, on=now().date())
    if not places:
        return render(
            request, "design/refused.html", {"sentence": "You have no role at any site yet. Ask your site lead."}
        )
    last = request.session.get("last_site")
    chosen = last if any(p.code == last for p in places) else places[0].code
    return redirect("desk:home", site=chosen)
