"""Pages for the patient's hands, on a device that staff handed over. They open in no other way."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daybreak.consent.actions import AlreadyAnswered, NoName, NotOwnName, decline, record_try, sign
from daybreak.consent.queries import answering, consents_of, measured_before
from daybreak.consent.rules import SIGNABLE_BESIDE, seen_seconds
from daybreak.consent.texts import NoSuchConsent, kinds, text_of
from daybreak.consent.web.device import (
    answered,
    first_shown,
    held_by,
    in_hands,
    note_answer,
    on_device,
    takes_back,
    tries_left,
)
from daybreak.consent.web.forms import Pin, Signing
from daybreak.consent.web.own_withdrawal import withdrawable
from daybreak.design.public import way_back
from daybreak.identity.public import person
from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.people.public import HANDED_OVER, lines_of, requires, site_named
from daybreak.rulebook.public import Consent, understanding

NOT_SAVED = 422
GONE = 410
CHANGED = gettext_noop(
    "The text has changed since this page was opened. Please read the new one. Your answers are kept below."
)


@requires(Permission.OBTAIN_CONSENT, purpose="the patient reads and signs", on_handed_over=True)
@require_GET
def begin(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Go to the first text that has no answer yet, or to the end."""
    with in_hands(request, scope, patient) as narrow:
        return redirect(_next(request, narrow, patient))


@requires(Permission.OBTAIN_CONSENT, purpose="the patient reads and signs", on_handed_over=True)
@require_http_methods(["GET", "POST"])
def sign_page(request: HttpRequest, scope: Scope, patient: UUID, kind: str) -> HttpResponse:
    """One text in plain words, the questions about it, and two answers of equal weight."""
    with in_hands(request, scope, patient) as narrow:
        at = now()
        try:
            text = _text(kind, request.GET.get("language") or get_language())
        except NoSuchConsent:
            context = {"site": scope.site, "patient": patient}
            return on_device(request, "consent/no_text.html", context, status=GONE)
        if request.method == "GET" and kind in answered(request.session):
            return redirect(_next(request, narrow, patient))
        opened_at = first_shown(request.session, f"{kind} {text.fingerprint}", at)
        name = person(narrow, patient, at=at).full_name
        form = Signing(text, request.POST or None)
        if request.method == "POST":
            form = _answered_form(request, text)
            if _is_taken(form, narrow, patient, name, opened_at=opened_at, at=at):
                note_answer(request.session, kind)
                return redirect(_next(request, narrow, patient))
        return _sign_page(request, scope, patient, form, name)


def _text(kind: str, language: str) -> Consent:
    text = text_of(kind)
    return text.in_language(language) if language in text.languages else text


def _answered_form(request: HttpRequest, text: Consent) -> Signing:
    """Return what was sent; where it answers another text than the one in force, the answers stand below the new one,
    and nothing is signed.
    """
    form = Signing(text, request.POST)
    if request.POST.get("shown") != text.fingerprint:
        sent = request.POST.copy()
        sent["shown"], sent["seen"] = text.fingerprint, ""
        form = Signing(text, sent)
        form.add_error(None, _(CHANGED))
    return form


def _is_taken(form: Signing, scope: Scope, patient: UUID, name: str, *, opened_at: datetime, at: datetime) -> bool:
    agrees = form.data.get("answer") == "agree"
    if agrees and not form.non_field_errors():
        _check(form, scope, patient, at)
    return form.is_valid() and _store(form, scope, patient, name, opened_at=opened_at, agrees=agrees)


def _check(form: Signing, scope: Scope, patient: UUID, at: datetime) -> None:
    """Explain every wrong answer beside its question, before anything is signed, and keep the try."""
    form.full_clean()
    answers = form.understood()
    if "key" in form.cleaned_data:
        record_try(scope, patient=patient, text=form.text, answers=answers, key=form.cleaned_data["key"], at=at)
    for check in understanding(form.text, answers).wrong:
        form.add_error(check.id, _("Please look again. %(because)s") % {"because": check.because})


def _store(form: Signing, scope: Scope, patient: UUID, name: str, *, opened_at: datetime, agrees: bool) -> bool:
    said, text = form.cleaned_data, form.text
    fact = {"key": said["key"], "patient": patient, "consent": text.kind, "language": text.language}
    try:
        with answering(scope, patient, text.kind, key=said["key"], at=now()) as at:
            shown = max(0, int((at - opened_at).total_seconds()))
            headings = [section.heading for section in text.sections]
            seen = seen_seconds(form.measured(), sections=headings, at_most=shown)
            shown, seen = measured_before(scope, said["key"], shown=shown, seen=seen)
            fact |= {"shown": said["shown"], "shown_seconds": shown, "seen": seen, "at": at}
            if agrees:
                _sign(scope, form, name, fact)
            else:
                decline(scope, **fact, name=said["name"])
    except AlreadyAnswered:
        return True
    except (NoName, NotOwnName) as refusal:
        form.add_error("name", str(refusal))
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    return form.is_valid()


def _sign(scope: Scope, form: Signing, name: str, fact: dict[str, object]) -> None:
    """Sign with the typed name, or with the drawing and the name that the clinic has."""
    said = form.cleaned_data
    own = name if said["drawing"] else said["name"]
    sign(scope, **fact, signer="patient", name=own, drawing=said["drawing"], understood=form.understood())


def _sign_page(request: HttpRequest, scope: Scope, patient: UUID, form: Signing, name: str) -> HttpResponse:
    asked = _asked(request)
    kind = form.text.kind
    context = {
        "site": scope.site,
        "patient": patient,
        "text": form.text,
        "languages": text_of(kind).languages,
        "form": form,
        "name": name,
        "step": asked.index(kind) + 1 if kind in asked else 1,
        "steps": len(asked) if kind in asked else 1,
        "crisis_line": lines_of(site_named(scope.site)).crisis_line,
    }
    return on_device(request, "consent/sign.html", context, status=NOT_SAVED if request.method == "POST" else 200)


@requires(Permission.OBTAIN_CONSENT, purpose="giving the device back", on_handed_over=True)
@require_GET
def give_back(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Ask for the device; only staff get further."""
    with in_hands(request, scope, patient) as narrow:
        return _give_back_page(request, narrow, patient, Pin())


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
        if tries_left(request.session) == 0:
            return redirect("account_login")
    with in_hands(request, scope, patient) as narrow:
        if form.is_valid():
            form.add_error("pin", _("That is not the PIN. Tries left: %(n)s.") % {"n": tries_left(request.session)})
        return _give_back_page(request, narrow, patient, form, status=NOT_SAVED)


def _give_back_page(request: HttpRequest, scope: Scope, patient: UUID, form: Pin, *, status: int = 200) -> HttpResponse:
    given = answered(request.session)
    context = {
        "site": scope.site,
        "patient": patient,
        "form": form,
        "done": all(kind in given for kind in _asked(request)),
        "agreed": withdrawable(scope, patient),
    }
    return on_device(request, "consent/give_back.html", context, status=status)


def _asked(request: HttpRequest) -> list[str]:
    """The texts that staff chose when they handed the device over, as far as they are still in force."""
    chosen = request.session[HANDED_OVER].get("texts", [])
    return [kind for kind in kinds() if kind in chosen]


def _next(request: HttpRequest, scope: Scope, patient: UUID) -> str:
    """The first text without an answer that still counts, in this hand-over or before; else the end."""
    states = consents_of(scope, patient, at=now())
    for kind in _asked(request):
        known = states.get(kind)
        counts = known is not None and known.state in SIGNABLE_BESIDE
        if kind not in answered(request.session) and not counts:
            return reverse("consent:sign", kwargs={"site": scope.site, "patient": patient, "kind": kind})
        note_answer(request.session, kind)
    return reverse("consent:give_back", kwargs={"site": scope.site, "patient": patient})
