"""What every page that records shares: store once, put a named no beside its field, keep what was typed."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from daybreak.design.public import KeyedForm, way_back
from daybreak.kernel.moments import now
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.measure.public import library
from daybreak.rulebook.public import Protocol
from daybreak.screen.queries import once, referred_to

NOT_SAVED = 422


def told(form: KeyedForm, what: str, scope: Scope, store: Callable[[datetime], object]) -> bool:
    """Store what the form says, once, all or nothing; put a named no beside the field that it is about, or on top."""
    try:
        with once(scope, what, key=form.cleaned_data["key"], at=now()) as at:
            store(at)
    except Refusal as refusal:
        field = getattr(refusal, "field", "")
        form.add_error(field if field in form.fields else None, str(refusal))
        return False
    return True


def initial_of(request: HttpRequest) -> dict[str, str]:
    """Return where the person came from."""
    return {"back": request.GET.get("back", "")}


def back_of(request: HttpRequest, scope: Scope, form: KeyedForm, patient: UUID) -> str:
    """Return where to go after a form."""
    page = reverse("screen:patient", kwargs={"site": scope.site, "patient": patient})
    return way_back(request, form.cleaned_data.get("back") or "", otherwise=page)


def page(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    """Return a page with a form: not saved where it was sent."""
    return render(request, template, context, status=NOT_SAVED if request.method == "POST" else 200)


def protocol_of(scope: Scope, patient: UUID) -> Protocol:
    """Return the protocol that the patient was referred to; raise Http404."""
    name = referred_to(scope, patient=patient)
    if name is None:
        raise Http404("The patient is not referred")
    return library().latest_protocol(name)
