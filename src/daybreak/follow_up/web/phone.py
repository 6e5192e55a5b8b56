"""The page behind a link: one patient answers one questionnaire, and sees nothing else. No account is needed.

Opening it changes nothing, so a message preview cannot use it up. Whoever guesses sees the same page for
every wrong link.
"""

from datetime import datetime

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from daybreak.follow_up.actions import IncompleteAnswers, NotTaken, answer
from daybreak.follow_up.queries.invitations import Asked, all_asked, asked, opened_by
from daybreak.follow_up.rules.invitations import State
from daybreak.follow_up.web.forms import Sent, read_answers
from daybreak.follow_up.web.presenters import lines, text_in
from daybreak.follow_up.web.presenters import questions as screens_of
from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now
from daybreak.kernel.scope import Scope, scoped
from daybreak.measure.public import library
from daybreak.people.public import Site, open_to, site_named
from daybreak.rulebook.public import ImpossibleAnswer, Instrument

WRONG_LINKS, WITHIN_SECONDS = 30, 60
UNPROCESSABLE, TOO_MANY = 422, 429


# Without the check against forged requests on purpose: the secret in the address is the whole authority and
# nothing is read from a cookie, so there is nothing to forge; and a phone that refuses cookies loses no
# answer.
@open_to("whoever holds the secret link of one invitation: one patient answers, and nothing is shown back")
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest, site: str, token: str) -> HttpResponse:
    """Show the questions of a link, or take their answers."""
    at = now()
    place = site_named(site)
    visit = opened_by(site=site, token=token) if place else None
    if place is None or visit is None:
        return _nothing_here(request, place, is_guess=True)
    request.site_scope = visit.scope
    with scoped(visit.scope) as scope:
        found = asked(scope, visit.invitation)
        if found is None:
            return _nothing_here(request, place)
        if request.method == "POST":
            return _take(request, scope, place, found, at)
        return _show(request, place, found, at)


def _show(request: HttpRequest, place: Site, found: Asked, at: datetime) -> HttpResponse:
    state = found.state(at)
    if state in (State.OPEN, State.LATE):
        return _page(request, place, _instrument(found), key=str(new_key(at=at)))
    if state is State.ANSWERED:
        return _render(request, "thanks", place, is_new=False, is_called=False, next_at=None)
    if state is State.NOT_YET:
        return _render(request, "not_yet", place, opens_at=found.invitation.opens_at)
    return _nothing_here(request, place)


def _take(request: HttpRequest, scope: Scope, place: Site, found: Asked, at: datetime) -> HttpResponse:
    instrument = _instrument(found)
    sent = read_answers(request.POST, instrument)
    try:
        receipt = answer(scope, key=sent.key, invitation=found.invitation.key, answers=sent.answers, at=at)
    except NotTaken:
        return _nothing_here(request, place)
    except IncompleteAnswers as refusal:
        return _page(request, place, instrument, sent=sent, missing=refusal.missing)
    except ImpossibleAnswer as refusal:
        return _page(request, place, instrument, sent=sent, missing=tuple(refusal.problems))
    return _render(
        request,
        "thanks",
        place,
        is_new=True,
        is_called=receipt.calls_for_someone,
        next_at=_next(scope, found, at),
    )


def _page(
    request: HttpRequest,
    place: Site,
    instrument: Instrument,
    *,
    key: str = "",
    sent: Sent | None = None,
    missing: tuple[str, ...] = (),
) -> HttpResponse:
    return _render(
        request,
        "questions",
        place,
        status=UNPROCESSABLE if missing else 200,
        key=str(sent.key) if sent else key,
        instruction=text_in(instrument.instruction),
        questions=screens_of(instrument, kept=sent.kept if sent else {}, missing=missing),
    )


def _next(scope: Scope, found: Asked, at: datetime) -> datetime | None:
    """Return when this patient's next questions open, if any are planned."""
    opens = [
        each.invitation.opens_at
        for each in all_asked(scope, patient=found.invitation.patient_key)
        if each.state(at) is State.NOT_YET
    ]
    return min(opens, default=None)


def _instrument(found: Asked) -> Instrument:
    return library().instrument(found.invitation.instrument, found.invitation.version)


def _nothing_here(request: HttpRequest, place: Site | None, *, is_guess: bool = False) -> HttpResponse:
    """The same page for a link that never was, has ended or was called off.

    A right link is never refused for wrong ones beside it.
    """
    request.site_scope = Scope(site=place.code if place else "", actor=None, purpose="a link is opened")
    many = is_guess and _guesses(request) > WRONG_LINKS
    return _render(request, "nothing_here", place, status=TOO_MANY if many else 404)


def _guesses(request: HttpRequest) -> int:
    """Count the wrong links from this address in the last minute, in this process: enough to make guessing
    visible and slow.
    """
    name = f"follow_up/wrong-links/{request.META.get('REMOTE_ADDR', '')}"
    cache.add(name, 0, timeout=WITHIN_SECONDS)
    try:
        return cache.incr(name)
    except ValueError:  # the minute ended between the two lines
        return 1


def _render(
    request: HttpRequest, name: str, place: Site | None, *, status: int = 200, **context: object
) -> HttpResponse:
    zone = place.time_zone if place else "UTC"
    shown = {**context, "lines": lines(place), "place": place, "zone": zone}
    response = render(request, f"follow_up/phone/{name}.html", shown, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response._has_been_logged = True  # Django would write the address, and with it the secret, into the log
    return response
