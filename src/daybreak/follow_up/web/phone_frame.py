"""What every page on a patient's phone shares: the language, whom to call, who reads now, and no trace in a log."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from daybreak.follow_up.web.lines import lines, reading
from daybreak.identity.public import language_of
from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now
from daybreak.kernel.scope import Scope
from daybreak.people.public import Site


@contextmanager
def spoken_to(scope: Scope, request: HttpRequest) -> Iterator[None]:
    """Speak the patient's language for the block, where it is one of the house's; else what the phone asks for. A page
    that follows a fault speaks it too, without asking again: it stays with the request.
    """
    asked = language_of(scope, scope.patient) if scope.patient else ""
    request.spoken = asked if asked in dict(settings.LANGUAGES) else translation.get_language()
    with translation.override(request.spoken):
        yield


def on_phone(
    request: HttpRequest, name: str, place: Site | None, *, status: int = 200, **context: object
) -> HttpResponse:
    """Return a page of the phone. Help is on each: the numbers, who reads now, and a key for a call."""
    response = render(request, f"follow_up/phone/{name}.html", {**context, **on_every_page(place)}, status=status)
    return unseen(response)


def on_every_page(place: Site | None) -> dict[str, object]:
    """Return what stands on every page of the phone."""
    at = now()
    return {
        "lang": translation.get_language() or settings.LANGUAGE_CODE,
        "lines": lines(place),
        "reading": reading(place, at),
        "help_key": str(new_key(at=at)),
        "place": place,
        "zone": place.time_zone if place else "UTC",
    }


def unseen(response: HttpResponse) -> HttpResponse:
    """Keep a page out of searches, and its address, which holds a secret, out of other sites and of the log."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    # Never the path, which holds the secret. “no-referrer” would hide a form's origin too, and Django would refuse it.
    response["Referrer-Policy"] = "strict-origin"
    response._has_been_logged = True  # Django would write the address, and with it the secret, into the log
    return response
