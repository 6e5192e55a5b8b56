"""Pages of consent for staff: where it stands, handing the device over, signing beside the patient,
withdrawal.
"""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from daybreak.consent.actions import sign, withdraw
from daybreak.consent.queries import (
    KINDS,
    consents_of,
    once,
    shown_before,
    shown_text,
    signatures_of,
    text_of,
)
from daybreak.consent.rules import ConsentState, State
from daybreak.consent.web.device import hand_over_to
from daybreak.consent.web.forms import Countersigning, HandOver, Withdrawing
from daybreak.consent.web.presenters import entry_of
from daybreak.design.public import way_back
from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.people.public import names_of_staff, requires, site_named
from daybreak.people.public import patient as patient_of

NOT_SAVED = 422


@requires(Permission.READ_PATIENT, purpose="consents of a patient")
def status(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Where each consent stands, who signed what and when, and the one next thing to do."""
    _demand_patient(scope, patient)
    states = consents_of(scope, patient, at=now())
    signatures = signatures_of(scope, patient)
    entries = [entry_of(text_of(kind), states[kind], [s for s in signatures if s.consent == kind]) for kind in KINDS]
    asks = [e for e in entries if e.asks_patient]
    context = {**_frame(request, scope, patient), "entries": entries, "asks": asks}
    return render(request, "consent/status.html", context)


@requires(Permission.OBTAIN_CONSENT, purpose="handing the device to a patient")
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Hand this device to the patient, locked until the PIN takes it back."""
    _demand_patient(scope, patient)
    form = HandOver(request.POST or None)
    if request.method == "POST" and form.is_valid():
        home = reverse("consent:patient", kwargs={"site": scope.site, "patient": patient})
        back = way_back(request, request.GET.get("back", ""), otherwise=home)
        hand_over_to(request.session, site=scope.site, patient=patient, pin=form.cleaned_data["pin"], back=back)
        return redirect("consent:begin", site=scope.site, patient=patient)
    return _page(request, "consent/hand_over.html", {**_frame(request, scope, patient), "form": form})


@requires(Permission.DECIDE, purpose="signing beside the patient")
@require_http_methods(["GET", "POST"])
def countersign(request: HttpRequest, scope: Scope, patient: UUID, kind: str) -> HttpResponse:
    """Read what the patient signed, and sign beside it with one's own name."""
    _demand_patient(scope, patient)
    state = _state(scope, patient, kind)
    if state.state not in (State.WAITS, State.CURRENT):
        raise Http404("Nothing to sign")
    at = now()
    form = Countersigning(request.POST or None, initial={"shown": state.fingerprint, "since": at.isoformat()})
    if request.method == "POST" and form.is_valid() and _store_beside(form, scope, patient, kind):
        messages.success(request, _("You have signed beside the patient."))
        return redirect("consent:patient", site=scope.site, patient=patient)
    context = {
        "form": form,
        "text": shown_text(state.definition, state.version),
        "signatures": [
            s for s in signatures_of(scope, patient) if s.consent == kind and s.fingerprint == state.fingerprint
        ],
        "own_name": names_of_staff([scope.actor])[scope.actor],
    }
    return _page(request, "consent/countersign.html", {**_frame(request, scope, patient), **context})


def _store_beside(form: Countersigning, scope: Scope, patient: UUID, kind: str) -> bool:
    said = form.cleaned_data
    with once(scope, "signature", key=said["key"], at=now()) as at:
        try:
            sign(
                scope,
                key=said["key"],
                patient=patient,
                consent=kind,
                name=names_of_staff([scope.actor])[scope.actor],
                signer="clinician",
                shown_seconds=shown_before(scope, said["key"], otherwise=_seconds(said["since"], at)),
                understood={},
                at=at,
                shown=said["shown"],
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return form.is_valid()


def _seconds(since: str, at: datetime) -> int:
    try:
        return max(0, int((at - datetime.fromisoformat(since)).total_seconds()))
    except (ValueError, TypeError):
        return 0


@requires(Permission.OBTAIN_CONSENT, purpose="withdrawing a consent")
@require_http_methods(["GET", "POST"])
def withdraw_consent(request: HttpRequest, scope: Scope, patient: UUID, kind: str) -> HttpResponse:
    """Say what follows, then take the consent back."""
    _demand_patient(scope, patient)
    state = _state(scope, patient, kind)
    if state.state not in (State.CURRENT, State.WAITS, State.OUTDATED) and request.method == "GET":
        raise Http404("Nothing to withdraw")
    form = Withdrawing(request.POST or None)
    if request.method == "POST" and form.is_valid() and _store_withdrawal(form, scope, patient, kind):
        messages.success(request, _("The consent is withdrawn."))
        return redirect("consent:patient", site=scope.site, patient=patient)
    context = {**_frame(request, scope, patient), "form": form, "text": text_of(kind)}
    return _page(request, "consent/withdraw.html", context)


def _store_withdrawal(form: Withdrawing, scope: Scope, patient: UUID, kind: str) -> bool:
    said = form.cleaned_data
    with once(scope, "withdrawal", key=said["key"], at=now()) as at:
        try:
            withdraw(
                scope,
                key=said["key"],
                patient=patient,
                consent=kind,
                reason=said["reason"],
                at=at,
                said_by=said["said_by"],
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return form.is_valid()


def _state(scope: Scope, patient: UUID, kind: str) -> ConsentState:
    if kind not in KINDS:
        raise Http404("No such consent")
    return consents_of(scope, patient, at=now())[kind]


def _demand_patient(scope: Scope, patient: UUID) -> None:
    if patient_of(scope, patient) is None:
        raise Http404("No such patient")


def _frame(request: HttpRequest, scope: Scope, patient: UUID) -> dict[str, object]:
    return {
        "site": scope.site,
        "zone": site_named(scope.site).time_zone,
        "patient": patient,
        "may_obtain": Permission.OBTAIN_CONSENT in request.may,
        "may_sign": Permission.DECIDE in request.may,
    }


def _page(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    return render(request, template, context, status=NOT_SAVED if request.method == "POST" else 200)
