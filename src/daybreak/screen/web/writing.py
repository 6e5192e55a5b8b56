"""Pages of screen that record: referral and diagnosis."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from daybreak.kernel.keys import key_from
from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.measure.public import library
from daybreak.people.public import demand_patient, requires
from daybreak.rulebook.public import Protocol
from daybreak.screen.actions import record_diagnosis, refer
from daybreak.screen.queries import diagnoses
from daybreak.screen.web.files import files_in
from daybreak.screen.web.forms import NewDiagnosis, NewReferral
from daybreak.screen.web.telling import back_of, initial_of, page, told
from daybreak.screen.web.views import frame


@requires(Permission.SCREEN, Permission.REGISTER_PATIENT, purpose="referring a patient")
@require_http_methods(["GET", "POST"])
def refer_patient(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Refer a patient to be considered for a protocol, with the files that came."""
    demand_patient(scope, patient)
    protocols = [p for p in library().active("protocols") if isinstance(p, Protocol)]
    form = NewReferral(protocols, request.POST or None, request.FILES or None, initial=initial_of(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if told(
            form,
            "referral",
            scope,
            lambda at: refer(
                scope,
                key=said["key"],
                patient=patient,
                protocol=said["protocol"],
                reason=said["reason"],
                referrer=said["referrer"],
                files=files_in(said["attachments"], said["key"]),
                at=at,
            ),
        ):
            messages.success(request, _("The patient is referred."))
            return redirect(back_of(request, scope, form, patient))
    return page(request, "screen/refer.html", {**frame(request, scope, patient), "form": form})


@requires(Permission.SCREEN, purpose="recording a diagnosis")
@require_http_methods(["GET", "POST"])
def diagnosis(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """The diagnoses of one patient, and a form to add one from the code list."""
    demand_patient(scope, patient)
    form = NewDiagnosis(
        library().codelist("depressive_disorders").codes, request.POST or None, initial=initial_of(request)
    )
    if request.method == "POST" and form.is_valid():
        said, code = form.cleaned_data, form.codes[form.cleaned_data["code"]]
        if told(
            form,
            "diagnosis",
            scope,
            lambda at: record_diagnosis(
                scope,
                key=said["key"],
                patient=patient,
                code=code.code,
                system=code.system,
                display=code.display,
                onset_on=said["onset_on"],
                noted_at=at,
            ),
        ):
            messages.success(request, _("The diagnosis is recorded."))
            return redirect(back_of(request, scope, form, patient))
    context = {**frame(request, scope, patient), "form": form, "entries": diagnoses(scope, patient=patient)}
    return page(request, "screen/diagnosis.html", context)


@requires(Permission.SCREEN, purpose="withdrawing a diagnosis")
@require_POST
def withdraw_diagnosis(request: HttpRequest, scope: Scope, patient: UUID, entry: UUID) -> HttpResponse:
    """Mark a diagnosis as one that does not stand; the entry stays in the table."""
    demand_patient(scope, patient)
    found = next((d for d in diagnoses(scope, patient=patient) if d.key == entry and d.status == "active"), None)
    if found is None:
        raise Http404("No such diagnosis")
    record_diagnosis(
        scope,
        key=key_from(scope.site, str(entry), "refuted"),
        patient=patient,
        code=found.code,
        system=found.system,
        display=found.display,
        onset_on=found.onset_on,
        status="refuted",
        noted_at=now(),
        corrects=entry,
    )
    messages.success(request, _("The diagnosis no longer stands."))
    return redirect("screen:diagnosis", site=scope.site, patient=patient)
