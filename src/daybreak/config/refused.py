"""Pages that stand in for one that cannot be given: the patient's side has its own, everything else Django's."""

from django.http import HttpRequest, HttpResponse
from django.views import defaults
from django.views.csrf import csrf_failure as forged

from daybreak.follow_up.web.phone_trouble import OUR_FAULT, TOO_LONG, UNREADABLE, is_on_phone, nothing_at, trouble


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what could not be read."""
    return trouble(request, UNREADABLE) if is_on_phone(request) else defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for an address that is none."""
    return nothing_at(request) if is_on_phone(request) else defaults.page_not_found(request, exception)


def our_fault(request: HttpRequest) -> HttpResponse:
    """Answer after a fault of ours."""
    return trouble(request, OUR_FAULT) if is_on_phone(request) else defaults.server_error(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that came without the token of its page."""
    return trouble(request, TOO_LONG) if is_on_phone(request) else forged(request, reason)
