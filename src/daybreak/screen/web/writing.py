"""Pages of screen that record: referral, diagnosis, past treatments, questions, the decision."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from daybreak.design.public import KeyedForm, way_back
from daybreak.kernel.keys import key_from
from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.measure.public import library
from daybreak.people.public import requires
from daybreak.rulebook.public import FactDefinition, Protocol
from daybreak.screen.actions import (
    assess,
    decide,
    record_diagnosis,
    record_finding,
    record_past_treatment,
    refer,
    second_decision,
)
from daybreak.screen.queries import current_findings, diagnoses, once, past_treatments, referred_to
from daybreak.screen.rules import Override, OverrideRefused, standing_against
from daybreak.screen.web.forms import (
    UNKNOWN,
    NewDecision,
    NewDiagnosis,
    NewPastTreatment,
    NewReferral,
    OneQuestion,
    Questions,
    said_of,
)
from daybreak.screen.web.presenters import criteria_of, glance
from daybreak.screen.web.views import demand_patient, frame, is_asked

NOT_SAVED = 422


@requires(Permission.SCREEN, Permission.REGISTER_PATIENT, purpose="referring a patient")
@require_http_methods(["GET", "POST"])
def refer_patient(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Refer a patient to be considered for a protocol."""
    demand_patient(scope, patient)
    protocols = [p for p in library().active("protocols") if isinstance(p, Protocol)]
    form = NewReferral(protocols, request.POST or None, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if _told(
            form,
            "referral",
            scope,
            lambda at: refer(
                scope,
                key=said["key"],
                patient=patient,
                protocol=said["protocol"],
                reason=said["reason"],
                at=at,
            ),
        ):
            messages.success(request, _("The patient is referred."))
            return redirect(_back(request, scope, form, patient))
    return _page(request, "screen/refer.html", {**frame(request, scope, patient), "form": form})


@requires(Permission.SCREEN, purpose="recording a diagnosis")
@require_http_methods(["GET", "POST"])
def diagnosis(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """The diagnoses of one patient, and a form to add one from the code list."""
    demand_patient(scope, patient)
    form = NewDiagnosis(
        library().codelist("depressive_disorders").codes, request.POST or None, initial=_initial(request)
    )
    if request.method == "POST" and form.is_valid():
        said, code = form.cleaned_data, form.codes[form.cleaned_data["code"]]
        if _told(
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
            return redirect(_back(request, scope, form, patient))
    context = {**frame(request, scope, patient), "form": form, "entries": diagnoses(scope, patient=patient)}
    return _page(request, "screen/diagnosis.html", context)


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


@requires(Permission.SCREEN, purpose="recording past treatments")
@require_http_methods(["GET", "POST"])
def past_treatment(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """The treatments that were tried, and a form to add one; the page stays open for the next."""
    demand_patient(scope, patient)
    form = NewPastTreatment(
        library().codelist("antidepressants").codes, request.POST or None, initial=_initial(request)
    )
    if request.method == "POST" and form.is_valid() and _store_past_treatment(form, scope, patient):
        messages.success(request, _("The treatment is recorded. Add the next one, or go back to screening."))
        return redirect("screen:past_treatments", site=scope.site, patient=patient)
    context = {
        **frame(request, scope, patient),
        "form": form,
        "entries": past_treatments(scope, patient=patient),
    }
    return _page(request, "screen/past_treatments.html", context)


def _store_past_treatment(form: NewPastTreatment, scope: Scope, patient: UUID) -> bool:
    said, code = form.cleaned_data, form.codes[form.cleaned_data["drug"]]
    adequate = {"yes": True, "no": False}.get(said["adequate"])
    return _told(
        form,
        "past treatment",
        scope,
        lambda at: record_past_treatment(
            scope,
            key=said["key"],
            patient=patient,
            drug=code.means,
            drug_code=code.code,
            dose=said["dose"],
            weeks=said["weeks"],
            adequate=adequate,
            outcome=said["outcome"],
            noted_at=at,
        ),
    )


@requires(Permission.SCREEN, purpose="correcting past treatments")
@require_POST
def withdraw_past_treatment(request: HttpRequest, scope: Scope, patient: UUID, entry: UUID) -> HttpResponse:
    """Correct an entry into one that nobody vouches for; the entry stays in the table."""
    demand_patient(scope, patient)
    found = next((t for t in past_treatments(scope, patient=patient) if t.key == entry), None)
    if found is None:
        raise Http404("No such treatment")
    record_past_treatment(
        scope,
        key=key_from(scope.site, str(entry), "withdrawn"),
        patient=patient,
        drug=found.drug,
        drug_code=found.drug_code,
        dose=found.dose_mg,
        weeks=found.weeks,
        adequate=None,
        outcome="unknown",
        noted_at=now(),
        corrects=entry,
    )
    messages.success(request, _("The entry no longer counts: how it went is “not known”."))
    return redirect("screen:past_treatments", site=scope.site, patient=patient)


@requires(Permission.SCREEN, purpose="guided history")
@require_http_methods(["GET", "POST"])
def questions(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Every question of the protocol on one page, as far as answered."""
    demand_patient(scope, patient)
    protocol = _protocol(scope, patient)
    asked = [d for d in protocol.facts_of("screening") if is_asked(d)]
    known = _said_so_far(scope, patient)
    form = Questions(asked, request.POST or None, initial={**_initial(request), **known})
    if request.method == "POST" and form.is_valid() and _store_findings(form, scope, patient):
        messages.success(request, _("The answers are recorded."))
        return redirect(_back(request, scope, form, patient))
    return _page(
        request,
        "screen/questions.html",
        {**frame(request, scope, patient), "form": form, "protocol": protocol},
    )


def _said_so_far(scope: Scope, patient: UUID) -> dict[str, str]:
    return {name: said_of(row.value) or UNKNOWN for name, row in current_findings(scope, patient=patient).items()}


def _store_findings(form: Questions, scope: Scope, patient: UUID) -> bool:
    """Store what differs from what is known already: a second sending finds nothing left to store."""

    def store(at: datetime) -> None:
        known = _said_so_far(scope, patient)
        changed = {n: v for n, v in form.answers().items() if known.get(n) != (said_of(v) or UNKNOWN)}
        for name, value in changed.items():
            key = key_from(scope.site, str(form.cleaned_data["key"]), name)
            record_finding(scope, key=key, patient=patient, question=name, value=value, noted_at=at)

    return _told(form, "finding", scope, store)


@requires(Permission.SCREEN, purpose="answering a question of the protocol")
@require_POST
def one_question(request: HttpRequest, scope: Scope, patient: UUID, question: str) -> HttpResponse:
    """Answer one question where it is read."""
    demand_patient(scope, patient)
    form = OneQuestion(_asked(_protocol(scope, patient), question), request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the answers."))
        return redirect("screen:patient", site=scope.site, patient=patient)
    key = form.cleaned_data["key"]
    with once(scope, "finding", key=key, at=now()) as at:
        record_finding(scope, key=key, patient=patient, question=question, value=form.answer(), noted_at=at)
    return redirect(
        reverse("screen:patient", kwargs={"site": scope.site, "patient": patient}) + f"#{request.POST.get('at', '')}"
    )


@requires(Permission.DECIDE, purpose="deciding on treatment")
@require_http_methods(["GET", "POST"])
def decision(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Decide, with everything that stands against acceptance in view."""
    demand_patient(scope, patient)
    protocol = _protocol(scope, patient)
    verdict = assess(scope, patient=patient, protocol=protocol.id, at=now())
    form = NewDecision(standing_against(verdict), request.POST or None, initial=_initial(request))
    if request.method == "POST" and form.is_valid() and _store_decision(form, scope, patient):
        messages.success(request, _("The decision is recorded with every fact it rests on."))
        return redirect("screen:patient", site=scope.site, patient=patient)
    context = {
        "form": form,
        "protocol": protocol,
        "glance": glance(protocol, verdict),
        "rows": criteria_of(protocol, verdict),
    }
    return _page(request, "screen/decision.html", {**frame(request, scope, patient), **context})


def _store_decision(form: NewDecision, scope: Scope, patient: UUID) -> bool:
    said = form.cleaned_data
    override = None
    if said["override"] or said["override_reason"].strip():
        override = Override(tuple(said["override"]), said["override_reason"])
    key = said["key"]
    with once(scope, "decision", key=key, at=now()) as at:
        try:
            decide(
                scope,
                key=key,
                patient=patient,
                decision=said["decision"],
                reason=said["reason"],
                at=at,
                override=override,
            )
        except OverrideRefused as refusal:
            form.add_error("override_reason" if said["override"] else "override", str(refusal))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return form.is_valid()


@requires(Permission.DECIDE, purpose="second signature under an override")
@require_POST
def second(request: HttpRequest, scope: Scope, patient: UUID, entry: UUID) -> HttpResponse:
    """Sign an override as the second clinician."""
    demand_patient(scope, patient)
    form = KeyedForm(request.POST)
    if not form.is_valid():
        raise Http404("No such form")
    key = form.cleaned_data["key"]
    with once(scope, "second signature", key=key, at=now()) as at:
        second_decision(scope, key=key, patient=patient, decision=entry, at=at)
    messages.success(request, _("You have signed beside the decision."))
    return redirect("screen:patient", site=scope.site, patient=patient)


def _protocol(scope: Scope, patient: UUID) -> Protocol:
    name = referred_to(scope, patient=patient)
    if name is None:
        raise Http404("The patient is not referred")
    return library().protocol(name)


def _asked(protocol: Protocol, question: str) -> FactDefinition:
    found = next((d for d in protocol.facts_of("screening") if d.id == question and is_asked(d)), None)
    if found is None:
        raise Http404("No such question")
    return found


def _told(form: KeyedForm, what: str, scope: Scope, store: Callable[[datetime], object]) -> bool:
    """Store what the form says, once; put a named no on top of the form."""
    with once(scope, what, key=form.cleaned_data["key"], at=now()) as at:
        try:
            store(at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return False
    return True


def _initial(request: HttpRequest) -> dict[str, str]:
    return {"back": request.GET.get("back", "")}


def _back(request: HttpRequest, scope: Scope, form: KeyedForm, patient: UUID) -> str:
    page = reverse("screen:patient", kwargs={"site": scope.site, "patient": patient})
    return way_back(request, form.cleaned_data.get("back") or "", otherwise=page)


def _page(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    return render(request, template, context, status=NOT_SAVED if request.method == "POST" else 200)
