"""A device that is handed over to a patient: what its session holds, who may use it, and how staff take it
back.

While the session holds HANDED_OVER, every page that does not say `on_handed_over` refuses (see
`people.access`).
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope, scoped
from daybreak.ledger.public import one_step
from daybreak.people.public import HANDED_OVER

TRIES = 5


class NotHandedOver(Refusal):
    """A page for the patient's hands, opened by a member of staff."""


def hand_over_to(
    session: SessionBase, *, site: str, patient: UUID, pin: str, back: str, language: str = settings.LANGUAGE_CODE
) -> None:
    """Give the device to one patient; only `pin` takes it back, to the page `back`."""
    session[HANDED_OVER] = {
        "site": site,
        "patient": str(patient),
        "pin_hash": make_password(pin),
        "tries": _new_counter(session),
        "back": back,
        "language": language,
        "shown": {},
        "answered": [],
    }
    session.cycle_key()


def held_by(request: HttpRequest, scope: Scope, patient: UUID) -> Scope:
    """Return the scope narrowed to the patient who holds the device.

    Raises NotHandedOver where staff hold it, PermissionDenied for any other patient's page.
    """
    held = request.session.get(HANDED_OVER)
    if held is None:
        raise NotHandedOver("This page is for the patient: hand the device over first.")
    if (held["site"], held["patient"]) != (scope.site, str(patient)):
        raise PermissionDenied("This device is handed over to another person.")
    return replace(scope, patient=patient)


@contextmanager
def in_hands(request: HttpRequest, scope: Scope, patient: UUID) -> Iterator[Scope]:
    """Hold the scope of the patient who has the device, and speak the language that was chosen; raises as `held_by`."""
    narrow = held_by(request, scope, patient)
    with scoped(narrow), translation.override(_chosen(request)):
        yield narrow


def _chosen(request: HttpRequest) -> str:
    """Return the language of the hand-over; one that the page is asked for holds from then on, if the house has it."""
    held, asked = request.session[HANDED_OVER], request.GET.get("language", "")
    if asked in dict(settings.LANGUAGES) and held.get("language") != asked:
        held["language"] = asked
        request.session.modified = True
    return held.get("language", settings.LANGUAGE_CODE)


def on_device(request: HttpRequest, name: str, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    """Return a page for the patient's hands, in the language that is spoken."""
    return render(request, name, {**context, "lang": translation.get_language()}, status=status)


def first_shown(session: SessionBase, kind: str, at: datetime) -> datetime:
    """Return when a text was first shown on this hand-over, noting `at` the first time."""
    shown = session[HANDED_OVER]["shown"]
    if kind not in shown:
        shown[kind] = at.isoformat()
        session.modified = True
    return datetime.fromisoformat(shown[kind])


def answered(session: SessionBase) -> list[str]:
    """Return the texts that were answered on this hand-over."""
    return session[HANDED_OVER]["answered"]


def note_answer(session: SessionBase, kind: str) -> None:
    """Note that a text was answered."""
    if kind not in session[HANDED_OVER]["answered"]:
        session[HANDED_OVER]["answered"].append(kind)
        session.modified = True


def takes_back(session: SessionBase, pin: str) -> bool:
    """Compare a PIN; where it is right, the device is staff's again.

    After the last wrong try the whole session is emptied: somebody must sign in again.
    """
    held = session[HANDED_OVER]
    number = _number_of_try(held["tries"])
    if number <= TRIES and check_password(pin, held["pin_hash"]):
        _counters(held["tries"]).delete()
        del session[HANDED_OVER]
        session.cycle_key()
        return True
    if number >= TRIES:
        session.flush()
    return False


def tries_left(session: SessionBase) -> int:
    """Return how many wrong PINs are still allowed; none once the session was emptied."""
    if HANDED_OVER not in session:
        return 0
    row = _counters(session[HANDED_OVER]["tries"]).first()
    return max(0, TRIES - _count_in(row)) if row else 0


# The tries are not counted in the session itself: requests that run side by side each write their own copy of it. They
# are counted in a row of their own beside it, which nothing else writes and no cookie opens, one request at a time.


def _new_counter(session: SessionBase) -> str:
    """Begin to count, and return the counter's name; it lasts as long as the session may."""
    name = f"tries-{secrets.token_hex(16)}"
    Session.objects.create(session_key=name, session_data="0", expire_date=session.get_expiry_date())
    return name


def _number_of_try(name: str) -> int:
    """Count one more try before it is made, and return its number; without a counter no try is left."""
    with one_step():
        row = _counters(name).select_for_update().first()
        if row is None:
            return TRIES + 1
        row.session_data = str(_count_in(row) + 1)
        row.save(update_fields=["session_data"])
        return _count_in(row)


def _counters(name: str) -> QuerySet[Session]:
    return Session.objects.filter(session_key=name)


def _count_in(row: Session) -> int:
    return int(row.session_data)
