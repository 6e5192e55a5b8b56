"""The script that keeps an opened page of questions on the phone until its answers have arrived. It holds nothing of
anybody.
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from daybreak.design.assets import BUILT
from daybreak.people.public import open_to


@open_to("anyone: it is a script, the same for all")
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of the pages below `/answer/`, asked for anew at every visit."""
    answer = HttpResponse((BUILT / "phone-worker.js").read_text(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer
