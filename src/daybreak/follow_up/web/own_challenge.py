"""What a phone is asked about the passkey of a patient's own page, and where that is kept until the answer comes.

It is kept on the phone, signed, at this address only and for some minutes; an answer to it counts once.
"""

from datetime import timedelta
from ipaddress import ip_address

from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from daybreak.follow_up.passkeys import Challenge, Place, ask_to_make, ask_to_show
from daybreak.follow_up.queries.own_page import OwnPageNow

COOKIE = "daybreak_own_asked"
SIGNER = TimestampSigner(salt="daybreak.follow_up.own.asked")
ANSWERED_WITHIN = timedelta(minutes=10)


def ask_passkey(
    request: HttpRequest, page: OwnPageNow, *, choosing: bool
) -> tuple[dict[str, object] | None, Challenge | None]:
    """Return what the phone is asked: to make a passkey, or to show its own; nothing where neither can be."""
    place = _place(request)
    if place is None or page.tries.is_locked or not (choosing or page.passkey):
        return None, None
    return ask_to_show(place, page.passkey) if page.passkey else ask_to_make(place, page.page.key.bytes)


def keep_challenge(response: HttpResponse, challenge: Challenge | None, *, path: str, secure: bool) -> HttpResponse:
    """Keep on the phone what it was asked."""
    if challenge is not None:
        response.set_cookie(
            COOKIE, SIGNER.sign(challenge.token), max_age=ANSWERED_WITHIN, path=path, secure=secure, httponly=True,
            samesite="Lax",
        )  # fmt: skip
    return response


def kept_challenge(request: HttpRequest) -> Challenge | None:
    """Return what this phone was asked a short while ago at this address, or nothing."""
    place = _place(request)
    try:
        token = SIGNER.unsign(request.COOKIES.get(COOKIE, ""), max_age=ANSWERED_WITHIN)
    except BadSignature:
        return None
    return Challenge(place, token) if place else None


def _place(request: HttpRequest) -> Place | None:
    """Return where a passkey holds; nowhere where the address of the house is a number, which has none."""
    host = request.get_host()
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return Place(name, f"{request.scheme}://{host}", _("Your page"))
    return None
