"""What every page of measure shares."""

from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from daybreak.design.public import KeyedForm, way_back
from daybreak.kernel.moments import day_of, now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.measure.definitions import instrument_at, shown_at
from daybreak.people.public import site_named
from daybreak.rulebook.public import Instrument, UnknownDefinition

NOT_SAVED = 422


def frame(request: HttpRequest, scope: Scope, patient: UUID) -> dict[str, object]:
    """Return what every page of one patient needs."""
    return {
        "site": scope.site,
        "zone": site_named(scope.site).time_zone,
        "patient": patient,
        "at": now(),
        "may_measure": Permission.MEASURE in request.may,
    }


def form_page(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    """Show a form; one that came back is not saved."""
    return render(request, template, context, status=NOT_SAVED if request.method == "POST" else 200)


def back_initial(request: HttpRequest) -> dict[str, str]:
    """Return the page that sent the person here, for the form to keep."""
    return {"back": request.GET.get("back", "")}


def back(
    request: HttpRequest, scope: Scope, form: KeyedForm, patient: UUID, otherwise: str = "measure:patient", **more: str
) -> str:
    """Return where to go after saving."""
    page = reverse(otherwise, kwargs={"site": scope.site, "patient": patient, **more})
    return way_back(request, form.cleaned_data.get("back") or "", otherwise=page)


def clock(scope: Scope) -> dict[str, object]:
    """Return what a form with a moment in it needs: the site's zone, and now."""
    return {"zone": site_named(scope.site).time_zone, "at": now()}


def today(scope: Scope) -> date:
    """Return the day at the site."""
    return day_of(now(), site_named(scope.site).time_zone)


def demand_instrument(scope: Scope, name: str, version: str | None = None) -> Instrument:
    """Return an instrument in the words this site may show; 404 for one that does not exist."""
    wanted = int(version) if version and version.isdecimal() and len(version) < 6 else None
    day = today(scope)
    try:
        return shown_at(scope.site, instrument_at(scope.site, name, wanted, on=day), on=day)
    except UnknownDefinition as unknown:
        raise Http404("No such questionnaire") from unknown


def attempt(form: KeyedForm, action: object, *args: object, **kwargs: object) -> bool:
    """Do it, or put the named no beside its field or on top of the form."""
    try:
        action(*args, **kwargs)
    except Refusal as refusal:
        field = getattr(refusal, "field", None)
        form.add_error(field if field in form.fields else None, str(refusal))
        return False
    return True
