"""The data manager's pages: freeze, look, verify, and what every column means."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.people.public import Site, names_of_staff, requires, site_named
from daybreak.people.public import sites as all_sites
from daybreak.register.actions import create_snapshot
from daybreak.register.dictionary import Dictionary, as_paper, who_may_see
from daybreak.register.manifest import ForeignSnapshot
from daybreak.register.queries import NoSuchSnapshot, manifest_of, snapshot, snapshots, under_way, verify
from daybreak.register.tables import TABLES

READERS = (Permission.FREEZE, Permission.READ_REGISTER)


@requires(*READERS, purpose="look at the register")
def overview(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List the snapshots, with the button that freezes another."""
    return _overview(request, scope)


@requires(Permission.FREEZE, purpose="freeze a snapshot of the register")
@require_POST
def freeze(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Freeze all sites' consenting people. Only the coordinating centre may: it takes in every site."""
    if not _may_freeze(request, _here(scope)):
        raise PermissionDenied(
            "Only the coordinating centre freezes the register, since a snapshot takes in every site."
        )
    try:
        made = create_snapshot(actor=scope.actor, at=now(), synthetic=_here(scope).synthetic)
    except Refusal as no:
        return _overview(request, scope, trouble=str(no), status=409)
    messages.success(request, _("Snapshot %(id)s is frozen and signed.") % {"id": made.id})
    return redirect("register:snapshot", site=scope.site, snapshot_id=made.id)


@requires(*READERS, purpose="look at the register")
@require_GET
def progress(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Say as JSON of how many people the snapshot that is being made is done; `done` is null while none is."""
    done, of = under_way() or (None, 0)
    return JsonResponse({"done": done, "of": of})


@requires(*READERS, purpose="look at a snapshot of the register")
def one(request: HttpRequest, scope: Scope, snapshot_id: str) -> HttpResponse:
    """Show what a snapshot holds and whether it still is what was frozen."""
    try:
        found = snapshot(snapshot_id)
    except NoSuchSnapshot as no:
        raise Http404(str(no)) from no
    try:
        manifest = manifest_of(snapshot_id)
    except ForeignSnapshot:
        manifest = None  # the verification below says what is wrong with it
    return render(
        request,
        "register/snapshot.html",
        {
            "site": scope.site,
            "zone": _here(scope).time_zone,
            "snapshot": found,
            "by": names_of_staff([found.created_by]).get(found.created_by, _("a command")),
            "verification": verify(snapshot_id),
            "manifest": manifest,
            "counts": _counts(manifest, _seen(scope, manifest.sites)) if manifest else [],
            "seen": _seen(scope, manifest.sites) if manifest else [],
            "totals": _sees_totals(_here(scope), invented=found.invented),
            "may_watch": Permission.WATCH in request.may,
        },
    )


@requires(*READERS, purpose="read what the register's columns mean")
def dictionary(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Show the description from which the freeze takes its columns."""
    context = {"site": scope.site, "tables": TABLES, "who_may_see": who_may_see}
    return render(request, "register/dictionary.html", context)


@requires(*READERS, purpose="read what the register's columns mean")
def dictionary_file(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Give the same description as a PDF. It is of no snapshot, and tells of nobody."""
    given = HttpResponse(as_paper(Dictionary(TABLES)), content_type="application/pdf")
    given["Content-Disposition"] = 'attachment; filename="data-dictionary.pdf"'
    return given


def _overview(request: HttpRequest, scope: Scope, *, trouble: str = "", status: int = 200) -> HttpResponse:
    here, found = _here(scope), snapshots()
    context = {
        "totals": {each.id: _sees_totals(here, invented=each.invented) for each in found},
        "site": scope.site,
        "zone": here.time_zone,
        "snapshots": found,
        "names": names_of_staff([each.created_by for each in found]),
        "may_freeze": _may_freeze(request, here),
        "may_watch": Permission.WATCH in request.may,
        "trouble": trouble,
        "under_way": under_way(),
        "at": now(),
    }
    return render(request, "register/overview.html", context, status=status)


def _here(scope: Scope) -> Site:
    found = site_named(scope.site)
    if found is None:
        raise Http404("No such site")
    return found


def _may_freeze(request: HttpRequest, here: Site) -> bool:
    return here.kind == "centre" and Permission.FREEZE in request.may


def _sees_totals(here: Site, *, invented: bool) -> bool:
    """Return whether the true numbers of all sites may be seen from here: at the coordinating centre, and of people who
    never lived. Elsewhere the other sites' people would follow by subtracting one's own, and whoever came since by
    subtracting an earlier snapshot; what may be told of all sites is told by the disclosure policy.
    """
    return here.kind == "centre" or invented


def _seen(scope: Scope, sites: Sequence[str]) -> list[str]:
    """Return the clinics whose counts may be seen from here: all of them at the centre, elsewhere one's own."""
    clinics = {site.code for site in all_sites() if site.kind == "clinic"}
    return [site for site in sites if site in clinics and (_here(scope).kind == "centre" or site == scope.site)]


def _counts(manifest: object, seen: Sequence[str]) -> list[dict[str, object]]:
    """Return for each table its rows at each site that may be seen, and in all."""
    rows = []
    for table in TABLES:
        by_site = {file.site: file.rows for file in manifest.files.values() if file.table == table.name}
        rows.append(
            {
                "table": table,
                "by_site": [by_site.get(site, 0) for site in seen],
                "all": sum(by_site.values()),
            }
        )
    return rows
