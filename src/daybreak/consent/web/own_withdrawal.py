"""The patient takes a consent back alone, on the device that was handed over: what follows is said first."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from daybreak.consent.actions import withdraw
from daybreak.consent.queries import consents_of, once
from daybreak.consent.rules import WITHDRAWABLE, ConsentState, State
from daybreak.consent.texts import every_text, shown_text, title_of
from daybreak.consent.web.device import in_hands, on_device
from daybreak.consent.web.forms import WithdrawingAlone
from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.people.public import lines_of, requires, site_named
from daybreak.rulebook.public import Consent

NOT_SAVED = 422


def withdrawable(scope: Scope, patient: UUID) -> list[tuple[str, str]]:
    """Return the consents that the patient can take back, each by its kind and title."""
    states = consents_of(scope, patient, at=now())
    return [(kind, title_of(kind)) for kind, found in states.items() if found.state in WITHDRAWABLE]


@requires(Permission.OBTAIN_CONSENT, purpose="the patient withdraws a consent", on_handed_over=True)
@require_http_methods(["GET", "POST"])
def withdraw_own(request: HttpRequest, scope: Scope, patient: UUID, kind: str) -> HttpResponse:
    """Say what follows, then take the consent back in the patient's name; a second sending finds nothing to do."""
    with in_hands(request, scope, patient) as narrow:
        end = reverse("consent:give_back", kwargs={"site": scope.site, "patient": patient})
        state = consents_of(narrow, patient, at=now()).get(kind)
        if state is None or state.state not in WITHDRAWABLE:
            return redirect(end)
        form = WithdrawingAlone(request.POST or None)
        if request.method == "POST" and form.is_valid() and _stored(form, narrow, patient, kind):
            return redirect(end)
        signed = _as_signed(state)
        context = {
            "site": scope.site,
            "patient": patient,
            "form": form,
            "text": signed,
            "follows": _what_follows(state, signed),
            "crisis_line": lines_of(site_named(scope.site)).crisis_line,
        }
        return on_device(request, "consent/withdraw_own.html", context, status=NOT_SAVED if form.is_bound else 200)


def _what_follows(state: ConsentState, signed: Consent) -> str:
    """Return what withdrawal does, in the words of the newest version that the signature still holds for: an older one
    may speak of the patient instead of to them.
    """
    known = (each for each in every_text() if each.id == signed.id and each.status == "active")
    newest = max(known, key=lambda each: each.version, default=signed)
    if state.state is State.OUTDATED or newest.version < signed.version or signed.language not in newest.languages:
        return signed.withdrawal
    return newest.in_language(signed.language).withdrawal


def _as_signed(state: ConsentState) -> Consent:
    return shown_text(state.definition, state.version or 0, fingerprint=state.fingerprint, language=state.language)


def _stored(form: WithdrawingAlone, scope: Scope, patient: UUID, kind: str) -> bool:
    key, reason = form.cleaned_data["key"], form.cleaned_data["reason"]
    with once(scope, "withdrawal", key=key, at=now()) as at:
        try:
            withdraw(scope, key=key, patient=patient, consent=kind, reason=reason, at=at, said_by="patient")
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return form.is_valid()
