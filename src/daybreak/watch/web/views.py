"""The monitor's page, and its figures as files."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.public import Site, requires, site_named, sites
from daybreak.register.public import NoSuchSnapshot, NotIntact, snapshots
from daybreak.watch.disclosure import NOTHING, hidden_from
from daybreak.watch.queries import NothingFrozen, monitor, newest
from daybreak.watch.rules import Monitor
from daybreak.watch.wording import sentences, share_words

ALL = "all"
KINDS = {"csv": "text/csv; charset=utf-8", "svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Look:
    """What someone looks at: a snapshot's figures of one site or of all, and the parts of them that stay
    hidden.
    """

    here: Site
    of: str
    found: Monitor
    hidden: frozenset[str]

    @property
    def address(self) -> str:
        """Return the query that leads back here."""
        return f"?snapshot={self.found.snapshot}&of={self.of}"


@requires(Permission.WATCH, purpose="read the monitor")
def page(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Show the figures of one snapshot: the newest, or the one that the address names."""
    try:
        look = _look(request, scope)
    except NothingFrozen as no:
        return render(request, "watch/nothing.html", {"sentence": str(no), "site": scope.site})
    except NotIntact as no:
        return render(request, "watch/nothing.html", {"sentence": str(no), "site": scope.site}, status=409)
    from daybreak.watch.web.presenters import figures  # here, because drawing takes a second to load

    found = look.found
    return render(
        request,
        "watch/page.html",
        {
            "site": scope.site,
            "found": found,
            "zone": look.here.time_zone,
            "frozen_at": datetime.fromisoformat(found.frozen_at),
            "lead": " ".join(sentences(found, look.hidden)),
            "figures": figures(found, look.hidden),
            "hidden": look.hidden,
            "share_words": share_words,
            "choices": _choices(look),
            "of": look.of,
            "clinics": [site.name for site in _clinics(found)],
            "address": look.address,
            "snapshots": snapshots(),
        },
    )


@requires(Permission.WATCH, purpose="read the monitor")
def figure(request: HttpRequest, scope: Scope, which: str, kind: str) -> HttpResponse:
    """Give one figure as a file: its table as CSV, or its drawing as SVG. What may not be shown does not
    exist.
    """
    try:
        look = _look(request, scope)
    except NothingFrozen as no:
        raise Http404(str(no)) from no
    from daybreak.watch.web.presenters import as_csv, as_svg, figures

    wanted = next((each for each in figures(look.found, look.hidden) if each.name == which and not each.instead), None)
    if wanted is None or kind not in KINDS:
        raise Http404("No such figure")
    text = as_csv(wanted, look.found) if kind == "csv" else as_svg(wanted, look.found)
    answer = HttpResponse(text, content_type=KINDS[kind])
    answer["Content-Disposition"] = f'attachment; filename="{which}-{look.of}-{look.found.snapshot}.{kind}"'
    return answer


def _look(request: HttpRequest, scope: Scope) -> Look:
    """Return what the address asks for. A clinic sees itself and all sites; the centre any site."""
    here = site_named(scope.site)
    if here is None:
        raise Http404("No such site")
    is_centre = here.kind == "centre"
    of = request.GET.get("of") or (ALL if is_centre else here.code)
    try:
        whole = monitor(request.GET.get("snapshot") or newest())
    except NoSuchSnapshot as no:
        raise Http404(str(no)) from no
    if of == ALL:
        hidden = NOTHING if is_centre else hidden_from(whole, monitor(whole.snapshot, site=here.code))
        return Look(here, ALL, whole, hidden)
    if of not in whole.sites or not (is_centre or of == here.code):
        raise Http404("No such site in this snapshot")
    return Look(here, of, monitor(whole.snapshot, site=of), NOTHING)


def _clinics(found: Monitor) -> list[Site]:
    """Return the sites of a snapshot that treat people; the coordinating centre treats nobody."""
    return [site for site in sites() if site.kind == "clinic" and site.code in found.sites]


def _choices(look: Look) -> list[dict[str, object]]:
    clinics = _clinics(look.found)
    seen = clinics if look.here.kind == "centre" else [site for site in clinics if site.code == look.here.code]
    named = [(ALL, None), *((site.code, site.name) for site in seen)]
    return [
        {"of": of, "name": name, "current": of == look.of, "url": f"?snapshot={look.found.snapshot}&of={of}"}
        for of, name in named
    ]
