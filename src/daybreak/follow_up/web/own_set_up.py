"""Staff set a patient's own page up in the clinic: they show its address once, and the patient chooses the PIN."""

from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from daybreak.follow_up.actions.own_page import close_own_page, make_own_page
from daybreak.follow_up.queries.own_page import own_pages_of
from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.public import deaths, demand_patient, requires


@requires(Permission.FOLLOW_UP, purpose="a patient's own page")
@require_http_methods(["GET", "HEAD", "POST"])
def own_page(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Show how the patient's own page stands, make a new one, or close it."""
    demand_patient(scope, patient)
    at, address = now(), ""
    died = bool(deaths(scope, [patient]))
    if request.method == "POST" and request.POST.get("close"):
        for page in own_pages_of(scope, patient=patient, at=at):
            close_own_page(scope, page=page.page, at=at)
    elif request.method == "POST" and not died:
        token = make_own_page(scope, patient=patient, at=at)
        address = request.build_absolute_uri(reverse("own:page", kwargs={"site": scope.site, "token": token}))
    shown = {
        "patient": patient,
        "address": address,
        "code": segno.make(address, error="m", micro=False).svg_data_uri(scale=5, border=2) if address else "",
        "page": next(iter(own_pages_of(scope, patient=patient, at=at)), None),
        "at": at,
        "died": died,
    }
    return render(request, "follow_up/own_set_up.html", shown)
