"""What someone looks at, and whether they may: one site or all, of one snapshot."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest

from daybreak.kernel.scope import Scope
from daybreak.people.public import Site, site_named, sites
from daybreak.register.public import NoSuchSnapshot
from daybreak.watch.disclosure import NOTHING, hidden_from
from daybreak.watch.queries import monitor, newest, to_be_seen
from daybreak.watch.rules import Monitor

ALL = "all"


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
    def own(self) -> str | None:
        """Return the site whose people alone may be told of; None for the coordinating centre, which sees all."""
        return None if self.here.kind == "centre" else self.here.code

    @property
    def site(self) -> str | None:
        """Return the site that is looked at: of all sites together, the own one, or None at the centre."""
        return self.own if self.of == ALL else self.of

    @property
    def address(self) -> str:
        """Return the query that leads back here."""
        return f"?snapshot={self.found.snapshot}&of={self.of}"


def look_at(request: HttpRequest, scope: Scope) -> Look:
    """Return what the address asks for. A clinic sees itself and all sites; the centre any site."""
    here = site_named(scope.site)
    if here is None:
        raise Http404("No such site")
    is_centre = here.kind == "centre"
    of = request.GET.get("of") or (ALL if is_centre else here.code)
    try:
        whole = monitor(asked_for(request, here) or newest(synthetic=here.synthetic))
    except NoSuchSnapshot as no:
        raise Http404(str(no)) from no
    if of == ALL:
        hidden = NOTHING if is_centre else hidden_from(whole, monitor(whole.snapshot, site=here.code))
        return Look(here, ALL, whole, hidden)
    if of not in whole.sites or not (is_centre or of == here.code):
        raise Http404("No such site in this snapshot")
    return Look(here, of, monitor(whole.snapshot, site=of), NOTHING)


def asked_for(request: HttpRequest, here: Site) -> str | None:
    """Return the snapshot that the address names. What is synthetic is not there for a real site, nor the other way
    round.
    """
    asked = request.GET.get("snapshot")
    if asked and asked not in {each.id for each in to_be_seen(synthetic=here.synthetic)}:
        raise Http404("No such snapshot for this site")
    return asked


def clinics_of(found: Monitor) -> list[Site]:
    """Return the sites of a snapshot that treat people; the coordinating centre treats nobody."""
    return [site for site in sites() if site.kind == "clinic" and site.code in found.sites]


def names_of(found: Monitor) -> dict[str, str]:
    """Return the names of a snapshot's sites by their codes."""
    return {site.code: site.name for site in sites() if site.code in found.sites}


def choices(look: Look) -> list[dict[str, object]]:
    """Return whose people can be looked at, each with its address."""
    clinics = clinics_of(look.found)
    seen = clinics if look.here.kind == "centre" else [site for site in clinics if site.code == look.here.code]
    named = [(ALL, None), *((site.code, site.name) for site in seen)]
    return [
        {"of": of, "name": name, "current": of == look.of, "url": f"?snapshot={look.found.snapshot}&of={of}"}
        for of, name in named
    ]
