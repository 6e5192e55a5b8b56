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
def spoken_to(scope: Scope) -> Iterator[None]:
    """Speak the patient's language for the block, where it is one of the house's; else what the phone asks for."""
    asked = language_of(scope, scope.patient) if scope.patient else ""
    with translation.override(asked if asked in dict(settings.LANGUAGES) else translation.get_language()):
        yield


def on_phone(
    request: HttpRequest, name: str, place: Site | None, *, status: int = 200, **context: object
) -> HttpResponse:
    """Return a page of the phone. Help is on each: the numbers, who reads now, and a key for a call."""
    at = now()
    shown = {
        **context,
        "lang": translation.get_language() or settings.LANGUAGE_CODE,
        "lines": lines(place),
        "reading": reading(place, at),
        "help_key": str(new_key(at=at)),
        "place": place,
        "zone": place.time_zone if place else "UTC",
    }
    response = render(request, f"follow_up/phone/{name}.html", shown, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    # Never the path, which holds the secret. “no-referrer” would hide a form's origin too, and Django would refuse it.
    response["Referrer-Policy"] = "strict-origin"
    response._has_been_logged = True  # Django would write the address, and with it the secret, into the log
    return response
