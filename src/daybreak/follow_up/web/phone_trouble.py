"""What a patient's phone shows where a page cannot be given: in the patient's language, with whom to call, and without
a word meant for staff.
"""

from django.core.validators import slug_re
from django.http import HttpRequest, HttpResponse
from django.template.backends.utils import csrf_input
from django.template.loader import render_to_string
from django.urls import is_valid_path
from django.utils import translation

from daybreak.follow_up.queries.own_page import own_page_at
from daybreak.follow_up.web.phone import wrong_link
from daybreak.follow_up.web.phone_frame import on_every_page, on_phone, spoken_to, unseen
from daybreak.kernel.scope import scoped
from daybreak.people.public import site_named

SIDES = ("answer", "mine")
UNREADABLE, TOO_LONG, NOT_NOW, OUR_FAULT = "unreadable", "too long", "not now", "our fault"
STATUS = {UNREADABLE: 400, TOO_LONG: 403, NOT_NOW: 409, OUR_FAULT: 500}


def is_on_phone(request: HttpRequest) -> bool:
    """Return whether an address lies on the patient's side."""
    return _parts(request)[0] in SIDES


def nothing_at(request: HttpRequest) -> HttpResponse:
    """Answer for an address of the patient's side that is none: below a site like a wrong link, with its trace.

    One that lacks only the last slash is led to its page after this, and is no wrong one.
    """
    if is_valid_path(f"{request.path_info}/"):
        return on_phone(request, "nothing_here", None, status=404, help_url="")
    site = _parts(request)[1]
    with translation.override(_language(request, may_ask=True)):
        return wrong_link(request, site_named(site) if site else None, help_url="")


def trouble(request: HttpRequest, what: str) -> HttpResponse:
    """Say that a page of the patient's side cannot be given: UNREADABLE, TOO_LONG, NOT_NOW or OUR_FAULT.

    After a fault of ours nothing is read from the database: it may be what failed.
    """
    with translation.override(_language(request, may_ask=what != OUR_FAULT)):
        site = _parts(request)[1]
        place = site_named(site) if site and what != OUR_FAULT else None
        home = _home(request)
        shown = {
            **on_every_page(place),
            "what": what,
            "home": home,
            "help_url": home and f"{home}help/",
            "csrf_input": csrf_input(request),
        }
        # What surrounds every page reads the site and the person, who are not known after every fault.
        framed = request if what != OUR_FAULT and hasattr(request, "user") else None
        answer = HttpResponse(render_to_string("follow_up/phone/trouble.html", shown, framed), status=STATUS[what])
    return answer if what == OUR_FAULT else unseen(answer)  # a fault of ours is logged, with its trace


def _parts(request: HttpRequest) -> tuple[str, str, str]:
    _, side, site, token, *_ = [*request.path_info.split("/"), "", "", ""]
    return side, site if slug_re.match(site) else "", token


def _home(request: HttpRequest) -> str:
    side, site, token = _parts(request)
    return f"/{side}/{site}/{token}/" if site and token else ""


def _language(request: HttpRequest, *, may_ask: bool) -> str:
    """Return the language that the patient reads, as far as it is known; else what the phone asks for."""
    spoken = getattr(request, "spoken", None)
    side, site, token = _parts(request)
    visit = own_page_at(site=site, token=token) if may_ask and spoken is None and side == "mine" else None
    if visit is not None:
        with scoped(visit.scope) as scope, spoken_to(scope, request):
            spoken = request.spoken
    return spoken or translation.get_language() or "en"
