"""The tables that are told to anybody: the same page for the public, and for staff beside the other pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.public import open_to, requires, site_named, sites
from daybreak.register.disclosing.queries import policy_told, tables_told


@open_to("anyone: it tells numbers about groups, made at the freeze, suppressed and rounded by the disclosure policy")
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Show the public what the register holds, of real people where there are real sites."""
    synthetic = all(each.synthetic for each in sites())
    return render(request, "register/told_public.html", _told(synthetic, "UTC"))


@requires(Permission.WATCH, Permission.READ_REGISTER, purpose="read what the register tells anybody")
@require_GET
def told(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Show staff the same tables."""
    here = site_named(scope.site)
    return render(request, "register/told.html", {"site": scope.site} | _told(here.synthetic, here.time_zone))


def _told(synthetic: bool, zone: str) -> dict[str, object]:
    return {"tables": tables_told(synthetic=synthetic), "policy": policy_told(), "synthetic": synthetic, "zone": zone}
