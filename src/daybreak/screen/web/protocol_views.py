"""Pages of the protocols: a list, and each one whole with all its sources."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.measure.public import library
from daybreak.people.public import requires
from daybreak.rulebook.public import Protocol, UnknownDefinition
from daybreak.screen.web.protocol_presenters import chapters


@requires(Permission.READ_DEFINITIONS, purpose="reading protocols")
def protocol_list(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Every protocol that can be used."""
    protocols = [p for p in library().active("protocols") if isinstance(p, Protocol)]
    return render(request, "screen/protocols.html", {"site": scope.site, "protocols": protocols})


@requires(Permission.READ_DEFINITIONS, purpose="reading a protocol")
def protocol_page(request: HttpRequest, scope: Scope, protocol: str) -> HttpResponse:
    """One protocol, rule by rule, with the source of each."""
    try:
        found = library().protocol(protocol)
    except UnknownDefinition as unknown:
        raise Http404("No such protocol") from unknown
    return render(request, "screen/protocol.html", {"site": scope.site, "protocol": found, "chapters": chapters(found)})
