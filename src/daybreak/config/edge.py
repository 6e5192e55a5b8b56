"""The edge of the application: a named refusal becomes a page with its sentence; nothing of it is a server error."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from daybreak.follow_up.web.phone_trouble import NOT_NOW, is_on_phone, trouble
from daybreak.kernel.refusal import Refusal
from daybreak.people.public import HANDED_OVER

FORBIDDEN, CONFLICT = 403, 409


class Edge:
    """Turns a Refusal that no page handled into a sentence; adds headers that keep clinical pages out of caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """Keep a device that is in a patient's hands on the pages meant for them, whatever address is typed."""
        if HANDED_OVER not in request.session or getattr(view, "on_handed_over", False):
            return None
        held = request.session[HANDED_OVER]
        with translation.override(held.get("language", settings.LANGUAGE_CODE)):
            context = {"held": held, "lang": translation.get_language()}
            return render(request, "consent/elsewhere.html", context, status=FORBIDDEN)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Show the refusal; anything else goes on to Django's own handling."""
        if not isinstance(exception, Refusal):
            return None
        if is_on_phone(request):  # what a refusal says is meant for staff
            return trouble(request, NOT_NOW)
        return render(request, "design/refused.html", {"sentence": str(exception)}, status=CONFLICT)
