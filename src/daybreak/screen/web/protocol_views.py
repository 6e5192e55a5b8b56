"""Pages of the definitions: a list with its faults, each one whole with all its sources, and what changed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.measure.public import library
from daybreak.people.public import requires
from daybreak.rulebook.public import Definition, UnknownDefinition, chapters, differences
from daybreak.screen.web.protocol_presenters import KINDS, shelves, steps_between


@requires(Permission.READ_DEFINITIONS, purpose="reading protocols")
def protocol_list(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Every definition that can be used, and the faults of those that cannot."""
    held = library()
    return render(
        request, "screen/protocols.html", {"site": scope.site, "shelves": shelves(held), "faults": held.faults}
    )


@requires(Permission.READ_DEFINITIONS, purpose="reading a protocol")
def protocol_page(request: HttpRequest, scope: Scope, protocol: str) -> HttpResponse:
    """One protocol, rule by rule, with the source of each."""
    return _page(request, scope, "protocols", _found("protocols", protocol, None))


@requires(Permission.READ_DEFINITIONS, purpose="reading a definition")
def definition_page(
    request: HttpRequest, scope: Scope, kind: str, definition: str, version: int | None = None
) -> HttpResponse:
    """One definition of any kind, in one of its versions."""
    return _page(request, scope, kind, _found(kind, definition, version))


@requires(Permission.READ_DEFINITIONS, purpose="comparing two versions of a definition")
def changes_page(request: HttpRequest, scope: Scope, kind: str, definition: str, old: int, new: int) -> HttpResponse:
    """What changed between two versions, in words."""
    before, after = _found(kind, definition, old), _found(kind, definition, new)
    context = {"site": scope.site, "kind": kind, "before": before, "after": after}
    return render(request, "screen/changes.html", {**context, "changes": differences(before, after)})


def _page(request: HttpRequest, scope: Scope, kind: str, found: Definition) -> HttpResponse:
    versions = [each for each in library().every(kind) if each.id == found.id]
    context = {
        "site": scope.site,
        "kind": kind,
        "definition": found,
        "chapters": chapters(found),
        "versions": versions,
        "steps": steps_between(versions),
    }
    return render(request, "screen/protocol.html", context)


def _found(kind: str, name: str, version: int | None) -> Definition:
    if kind not in KINDS:
        raise Http404("No such kind")
    try:
        return library().definition(f"{kind}/{name}", version)
    except UnknownDefinition as unknown:
        raise Http404("No such definition") from unknown
