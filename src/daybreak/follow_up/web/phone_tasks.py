"""The tasks of cognition behind a link: the page that a phone runs them on, and what it sends at their end."""

import json
from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict

from daybreak.follow_up.actions.cognition import NotARun
from daybreak.follow_up.actions.task_set import answer_tasks
from daybreak.follow_up.queries.invitations import Asked
from daybreak.follow_up.rules.cognition import PLAN
from daybreak.follow_up.web import cognition_words as words
from daybreak.follow_up.web.forms import key_in
from daybreak.follow_up.web.phone_frame import on_phone
from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now
from daybreak.kernel.scope import Scope
from daybreak.people.public import Site

UNPROCESSABLE = 422


def plan() -> dict[str, object]:
    """Return what the script needs: how many trials, the symbols, the words to learn, and what it says."""
    return {"tasks": PLAN, "symbols": words.SHAPES, "words": words.to_learn(), "said": words.said_by_the_page()}


def sent_in(said: QueryDict) -> Mapping[str, object]:
    """Read what a device sent at the end of the tasks; raise NotARun where it cannot be read."""
    try:
        sent = json.loads(said.get("sent", ""))
        return {"device": str(sent["device"]), "timing": dict(sent["timing"]), "runs": [dict(r) for r in sent["runs"]]}
    except (ValueError, KeyError, TypeError) as fault:
        raise NotARun(words.unreadable()) from fault


def tasks_page(request: HttpRequest, place: Site, *, refusal: str = "", key: UUID | None = None) -> HttpResponse:
    """Return the page that a phone runs the tasks on. Opening it changes nothing."""
    shown = {"plan": plan(), "key": key or new_key(), "refusal": refusal}
    return on_phone(request, "tasks", place, status=UNPROCESSABLE if refusal else 200, **shown)


def take_tasks(request: HttpRequest, scope: Scope, place: Site, found: Asked, *, is_withdrawn: bool) -> HttpResponse:
    """Keep what a phone sent, and thank for it. Raises NotTaken."""
    try:
        answer_tasks(
            scope,
            key=key_in(request.POST),
            invitation=found.invitation.key,
            at=now(),
            is_withdrawn=is_withdrawn,
            **sent_in(request.POST),
        )
    except NotARun as refusal:
        return tasks_page(request, place, refusal=str(refusal))
    return on_phone(request, "thanks", place, is_new=True, is_called=False, next_at=None, is_of_tasks=True)
