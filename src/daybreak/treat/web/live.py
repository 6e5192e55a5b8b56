"""The live stream: alarms of one site as server-sent events, with a heartbeat and a replay of what was missed."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse, StreamingHttpResponse
from django.template.backends.utils import csrf_input
from django.template.loader import render_to_string
from django.utils.translation import get_language, override
from django.views.decorators.http import require_POST
from pydantic import BaseModel, Field, ValidationError

from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import day_of, now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope, scoped
from daybreak.people.public import HANDED_OVER, permissions_at, requires, site_named
from daybreak.treat.actions.watching import beat, say_goodbye
from daybreak.treat.queries.alarms import Alarm, AlarmNow, alarms_after, newest_number
from daybreak.treat.queries.answers import zone_of
from daybreak.treat.queries.watching import others_present
from daybreak.treat.rules.events import ACTS
from daybreak.treat.web.alarm_words import Card, cards
from daybreak.treat.web.forms import spoken
from daybreak.treat.web.hub import Hub, hub

log = logging.getLogger("daybreak.alarms")
BEAT_SECONDS = 2.0
PRESENT_FOR = timedelta(seconds=6)
LIFE_SECONDS = 300.0
SLICE_SECONDS = 0.5


async def live(request: HttpRequest, site: str) -> HttpResponse:
    """Stream the alarms of the site to a member of its team who runs sessions; 401, 403 or 404 otherwise.

    `Last-Event-ID` (or `?after=`) names the last alarm that was heard; what came after it is told first, each with its
    card for the page of `?session=`. The stream ends after five minutes and the browser asks again, so that a right
    that has ended ends the stream.
    """
    status, actor = await sync_to_async(_gate)(request, site)
    if status != 200:
        return HttpResponseForbidden("", status=status)
    scope = Scope(site=site, actor=actor, purpose="live alarms")
    events = _events(scope, _after(request), hub, Drawing(request, get_language() or ""))
    response = StreamingHttpResponse(events, content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


live.policy = (Permission.RUN_SESSION,)


def _gate(request: HttpRequest, site: str) -> tuple[int, Any]:
    """The same questions as `people.requires`, answered without a redirect."""
    if not request.user.is_authenticated:
        return 401, None
    place = site_named(site)
    if place is None:
        return 404, None
    with scoped(Scope(site="", actor=request.user.key, purpose="sign-in")):
        may = permissions_at(account=request.user.key, site=site, on=day_of(now(), place.time_zone))
    if not may:
        return 404, None
    allowed = Permission.RUN_SESSION in may and HANDED_OVER not in request.session
    return (200, request.user.key) if allowed else (403, None)


def _after(request: HttpRequest) -> int | None:
    told = request.headers.get("Last-Event-ID") or request.GET.get("after", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 19 else None


@dataclass(frozen=True, slots=True)
class Drawing:
    """Draws the cards of new alarms as the page that listens shows them, in its language."""

    request: HttpRequest
    language: str

    def cards(self, scope: Scope, found: list[Alarm]) -> dict[UUID, str]:
        """Return the card of each alarm by its key; nothing where none can be drawn: it must sound all the same."""
        try:
            with override(self.language):
                shown = cards(scope, [AlarmNow(each) for each in found], self._session(), zone_of(scope), now())
                return {each.alarm.key: self._drawn(scope, each) for each in shown}
        except Exception:  # the edge: the page asks for its cards once it has sounded
            log.exception("no card of a new alarm was drawn")
            return {}

    def _drawn(self, scope: Scope, card: Card) -> str:
        shared = {"site": scope.site, "may_run": True, "acts": spoken(ACTS), "new_key": new_key}
        return render_to_string(
            "treat/alarm_slot.html", {"card": card, "csrf_input": csrf_input(self.request), **shared}
        )

    def _session(self) -> UUID | None:
        try:
            return UUID(self.request.GET.get("session", ""))
        except ValueError:
            return None


async def _events(scope: Scope, after: int | None, ears: Hub, drawing: Drawing) -> AsyncIterator[str]:
    ends = time.monotonic() + LIFE_SECONDS
    async with ears.listening(scope.site) as queue:
        number = await sync_to_async(_newest)(scope) if after is None else after
        yield f"retry: 1000\nid: {number}\nevent: hello\ndata: {json.dumps({'number': number})}\n\n"
        beat, heard = 0.0, False
        while time.monotonic() < ends:
            # What was raised before the ear was open, or while it was closed, is asked for when it opens.
            opened, heard = ears.hears and not heard, ears.hears
            messages = await _wait(queue)
            if any(message.get("changed") for message in messages):
                yield "event: changed\ndata: {}\n\n"
            if opened or any("number" in message for message in messages):
                for each in await sync_to_async(_told)(scope, number, drawing):
                    number = each["number"]
                    yield f"id: {number}\nevent: alarm\ndata: {json.dumps(each)}\n\n"
            if time.monotonic() - beat >= BEAT_SECONDS:
                beat = time.monotonic()
                yield f"event: beat\ndata: {json.dumps({'hears': ears.hears})}\n\n"


async def _wait(queue: asyncio.Queue[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what was told within a slice of time; everything that waits is taken at once."""
    try:
        messages = [await asyncio.wait_for(queue.get(), SLICE_SECONDS)]
    except TimeoutError:
        return []
    while not queue.empty():
        messages.append(queue.get_nowait())
    return messages


class Beat(BaseModel):
    """What a page of the team tells of itself; `at` is its own clock, in milliseconds since 1970."""

    page: UUID
    device: UUID
    session: UUID | None = None
    at: int = Field(ge=0, lt=1 << 53)
    visible: bool
    sound: bool
    hears: bool
    heard: int = Field(ge=0, lt=1 << 53)
    goodbye: bool = False


@requires(Permission.RUN_SESSION, purpose="a page of the team")
@require_POST
def beat_now(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Note that a page is open and what it can do; answer how many other devices would hear an alarm."""
    try:
        told = Beat.model_validate_json(request.body)
        device_at = datetime.fromtimestamp(told.at / 1000, UTC)
    except (ValidationError, ValueError, OverflowError, OSError):
        return JsonResponse({"error": "This is no beat of a page."}, status=422)
    at = now()
    if told.goodbye:
        say_goodbye(scope, page=told.page, at=at)
        return JsonResponse({"others": 0})
    beat(
        scope, page=told.page, device=told.device, session=told.session, visible=told.visible, sound=told.sound,
        hears=told.hears, heard=told.heard, device_at=device_at, at=at,
    )  # fmt: skip
    return JsonResponse({"others": others_present(scope, device=told.device, since=at - PRESENT_FOR)})


def _newest(scope: Scope) -> int:
    with scoped(scope):
        return newest_number(scope)


def _told(scope: Scope, number: int, drawing: Drawing | None = None) -> list[dict[str, Any]]:
    with scoped(scope):
        raised = alarms_after(scope, number)
        cards = drawing.cards(scope, raised) if drawing and raised else {}
        return [
            {
                "number": alarm.number,
                "alarm": str(alarm.key),
                "session": str(alarm.session_key),
                "priority": alarm.priority,
                "limit": alarm.limit_id,
                "sign": alarm.sign,
                "kind": alarm.kind,
                "about": str(alarm.about_key or ""),
                "value": "" if alarm.value is None else f"{alarm.value.normalize():f}",
                "unit": alarm.unit,
                "advice": alarm.advice,
                "raised_at": alarm.raised_at.isoformat(),
                "card": cards.get(alarm.key, ""),
            }
            for alarm in raised
        ]
