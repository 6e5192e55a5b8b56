"""`GET /healthz`: answers once everything is ready."""

from django.db import connection
from django.http import HttpRequest, JsonResponse

from daybreak import __version__
from daybreak.kernel.scope import Scope, scoped
from daybreak.people.public import open_to, patients, sites


@open_to("anyone: it tells whether the service is up and, where every site is synthetic, how many patients there are")
def healthz(request: HttpRequest) -> JsonResponse:
    """Return status and version; numbers only where nobody is real."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    places = sites()
    answer: dict[str, object] = {"status": "ok", "version": __version__}
    if places and all(place.synthetic for place in places):
        answer |= {"synthetic": True, "patients": sum(_count(place.code) for place in places)}
    return JsonResponse(answer)


def _count(site: str) -> int:
    with scoped(Scope(site=site, actor=None, purpose="health")) as scope:
        return patients(scope).count()
