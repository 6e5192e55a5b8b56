"""Pages of consent for staff: where it stands, handing the device over, signing beside the patient,
withdrawal, the copy on paper.
"""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from daybreak.consent.actions import AlreadyAnswered, sign, withdraw
from daybreak.consent.queries import (
    answering,
    consents_of,
    measured_before,
    once,
    signatures_of,
    tries_of,
    withdrawals_of,
)
from daybreak.consent.rules import ASKABLE, SIGNABLE_BESIDE, WITHDRAWABLE, ConsentState, State
from daybreak.consent.texts import asked_by_each, kinds, kinds_beside, shown_text, text_of, title_of
from daybreak.consent.web.device import hand_over_to
from daybreak.consent.web.forms import Countersigning, HandOver, Withdrawing
from daybreak.consent.web.own_withdrawal import withdrawable
from daybreak.consent.web.paper import copy_of, file_name, printed
from daybreak.consent.web.presenters import entry_of, offered, questions_looked_at_again, signature_lines
from daybreak.design.public import way_back
from daybreak.identity.public import person
from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.people.public import HANDED_OVER, demand_patient, names_of_staff, requires, site_named
from daybreak.rulebook.public import Consent
from daybreak.screen.public import referred_to

NOT_SAVED = 422


@requires(Permission.READ_PATIENT, purpose="consents of a patient")
def status(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Where each consent stands, who signed what and when, and the one next thing to do."""
    demand_patient(scope, patient)
    frame = _frame(request, scope, patient)
    states, offered_here = consents_of(scope, patient, at=now()), kinds_beside(_treatment(scope, patient))
    signatures, tries, gone = signatures_of(scope, patient), tries_of(scope, patient), withdrawals_of(scope, patient)
    entries = [
        entry_of(
            state, signatures=signatures, tries=tries, withdrawals=gone, in_force=kind in kinds(), zone=frame["zone"]
        )
        for kind, state in states.items()
        if kind in offered_here or state.state is not State.NEVER_ASKED
    ]
    context = {
        **frame,
        "entries": entries,
        "asks": any(e.asks_patient for e in entries),
        "agreed": withdrawable(scope, patient),
    }
    return render(request, "consent/status.html", context)


@requires(Permission.OBTAIN_CONSENT, purpose="handing the device to a patient")
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Hand this device to the patient with the chosen texts, locked until the PIN takes it back."""
    demand_patient(scope, patient)
    states = consents_of(scope, patient, at=now())
    treatment = _treatment(scope, patient)
    texts = [(kind, title_of(kind)) for kind in kinds_beside(treatment) if states[kind].state in ASKABLE]
    speaks = person(scope, patient, at=now()).language[:2]
    form = HandOver(texts, offered(states, treatment), request.POST or None, initial={"language": speaks})
    agreed = withdrawable(scope, patient)
    if not texts and not agreed:
        return _page(request, "consent/hand_over.html", {**_frame(request, scope, patient), "form": None})
    if request.method == "POST" and form.is_valid():
        home = reverse("consent:patient", kwargs={"site": scope.site, "patient": patient})
        back = way_back(request, request.GET.get("back", ""), otherwise=home)
        said = form.cleaned_data
        hand_over_to(
            request.session,
            site=scope.site,
            patient=patient,
            pin=said["pin"],
            back=back,
            language=said["language"],
        )
        request.session[HANDED_OVER]["texts"] = form.cleaned_data.get("texts", [])
        return redirect("consent:begin", site=scope.site, patient=patient)
    context = {**_frame(request, scope, patient), "form": form}
    return _page(request, "consent/hand_over.html", context)


@requires(Permission.DECIDE, purpose="signing beside the patient")
@require_http_methods(["GET", "POST"])
def countersign(request: HttpRequest, scope: Scope, patient: UUID, kind: str) -> HttpResponse:
    """Read what the patient signed, and sign beside it with one's own name."""
    demand_patient(scope, patient)
    state = _state(scope, patient, kind)
    if state.state not in SIGNABLE_BESIDE or "clinician" not in _as_signed(state).signed_by:
        raise Http404("Nothing to sign")
    asks_password = request.user.has_usable_password()
    first = {"shown": state.fingerprint, "since": now().isoformat()}
    form = Countersigning(request.POST or None, initial=first, asks_password=asks_password)
    if request.method == "POST" and _is_oneself(request, form) and _store_beside(form, scope, patient, kind):
        messages.success(request, _("You have signed beside the patient."))
        return redirect("consent:patient", site=scope.site, patient=patient)
    signed = [s for s in signatures_of(scope, patient) if s.consent == kind and s.fingerprint == state.fingerprint]
    context = {
        "form": form,
        "text": _as_signed(state),
        "fingerprint": state.fingerprint,
        "signatures": signature_lines(signed, site_named(scope.site).time_zone),
        "tries": questions_looked_at_again([t for t in tries_of(scope, patient) if t.consent == kind]),
        "own_name": names_of_staff([scope.actor])[scope.actor],
        "asks_password": asks_password,
    }
    return _page(request, "consent/countersign.html", {**_frame(request, scope, patient), **context})


def _is_oneself(request: HttpRequest, form: Countersigning) -> bool:
    """Check the password like a sign-in, so that guessing is slowed down and locked out like there."""
    if not form.is_valid() or "password" not in form.fields:
        return form.is_valid()
    email, password = request.user.email, form.cleaned_data["password"]
    try:
        found = authenticate(request, login=email, email=email, password=password)
    except PermissionDenied:
        found = None
    if found != request.user:
        form.add_error("password", _("That is not your password. Nothing is signed yet."))
    return form.is_valid()


def _store_beside(form: Countersigning, scope: Scope, patient: UUID, kind: str) -> bool:
    said = form.cleaned_data
    try:
        with answering(scope, patient, kind, key=said["key"], at=now()) as at:
            shown, _seen = measured_before(scope, said["key"], shown=_seconds(said["since"], at), seen=None)
            sign(
                scope,
                key=said["key"],
                patient=patient,
                consent=kind,
                name=names_of_staff([scope.actor])[scope.actor],
                signer="clinician",
                shown_seconds=shown,
                understood={},
                at=at,
                shown=said["shown"],
                proof="password" if "password" in form.fields else "sign-in",
            )
    except AlreadyAnswered:
        return True
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
    demand_patient(scope, patient)
    state = _state(scope, patient, kind)
    if state.state is State.WITHDRAWN and request.method == "GET":
        messages.info(request, _("This consent is withdrawn already."))
        return redirect("consent:patient", site=scope.site, patient=patient)
    if state.state not in WITHDRAWABLE and request.method == "GET":
        raise Http404("Nothing to withdraw")
    form = Withdrawing(request.POST or None)
    if request.method == "POST" and form.is_valid() and _store_withdrawal(form, scope, patient, kind):
        messages.success(request, _("The consent is withdrawn."))
        return redirect("consent:patient", site=scope.site, patient=patient)
    text = _as_signed(state) if state.definition else text_of(kind)
    context = {**_frame(request, scope, patient), "form": form, "text": text}
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


@requires(Permission.READ_PATIENT, purpose="a copy of a consent on paper")
@require_GET
def paper(request: HttpRequest, scope: Scope, patient: UUID, signature: UUID) -> HttpResponse:
    """The exact text with everybody's signature under it, as a PDF for the patient."""
    demand_patient(scope, patient)
    at = now()
    every = signatures_of(scope, patient)
    own = next((s for s in every if s.key == signature and s.signer == "patient"), None)
    if own is None:
        raise Http404("No such signature")
    with translation.override(own.language if own.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        copy = copy_of(
            own,
            every=every,
            withdrawals=withdrawals_of(scope, patient),
            tries=tries_of(scope, patient),
            patient=person(scope, patient, at=at).full_name,
            site=site_named(scope.site),
            at=at,
        )
        answer = HttpResponse(printed(copy, at=at), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{file_name(own)}"'
    return answer


def _as_signed(state: ConsentState) -> Consent:
    return shown_text(state.definition, state.version or 0, fingerprint=state.fingerprint, language=state.language)


def _state(scope: Scope, patient: UUID, kind: str) -> ConsentState:
    state = consents_of(scope, patient, at=now()).get(kind)
    if state is None:
        raise Http404("No such consent")
    return state


def _treatment(scope: Scope, patient: UUID) -> str:
    """Return the kind of consent that the treatment asks for to which the patient was last referred."""
    protocol = referred_to(scope, patient=patient) or ""
    return asked_by_each([protocol])[protocol]


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
