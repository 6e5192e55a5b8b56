"""The patient's own page: behind an address that was given in the clinic and a PIN or passkey that was chosen there."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from uuid import UUID

from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from daybreak.follow_up.actions import NothingToAnswer, ask_for_help, hand_over_link
from daybreak.follow_up.actions.own_page import (
    NotAPin,
    choose_passkey,
    choose_pin,
    close_own_page,
    try_passkey,
    try_pin,
)
from daybreak.follow_up.actions.own_words import NotTakenBack, change_contact, take_back
from daybreak.follow_up.passkeys import read
from daybreak.follow_up.queries.invitations import asked as asked_now
from daybreak.follow_up.queries.own_page import OwnPageNow, own_page, own_page_at
from daybreak.follow_up.rules.own_page import SIGNED_IN_FOR
from daybreak.follow_up.web.calendar_file import calendar_file
from daybreak.follow_up.web.forms import ContactForm, is_mistaken, key_in, minutes_in
from daybreak.follow_up.web.own_challenge import ask_passkey, keep_challenge, kept_challenge
from daybreak.follow_up.web.own_presenters import own_view
from daybreak.follow_up.web.phone import LOOKS, nothing_here, wrong_link
from daybreak.follow_up.web.phone_frame import on_phone, spoken_to
from daybreak.kernel.moments import now
from daybreak.kernel.scope import Scope, scoped
from daybreak.people.public import PatientDied, Site, open_to, site_named

COOKIE = "daybreak_own"
SIGNER = TimestampSigner(salt="daybreak.follow_up.own")
WHOM = "whoever holds the address of one patient's own page; it shows nothing before the PIN or passkey"
UNPROCESSABLE = 422

OwnView = Callable[..., HttpResponse]


def own(*methods: str, needs_pin: bool = True) -> Callable[[OwnView], OwnView]:
    """Declare a view of a patient's own page, called in a scope of the one patient and in the patient's language."""

    def declare(view: OwnView) -> OwnView:
        @wraps(view)
        def opened(request: HttpRequest, site: str, token: str, **more: object) -> HttpResponse:
            place = site_named(site)
            visit = own_page_at(site=site, token=token) if place else None
            if place is None or visit is None:
                return wrong_link(request, place)
            request.site_scope = visit.scope
            if request.method not in methods:
                return redirect("own:page", site=site, token=token)
            with scoped(visit.scope) as scope, spoken_to(scope, request):
                page = own_page(scope, visit.page, at=now())
                if page is None:
                    return nothing_here(request, place)
                if needs_pin and not _is_in(request, page):
                    return redirect("own:page", site=site, token=token)
                return view(request, scope, place, page, **more)

        return open_to(WHOM)(require_http_methods([*methods, *LOOKS])(opened))

    return declare


def _is_in(request: HttpRequest, page: OwnPageNow) -> bool:
    try:
        return SIGNER.unsign(request.COOKIES.get(COOKIE, ""), max_age=SIGNED_IN_FOR) == str(page.page.key)
    except BadSignature:
        return False


def _let_in(request: HttpRequest, response: HttpResponse, page: OwnPageNow) -> HttpResponse:
    """Keep the page open for some minutes on this phone, at this address only."""
    response.set_cookie(
        COOKIE,
        SIGNER.sign(str(page.page.key)),
        max_age=SIGNED_IN_FOR,
        path=_home(request),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def _home(request: HttpRequest) -> str:
    _, mine, site, token, *_ = request.path.split("/")
    return f"/{mine}/{site}/{token}/"


@own("GET", "HEAD", "POST", needs_pin=False)
def page(request: HttpRequest, scope: Scope, place: Site, page: OwnPageNow) -> HttpResponse:
    """Show the patient's own page, or ask for the PIN or passkey, or let one be chosen."""
    if request.method == "POST":
        return (_passkey if "passkey" in request.POST else _pin)(request, scope, place, page)
    if _is_in(request, page):
        return _let_in(request, _own_page(request, scope, place), page)
    return _door(request, place, page)


def _door(request: HttpRequest, place: Site, page: OwnPageNow, *, refusal: str = "", status: int = 200) -> HttpResponse:
    shown = {
        "refusal": refusal,
        "tries": page.tries,
        "choosing": page.may_choose(now()),
        "has_pin": bool(page.pin_hash),
        "has_passkey": bool(page.passkey),
    }
    asked, challenge = ask_passkey(request, page, choosing=shown["choosing"])
    response = on_phone(request, "own_door", place, status=status, asked=asked, **shown)
    return keep_challenge(response, challenge, path=_home(request), secure=request.is_secure())


def _passkey(request: HttpRequest, scope: Scope, place: Site, page: OwnPageNow) -> HttpResponse:
    """Take a passkey that the phone made, or one that it shows."""
    answered, asked, at = read(request.POST["passkey"]), kept_challenge(request), now()
    if page.is_set_up:
        is_right, tries = try_passkey(scope, page=page.page.key, asked=asked, answered=answered, at=at)
        if not is_right:
            return _door(request, place, replace(page, tries=tries), refusal="not shown", status=UNPROCESSABLE)
    else:
        try:
            if asked is None:
                raise NotAPin(_("That took too long. Please try again."))
            choose_passkey(scope, page=page.page.key, asked=asked, answered=answered, at=at)
        except NotAPin as refusal:
            return _door(request, place, page, refusal=str(refusal), status=UNPROCESSABLE)
    return _let_in(request, redirect(_home(request)), page)


def _pin(request: HttpRequest, scope: Scope, place: Site, page: OwnPageNow) -> HttpResponse:
    pin, again, at = request.POST.get("pin", ""), request.POST.get("again"), now()
    if page.pin_hash:
        is_right, tries = try_pin(scope, page=page.page.key, pin=pin, at=at)
        if not is_right:
            return _door(request, place, replace(page, tries=tries), refusal="wrong", status=UNPROCESSABLE)
    elif pin != again:
        return _door(request, place, page, refusal="differ", status=UNPROCESSABLE)
    else:
        try:
            choose_pin(scope, page=page.page.key, pin=pin, at=at)
        except NotAPin as refusal:
            return _door(request, place, page, refusal=str(refusal), status=UNPROCESSABLE)
    return _let_in(request, redirect(_home(request)), page)


def _own_page(request: HttpRequest, scope: Scope, place: Site, *, status: int = 200, **more: object) -> HttpResponse:
    shown = own_view(scope, at=now())
    done = request.GET.get("done", "") if request.method == "GET" else ""
    shared = {"own": shown, "done": done, "form": ContactForm(initial=shown.contact)}
    return on_phone(request, "own", place, status=status, **{**shared, **more})


@own("POST")
def answer_now(request: HttpRequest, scope: Scope, place: Site, page: OwnPageNow, invitation: UUID) -> HttpResponse:
    """Go to questions that are due."""
    found = asked_now(scope, invitation)
    try:
        if found is None:
            raise NothingToAnswer("There is nothing to answer.")
        token = hand_over_link(scope, invitation=invitation, at=now())
    except (NothingToAnswer, PatientDied):
        return redirect(_home(request))
    return redirect("answer:questions", site=scope.site, token=token)


@own("POST")
def contact(request: HttpRequest, scope: Scope, place: Site, page: OwnPageNow) -> HttpResponse:
    """Change how the patient is reached."""
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _own_page(request, scope, place, status=UNPROCESSABLE, form=form)
    said = form.cleaned_data
    change_contact(scope, key=said["key"], telephone=said["telephone"], email=said["email"], at=now())
    return redirect(_home(request) + "?done=contact#contact")


@own("POST")
def withdraw(request: HttpRequest, scope: Scope, place: Site, page: OwnPageNow, kind: str) -> HttpResponse:
    """Take a consent back."""
    try:
        take_back(scope, key=key_in(request.POST), consent=kind, at=now())
    except NotTakenBack as refusal:
        return _own_page(request, scope, place, status=UNPROCESSABLE, refusal=str(refusal))
    return redirect(_home(request) + "?done=agreed#agreed")


@own("GET")
def appointment(request: HttpRequest, scope: Scope, place: Site, page: OwnPageNow) -> HttpResponse:
    """Return the next appointment for a calendar; its title says nothing of the treatment."""
    following = own_view(scope, at=now()).next_session
    if following is None:
        return redirect(_home(request))
    answer = HttpResponse(calendar_file(scope.site, following, at=now()), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return answer


@csrf_exempt  # before the PIN nothing is read from a cookie, and a phone that refuses them loses no call
@own("POST", needs_pin=False)
def help_now(request: HttpRequest, scope: Scope, place: Site, page: OwnPageNow) -> HttpResponse:
    """Take a call for help, before the PIN too."""
    patient, waited = page.page.patient_key, minutes_in(request.POST)
    key, mistaken = key_in(request.POST), is_mistaken(request.POST)
    ask_for_help(scope, key=key, patient=patient, at=now(), waited_minutes=waited, mistaken=mistaken)
    return on_phone(request, "help_sent", place, call=key, mistaken=mistaken)


@own("POST")
def leave(request: HttpRequest, scope: Scope, place: Site, page: OwnPageNow) -> HttpResponse:
    """Close the page on this phone, or for good."""
    if request.POST.get("for_good"):
        close_own_page(scope, page=page.page, at=now())
    response = redirect(_home(request))
    response.delete_cookie(COOKIE, path=_home(request))
    return response
