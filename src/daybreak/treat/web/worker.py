"""The service worker and the shell that it keeps: two addresses that hold nothing about anybody."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET

from daybreak.design.assets import BUILT
from daybreak.people.public import open_to

SHELL = "treat/offline.html"


@open_to("anyone: it is a script, the same for all")
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. It may answer for pages of sites, is asked for anew at every visit, and changes with what it
    keeps: the built files, whose names are in it, and the shell.
    """
    script = (BUILT / "worker.js").read_text()
    shell_is = sha256(render_to_string(SHELL).encode()).hexdigest()
    answer = HttpResponse(f"{script}\n// shell {shell_is[:16]}\n", content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = "/at/"
    answer["Cache-Control"] = "no-cache"
    return answer


@open_to("anyone: a page without data, which stands in for others where there is no network")
@require_GET
def shell(request: HttpRequest) -> HttpResponse:
    """The page that a device shows when the server does not answer. It is drawn without a request in mind."""
    return HttpResponse(render_to_string(SHELL))
