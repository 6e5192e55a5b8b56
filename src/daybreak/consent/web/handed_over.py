"""Pages for the patient's hands, on a device that staff handed over. They open in no other way."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daybreak.consent.actions import decline, sign
from daybreak.consent.queries import KINDS, consents_of, once, shown_before, text_of
from daybreak.consent.rules import State
from daybreak.consent.web.device import answered, first_shown, held_by, note_answer, takes_back, tries_left
from daybreak.consent.web.forms import Pin, Signing
from daybreak.design.public import way_back
from daybreak.identity.public import person
from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope, scoped
from daybreak.people.public import HANDED_OVER, requires, site_named
from daybreak.rulebook.public import understanding

NOT_SAVED = 422


@requires(Permission.OBTAIN_CONSENT, purpose="the patient reads and signs", on_handed_over=True)
@require_GET
def begin(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Go to the first text that has no answer yet, or to the end."""
    with scoped(held_by(request, scope, patient)) as narrow:
        return redirect(_next(request, narrow, patient))


@requires(Permission.OBTAIN_CONSENT, purpose="the patient reads and signs", on_handed_over=True)
@require_http_methods(["GET", "POST"])
def sign_page(request: HttpRequest, scope: Scope, patient: UUID, kind: str) -> HttpResponse:
    """One text in plain words, the questions about it, and two answers of equal weight."""
    if kind not in KINDS:
        raise Http404("No such text")
    with scoped(held_by(request, scope, patient)) as narrow:
        at = now()
        text = text_of(kind)
        shown_at = first_shown(request.session, kind, at)
        form = Signing(text, request.POST or None)
        agrees = request.POST.get("answer") == "agree"
        if request.method == "POST":
            form.full_clean()
            if agrees:
                _check(form)
            seconds = int((at - shown_at).total_seconds())
            if form.is_valid() and _store(form, narrow, patient, kind, seconds, agrees=agrees):
                note_answer(request.session, kind)
                return redirect(_next(request, narrow, patient))
        context = {
            "site": scope.site,
            "patient": patient,
            "text": text,
            "form": form,
            "name": person(narrow, patient, at=at).full_name,
            "step": KINDS.index(kind) + 1,
            "steps": len(KINDS),
            "crisis_line": site_named(scope.site).crisis_line,
        }
        status = NOT_SAVED if request.method == "POST" else 200
        return render(request, "consent/sign.html", context, status=status)


def _store(form: Signing, scope: Scope, patient: UUID, kind: str, seconds: int, *, agrees: bool) -> bool:
    said = form.cleaned_data
    fact = {
        "key": said["key"],
        "patient": patient,
        "consent": kind,
        "shown": said["shown"],
        "name": said["name"],
    }
    with once(scope, "signature", key=said["key"], at=now()) as at:
        seconds = shown_before(scope, said["key"], otherwise=seconds)
        try:
            if agrees:
                sign(
                    scope,
                    **fact,
                    signer="patient",
                    shown_seconds=seconds,
                    understood=form.understood(),
                    at=at,
                )
            else:
                decline(scope, **fact, shown_seconds=seconds, at=at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return form.is_valid()


def _check(form: Signing) -> None:
    """Explain every wrong answer beside its question, before anything is stored."""
    for check in understanding(form.text, form.understood()).wrong:
        form.add_error(check.id, _("Please look again. %(because)s") % {"because": check.because})


@requires(Permission.OBTAIN_CONSENT, purpose="giving the device back", on_handed_over=True)
@require_GET
def give_back(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Ask for the device; only staff get further."""
    held_by(request, scope, patient)
    return _give_back_page(request, scope, patient, Pin())


@requires(Permission.OBTAIN_CONSENT, purpose="taking the device back", on_handed_over=True)
@require_POST
def take_back(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Take the device back with the PIN. After five wrong ones somebody must sign in again."""
    held_by(request, scope, patient)
    form = Pin(request.POST)
    home = reverse("consent:patient", kwargs={"site": scope.site, "patient": patient})
    back = way_back(request, request.session[HANDED_OVER]["back"], otherwise=home)
    if form.is_valid():
        if takes_back(request.session, form.cleaned_data["pin"]):
            messages.success(request, _("You have the device again."))
            return redirect(back)
        left = tries_left(request.session)
        if left == 0:
            return redirect("account_login")
        form.add_error("pin", _("That is not the PIN. Tries left: %(n)s.") % {"n": left})
    return _give_back_page(request, scope, patient, form, status=NOT_SAVED)


def _give_back_page(request: HttpRequest, scope: Scope, patient: UUID, form: Pin, *, status: int = 200) -> HttpResponse:
    given = answered(request.session)
    context = {
        "site": scope.site,
        "patient": patient,
        "form": form,
        "done": all(kind in given for kind in KINDS),
    }
    return render(request, "consent/give_back.html", context, status=status)


def _next(request: HttpRequest, scope: Scope, patient: UUID) -> str:
    """The first text without an answer that still counts, in this hand-over or before; else the end."""
    states = consents_of(scope, patient, at=now())
    for kind in KINDS:
        if kind not in answered(request.session) and states[kind].state not in (State.CURRENT, State.WAITS):
            return reverse("consent:sign", kwargs={"site": scope.site, "patient": patient, "kind": kind})
        note_answer(request.session, kind)
    return reverse("consent:give_back", kwargs={"site": scope.site, "patient": patient})
