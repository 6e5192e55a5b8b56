"""The page behind a link: one patient answers one questionnaire, and sees nothing else. No account is needed.

Opening it changes nothing, so a message preview cannot use it up. Whoever guesses sees the same page for
every wrong link.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from uuid import UUID

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from daybreak.follow_up.actions import IncompleteAnswers, NotTaken, answer, ask_for_help
from daybreak.follow_up.actions.traces import not_mine, trace, trace_wrong_link
from daybreak.follow_up.queries.invitations import Asked, Visit, asked, opened_by, still_asked
from daybreak.follow_up.rules.invitations import State
from daybreak.follow_up.web.forms import Sent, is_mistaken, key_in, minutes_in, read_answers
from daybreak.follow_up.web.phone_frame import on_phone, spoken_to
from daybreak.follow_up.web.phone_tasks import take_tasks, tasks_page
from daybreak.follow_up.web.presenters import questions as screens_of
from daybreak.follow_up.web.presenters import text_in
from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now
from daybreak.kernel.scope import Scope, scoped
from daybreak.measure.public import library
from daybreak.people.public import Site, open_to, site_named
from daybreak.rulebook.public import TASK_SET, ImpossibleAnswer, Instrument

WRONG_LINKS, WITHIN_SECONDS = 30, 60
LOOKS = ("GET", "HEAD")  # of a form's own address, by a phone that opens again what it showed last: led to the page
UNPROCESSABLE, TOO_MANY = 422, 429
NOBODY = UUID(int=0)
WHOM = "whoever holds the secret link of one invitation: one patient answers, and nothing is shown back"

ByLink = Callable[[HttpRequest, Scope, Site, Visit, Asked], HttpResponse]


def by_link(*methods: str) -> Callable[[ByLink], Callable[..., HttpResponse]]:
    """Declare a view for whoever holds a link; it is called in a scope of the one patient, in the patient's language.

    Without the check against forged requests on purpose: the secret in the address is the whole authority and nothing
    is read from a cookie, so there is nothing to forge; and a phone that refuses cookies loses no answer.
    """

    def declare(view: ByLink) -> Callable[..., HttpResponse]:
        @wraps(view)
        def opened(request: HttpRequest, site: str, token: str) -> HttpResponse:
            place = site_named(site)
            visit = opened_by(site=site, token=token) if place else None
            if place is None or visit is None:
                return wrong_link(request, place)
            request.site_scope = visit.scope
            if request.method not in methods:
                return redirect("answer:questions", site=site, token=token)
            with scoped(visit.scope) as scope, spoken_to(scope, request):
                found = asked(scope, visit.invitation)
                return nothing_here(request, place) if found is None else view(request, scope, place, visit, found)

        return open_to(WHOM)(csrf_exempt(require_http_methods([*methods, *LOOKS])(opened)))

    return declare


@by_link("GET", "HEAD", "POST")
def questions(request: HttpRequest, scope: Scope, place: Site, visit: Visit, found: Asked) -> HttpResponse:
    """Show the questions of a link, or take their answers."""
    at = now()
    if request.method == "POST":
        return _take(request, scope, place, visit, found, at=at)
    state = found.state(at)
    if closed := _closed(visit, found, state):
        if request.method == "GET":
            trace(scope, row=found.invitation, what=closed, at=at)
        return nothing_here(request, place)
    if state is State.ANSWERED:
        return on_phone(request, "thanks", place, is_new=False, is_called=False, next_at=None)
    if state is State.NOT_YET:
        return on_phone(request, "not_yet", place, opens_at=found.invitation.opens_at)
    if found.invitation.instrument == TASK_SET:
        return tasks_page(request, place)
    return _page(request, place, _instrument(found), key=str(new_key(at=at)))


def _closed(visit: Visit, found: Asked, state: State) -> str:
    """Return why a link shows no questions, in the word of its trace, or nothing."""
    if visit.is_withdrawn:
        return "withdrawn"
    if found.has_died and state is not State.ANSWERED:
        return "died"  # the worker calls the questions off a little later
    return str(state) if state in (State.ENDED, State.CALLED_OFF) else ""


@by_link("POST")
def help_now(request: HttpRequest, scope: Scope, place: Site, visit: Visit, found: Asked) -> HttpResponse:
    """Take a patient's call for help, whatever became of the questions; only a withdrawn link calls nobody."""
    if visit.is_withdrawn:
        return nothing_here(request, place)
    key, mistaken = key_in(request.POST), is_mistaken(request.POST)
    ask_for_help(
        scope,
        key=key,
        patient=visit.patient,
        at=now(),
        waited_minutes=minutes_in(request.POST),
        invitation=visit.invitation,
        mistaken=mistaken,
    )
    return on_phone(request, "help_sent", place, call=key, mistaken=mistaken)


@by_link("POST")
def not_for_me(request: HttpRequest, scope: Scope, place: Site, visit: Visit, found: Asked) -> HttpResponse:
    """Hear that the message reached somebody else."""
    if not visit.is_withdrawn:
        not_mine(scope, key=key_in(request.POST), row=found.invitation, at=now())
    return on_phone(request, "not_mine", place)


def _take(request: HttpRequest, scope: Scope, place: Site, visit: Visit, found: Asked, *, at: datetime) -> HttpResponse:
    if found.invitation.instrument == TASK_SET:
        try:
            return take_tasks(request, scope, place, found, is_withdrawn=visit.is_withdrawn)
        except NotTaken:
            return nothing_here(request, place)
    instrument = _instrument(found)
    sent = read_answers(request.POST, instrument)
    given = {"key": sent.key, "invitation": found.invitation.key, "answers": sent.answers, "at": at}
    try:
        receipt = answer(scope, **given, is_withdrawn=visit.is_withdrawn)
    except NotTaken:
        return nothing_here(request, place)
    except IncompleteAnswers as refusal:
        return _page(request, place, instrument, sent=sent, missing=refusal.missing)
    except ImpossibleAnswer as refusal:
        return _page(request, place, instrument, sent=sent, missing=tuple(refusal.problems))
    next_at = (
        None if visit.is_withdrawn or found.has_died else _next(scope, found, at)
    )  # its holder may be somebody else
    return on_phone(request, "thanks", place, is_new=True, is_called=receipt.calls_for_someone, next_at=next_at)


def _page(
    request: HttpRequest,
    place: Site,
    instrument: Instrument,
    *,
    key: str = "",
    sent: Sent | None = None,
    missing: tuple[str, ...] = (),
) -> HttpResponse:
    return on_phone(
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
        for each in still_asked(scope, patient=found.invitation.patient_key)
        if each.state(at) is State.NOT_YET
    ]
    return min(opens, default=None)


def _instrument(found: Asked) -> Instrument:
    return library().instrument(found.invitation.instrument, found.invitation.version)


def nothing_here(request: HttpRequest, place: Site | None, *, status: int = 404, **context: object) -> HttpResponse:
    """The same page for a link that never was, has ended, was called off or withdrawn."""
    return on_phone(request, "nothing_here", place, status=status, **context)


def wrong_link(request: HttpRequest, place: Site | None, **context: object) -> HttpResponse:
    """Answer somebody who may be guessing: slower and slower, and with a trace.

    A right link is never refused for wrong ones beside it.
    """
    request.site_scope = Scope(site=place.code if place else "", actor=None, purpose="a link is opened", patient=NOBODY)
    if place is not None:
        with scoped(request.site_scope) as scope:
            trace_wrong_link(scope, at=now())
    return nothing_here(request, place, status=TOO_MANY if _guesses(request) > WRONG_LINKS else 404, **context)


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
