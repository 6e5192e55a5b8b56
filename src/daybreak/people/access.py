"""Who may open a page. Every view declares its policy here; a view without one fails the build.

A stranger to a site gets 404 for everything below it; a colleague without the permission gets 403.
"""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from daybreak.kernel.moments import day_of, now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope, scoped
from daybreak.people.queries import patient as patient_of
from daybreak.people.queries import permissions_at, site_named

View = Callable[..., HttpResponse]
HANDED_OVER = "handed_over"


def requires(*permissions: Permission, purpose: str, on_handed_over: bool = False) -> Callable[[View], View]:
    """Declare that a page below `/at/<site>/` needs any one of `permissions`; without one, membership of the site is
    enough.

    The view is called as `view(request, scope, **kwargs)` with the scope in force for the database; `request.may`
    holds what
    the person may do here. While a device is handed over to a patient only pages with `on_handed_over` open.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, site: str, **kwargs: object) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            request.may = _permissions(request.user.key, site)
            if not request.may:
                raise Http404("No such page")
            if permissions and not request.may.intersection(permissions):
                raise PermissionDenied("Your role at this site does not include this.")
            request.site_scope = Scope(site=site, actor=request.user.key, purpose=purpose)
            with scoped(request.site_scope):
                return view(request, request.site_scope, **kwargs)

        guarded.policy = tuple(permissions) or ("member of the site",)
        guarded.on_handed_over = on_handed_over
        return guarded

    return declare


def demand_patient(scope: Scope, patient: UUID) -> None:
    """Answer 404 for a patient who is not at the site."""
    if patient_of(scope, patient) is None:
        raise Http404("No such patient")


def open_to(whom: str) -> Callable[[View], View]:
    """Declare, in words, that a page is open to others than the members of one site, and why that is right."""

    def declare(view: View) -> View:
        view.policy = (whom,)
        return view

    return declare


def _permissions(account: UUID, site: str) -> frozenset[Permission]:
    place = site_named(site)
    if place is None:
        return frozenset()
    with scoped(Scope(site="", actor=account, purpose="sign-in")):
        return permissions_at(account=account, site=site, on=day_of(now(), place.time_zone))
