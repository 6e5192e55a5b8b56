"""An act is carried out by the view that its form leads to, in the name of who did it, as of when it was done."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib.messages import constants
from django.contrib.messages.storage.base import BaseStorage
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import gettext as _

from daybreak.kernel.moments import as_of
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope, scoped
from daybreak.ledger.public import one_step
from daybreak.people.public import Account, permissions_at
from daybreak.treat.actions.steps import placed
from daybreak.treat.queries.answers import today
from daybreak.treat.rules.steps import Step

# The forms whose acts may wait on a device. What starts a dose, signs for it or lets somebody go home is not among
# them: it asks the record as it stands, and is done with the server or not at all.
MAY_WAIT = frozenset(
    {
        "readings",
        "reading",
        "step",
        "give",
        "syringe",
        "effect",
        "note",
        "medicine",
        "medicines",
        "event",
        "emergency_note",
        "acknowledge",
        "acknowledge_all",
        "checks",
    }
)
STEP_OF = {
    "pause": Step.PAUSED,
    "resume": Step.RESUMED,
    "rate": Step.RATE_CHANGED,
    "give": Step.GIVEN,
    "syringe": Step.SYRINGE_CHANGED,
    "complete": Step.COMPLETED,
    "stop": Step.STOPPED,
    "recovery": Step.RECOVERY,
}
STORED, REFUSED, TRAY, ASKS = "stored", "refused", "tray", "asks"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an act, the sentence about it, the page that a refused form came back with, or where it asks."""

    answer: str
    sentence: str = ""
    page: str = ""
    go: str = ""


class Said(BaseStorage):
    """What a view says to the person, kept for the answer instead of for the next page."""

    def _get(self, *args: object, **kwargs: object) -> tuple[list[object], bool]:
        return [], True

    def _store(self, messages: list[object], response: object, *args: object, **kwargs: object) -> list[object]:
        return []

    def words(self, *, of_errors: bool) -> str:
        """Return what was said, as one text."""
        chosen = [str(each) for each in self._queued_messages if (each.level >= constants.ERROR) == of_errors]
        return " ".join(chosen)


@dataclass(frozen=True, slots=True)
class Deed:
    """What is carried out: the key of the fact, where the form leads, and what was filled in."""

    key: UUID
    address: str
    fields: tuple[tuple[str, str], ...]


def actor_of(scope: Scope, account: UUID, *, at: datetime) -> Account | None:
    """Return who did something, while they may still run sessions at the site."""
    with scoped(Scope(site="", actor=account, purpose="sign-in")):
        may = permissions_at(account=account, site=scope.site, on=today(scope, at))
    return Account.objects.filter(key=account, is_active=True).first() if Permission.RUN_SESSION in may else None


def match_of(scope: Scope, address: str, session: UUID) -> ResolverMatch | None:
    """Return the view that an act leads to, where it may wait and belongs to the session; nothing otherwise."""
    try:
        match = resolve(urlsplit(address).path)
    except (Resolver404, ValueError):
        return None
    is_ours = match.namespace == "treat" and match.url_name in MAY_WAIT and match.kwargs.get("site") == scope.site
    return match if is_ours and match.kwargs.get("session", session) == session else None


def step_of(match: ResolverMatch | None) -> Step | None:
    """Return the step of the dose that an act takes, or nothing."""
    if match is None:
        return None
    return STEP_OF.get(str(match.kwargs.get("step", match.url_name)))


def carry_out(
    request: HttpRequest,
    match: ResolverMatch,
    deed: Deed,
    actor: Account,
    *,
    at: datetime,
    steps: Mapping[UUID, UUID | None],
) -> Outcome:
    """Let the form's view answer, and return what it did. Raises what the database raises when it is not there."""
    inner = _request(request, match, deed, actor)
    try:
        with one_step(), as_of(at), placed(steps):
            answer = match.func(inner, **match.kwargs)
    except Http404:
        return Outcome(REFUSED, _("What this belongs to is not there."))
    except PermissionDenied:
        return Outcome(REFUSED, _("The role of who did this does not include it."))
    except Refusal as refusal:
        return Outcome(REFUSED, str(refusal))
    except (OperationalError, InterfaceError):
        raise
    except Exception as fault:  # an act that the server fails at would else stand in the way of all that follow it
        log.error("The act %s could not be carried out: %s", deed.key, type(fault).__name__)
        return Outcome(REFUSED, _("The server failed at this act."))
    return _outcome(inner, match, answer)


def _outcome(inner: HttpRequest, match: ResolverMatch, answer: HttpResponse) -> Outcome:
    wrong, said = inner._messages.words(of_errors=True), inner._messages.words(of_errors=False)
    if answer.status_code == 302:
        if "?ask=" in answer["Location"]:
            return Outcome(ASKS, _("It was not said yet whether all of the dose was given."), go=answer["Location"])
        if wrong:
            # A reading that cannot be right is kept in the tray by its own action; the others of the form are stored.
            return Outcome(TRAY if match.url_name == "readings" else REFUSED, wrong)
        return Outcome(STORED, said)
    return Outcome(REFUSED, wrong or _("Something on the form is not right yet."), page=answer.content.decode())


def _request(request: HttpRequest, match: ResolverMatch, deed: Deed, actor: Account) -> HttpRequest:
    inner = HttpRequest()
    inner.method, inner.path, inner.path_info = "POST", urlsplit(deed.address).path, urlsplit(deed.address).path
    inner.META = {**request.META, "HTTP_ACCEPT": "text/html", "QUERY_STRING": ""}
    inner.POST = QueryDict(mutable=True)
    for name, value in deed.fields:
        inner.POST.appendlist(name, value)
    inner.POST["key"] = str(deed.key)
    inner.user, inner.resolver_match, inner.htmx = actor, match, False
    inner.session = request.session if actor == request.user else SessionBase()
    inner._messages = Said(inner)
    return inner
