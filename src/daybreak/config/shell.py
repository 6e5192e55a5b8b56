"""What surrounds every page: the site, the person, the rail, the search. Rooms are plugged in here."""

from collections.abc import Callable
from datetime import date
from functools import partial
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from daybreak import __version__
from daybreak.config.notices import notice
from daybreak.design.public import RailItem, Shell, ShellPerson, ShellSite, SiteChoice
from daybreak.desk.banner import banner
from daybreak.desk.releases import held_words, held_words_for_patient
from daybreak.kernel.moments import day_of, now
from daybreak.kernel.permissions import Permission as P
from daybreak.kernel.scope import Scope, scoped
from daybreak.people.public import HANDED_OVER, Site, roles_at, site_named, sites, sites_of
from daybreak.treat.web.supervised import own_supervised_sessions

# Label, address, icon, and the permissions of which any one shows it. In the order of a patient's way.
RAIL = (
    (_("Home"), "desk:home", "home", None),
    (_("Patients"), "desk:patients", "patient", {P.READ_PATIENT}),
    (_("Screen"), "screen:worklist", "screen", {P.SCREEN, P.REGISTER_PATIENT}),
    (_("Treat"), "treat:today", "treat", {P.RUN_SESSION, P.ORDER}),
    (_("Follow up"), "follow_up:work", "follow-up", {P.FOLLOW_UP}),
    (_("Register"), "register:snapshots", "register", {P.FREEZE, P.READ_REGISTER}),
    (_("Data"), "register:quality", "check", {P.ANSWER_QUERIES}),
    (_("Watch"), "watch:monitor", "watch", {P.WATCH}),
    (_("Evidence"), "evidence:pooled", "evidence", {P.READ_DEFINITIONS}),
    (_("Learn"), "learn:catalogue", "learn", None),
    (_("Protocols"), "protocols:list", "scale", {P.READ_DEFINITIONS}),
    (_("Team"), "people:team", "lock", {P.MANAGE_SITE}),
)


# Who may be told of an alarm that nobody took, on whatever page they are.
CALLED = {P.RUN_SESSION, P.ORDER, P.DISCHARGE, P.MANAGE_SITE}


def shell(request: HttpRequest) -> dict[str, object]:
    """Return `shell` and the functions `banner(patient_key)`, `releases_that_held(patient_key)`, in words for the
    patient `releases_that_held_you(patient_key)`, and `own_supervised_sessions()` for the templates of this request.
    """
    scope: Scope | None = getattr(request, "site_scope", None)
    if scope is None or not scope.site:
        nothing = {"banner": _no_words, "releases_that_held": _no_words, "releases_that_held_you": _no_words}
        return {"shell": _outside(request), "own_supervised_sessions": _no_sessions, **nothing}
    return {
        "shell": _at_site(request, scope),
        "banner": _banner(request, scope),
        "releases_that_held": partial(held_words, scope),
        "releases_that_held_you": partial(held_words_for_patient, scope),
        "own_supervised_sessions": partial(own_supervised_sessions, request, scope),
    }


def _outside(request: HttpRequest) -> Shell:
    known = sites()
    return Shell(
        synthetic=bool(known) and all(site.synthetic for site in known),
        sign_out_url=reverse("account_logout") if request.user.is_authenticated else None,
        person=ShellPerson(name=request.user.name) if request.user.is_authenticated else None,
        notice=notice(),
        version=__version__,
    )


def _at_site(request: HttpRequest, scope: Scope) -> Shell:
    site = site_named(scope.site)
    today = day_of(now(), site.time_zone)
    frame = ShellSite(code=site.code, name=site.name, synthetic=site.synthetic, zone=site.time_zone)
    if HANDED_OVER in request.session or scope.actor is None:
        return Shell(site=frame, synthetic=site.synthetic, notice=notice(), version=__version__)
    return Shell(
        site=frame,
        person=ShellPerson(name=request.user.name, roles=_roles(scope, today)),
        rail=tuple(_rail(request, site)),
        waiting=None,
        search_url=reverse("desk:patients", kwargs={"site": site.code}) if P.READ_PATIENT in request.may else None,
        sign_out_url=reverse("account_logout"),
        account_url=reverse("mfa_index"),
        home_url=reverse("desk:home", kwargs={"site": site.code}),
        sites=tuple(_others(scope, site, today)),
        called_url=reverse("treat:called", kwargs={"site": site.code}) if request.may & CALLED else None,
        synthetic=site.synthetic,
        notice=notice(),
        version=__version__,
    )


def _roles(scope: Scope, today: date) -> tuple[str, ...]:
    return tuple(sorted(roles_at(account=scope.actor, site=scope.site, on=today)))


def _rail(request: HttpRequest, site: Site) -> list[RailItem]:
    shown = [(label, name, icon) for label, name, icon, needed in RAIL if not needed or request.may & needed]
    here = request.resolver_match.namespace if request.resolver_match else ""
    items = []
    for label, name, icon in shown:
        current = name == request.resolver_match.view_name or (name.split(":")[0] == here and here != "desk")
        items.append(
            RailItem(label=str(label), url=reverse(name, kwargs={"site": site.code}), icon=icon, current=current)
        )
    return items


def _others(scope: Scope, site: Site, today: date) -> list[SiteChoice]:
    with scoped(Scope(site="", actor=scope.actor, purpose="sign-in")):
        places = sites_of(account=scope.actor, on=today)
    return [
        SiteChoice(name=place.name, url=reverse("desk:home", kwargs={"site": place.code}))
        for place in places
        if place.code != site.code
    ]


def _banner(request: HttpRequest, scope: Scope) -> Callable[[UUID], str]:
    def render(patient_key: UUID) -> str:
        return banner(request, scope, patient_key, at=now())

    return render


def _no_words(patient_key: UUID) -> str:
    return ""


def _no_sessions() -> str:
    return ""
