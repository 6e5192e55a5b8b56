"""`GET /healthz`: answers once everything is ready."""

import time

from django.db import connection
from django.http import HttpRequest, JsonResponse

from daybreak import __version__
from daybreak.kernel.scope import Scope, scoped
from daybreak.people.public import open_to, patients, sites

LATE_AFTER_SECONDS = 30
LOADED = time.monotonic()


@open_to("anyone: it tells whether the service is up and, where every site is synthetic, how many patients there are")
def healthz(request: HttpRequest) -> JsonResponse:
    """Return status, version and the state of the worker; numbers only where nobody is real.

    A late worker is “degraded” and still 200: the pages need no worker, and a balancer that took them away would turn
    a seal that comes late into a bedside without a page. Who watches over the service reads the word.
    """
    beat = _seconds_since_the_beat()
    worker = worker_state(beat, up=time.monotonic() - LOADED)
    places = sites()
    answer: dict[str, object] = {
        "status": "degraded" if worker == "late" else "ok",
        "version": __version__,
        "worker": worker,
        "worker_beat_seconds": beat,
    }
    if places and all(place.synthetic for place in places):
        answer |= {"synthetic": True, "patients": sum(_count(place.code) for place in places)}
    return JsonResponse(answer)


def worker_state(beat: float | None, *, up: float) -> str:
    """Return “alive”, “late”, or “starting” while the server has been up for too few seconds to tell."""
    if beat is not None and beat <= LATE_AFTER_SECONDS:
        return "alive"
    return "starting" if up <= LATE_AFTER_SECONDS else "late"


def _seconds_since_the_beat() -> float | None:
    """Return the age of the last beat that a worker left in its queue's table; none where there is no worker."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp() - max(last_heartbeat)) FROM procrastinate_workers")
        age = cursor.fetchone()[0]
    return None if age is None else round(float(age), 1)


def _count(site: str) -> int:
    with scoped(Scope(site=site, actor=None, purpose="health")) as scope:
        return patients(scope).count()
