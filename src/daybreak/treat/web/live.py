"""The live stream: alarms of one site as server-sent events, with a heartbeat and a replay of what was missed."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, StreamingHttpResponse

from daybreak.kernel.moments import day_of, now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope, scoped
from daybreak.people.public import HANDED_OVER, permissions_at, site_named
from daybreak.treat.queries.alarms import alarms_after, newest_number
from daybreak.treat.web.hub import Hub, hub

BEAT_SECONDS = 5.0
LIFE_SECONDS = 300.0
SLICE_SECONDS = 1.0


async def live(request: HttpRequest, site: str) -> HttpResponse:
    """Stream the alarms of the site to a member of its team who runs sessions; 401, 403 or 404 otherwise.

    `Last-Event-ID` (or `?after=`) names the last alarm that was heard; what came after it is told first. The stream
    ends after five
    minutes and the browser asks again, so that a right that has ended ends the stream.
    """
    status, actor = await sync_to_async(_gate)(request, site)
    if status != 200:
        return HttpResponseForbidden("", status=status)
    scope = Scope(site=site, actor=actor, purpose="live alarms")
    response = StreamingHttpResponse(_events(scope, _after(request), hub), content_type="text/event-stream")
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


async def _events(scope: Scope, after: int | None, ears: Hub) -> AsyncIterator[str]:
    ends = time.monotonic() + LIFE_SECONDS
    async with ears.listening(scope.site) as queue:
        number = await sync_to_async(_newest)(scope) if after is None else after
        yield f"retry: 1000\nid: {number}\nevent: hello\ndata: {json.dumps({'number': number})}\n\n"
        beat, heard = 0.0, False
        while time.monotonic() < ends:
            # What was raised before the ear was open, or while it was closed, is asked for when it opens.
            opened, heard = ears.hears and not heard, ears.hears
            if opened or await _wait(queue):
                for each in await sync_to_async(_told)(scope, number):
                    number = each["number"]
                    yield f"id: {number}\nevent: alarm\ndata: {json.dumps(each)}\n\n"
            if time.monotonic() - beat >= BEAT_SECONDS:
                beat = time.monotonic()
                yield f"event: beat\ndata: {json.dumps({'hears': ears.hears})}\n\n"


async def _wait(queue: asyncio.Queue[dict[str, Any]]) -> bool:
    """Return whether something was told; everything that waits is taken at once."""
    try:
        await asyncio.wait_for(queue.get(), SLICE_SECONDS)
    except TimeoutError:
        return False
    while not queue.empty():
        queue.get_nowait()
    return True


def _newest(scope: Scope) -> int:
    with scoped(scope):
        return newest_number(scope)


def _told(scope: Scope, number: int) -> list[dict[str, Any]]:
    with scoped(scope):
        return [
            {
                "number": alarm.number,
                "alarm": str(alarm.key),
                "session": str(alarm.session_key),
                "priority": alarm.priority,
                "limit": alarm.limit_id,
                "sign": alarm.sign,
                "value": f"{alarm.value.normalize():f}",
                "unit": alarm.unit,
                "advice": alarm.advice,
                "raised_at": alarm.raised_at.isoformat(),
            }
            for alarm in alarms_after(scope, number)
        ]
