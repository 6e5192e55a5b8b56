"""The quarterly report as a file of the monitor's page."""

from django.http import Http404, HttpRequest, HttpResponse

from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.people.public import requires
from daybreak.register.public import NotIntact
from daybreak.watch.queries import NothingFrozen, over_time
from daybreak.watch.web.look import ALL, Look, look_at, names_of
from daybreak.watch.web.report.quarters import last_whole_quarter

BOARD, SITE, PUBLIC = "board", "site", "public"


@requires(Permission.WATCH, purpose="read the monitor")
def report_file(request: HttpRequest, scope: Scope, reader: str) -> HttpResponse:
    """Give the quarterly report as a PDF: the board's at the centre only, a site's to who looks at the site, the
    public's to everybody who reads the monitor.
    """
    from daybreak.watch.web.report.making import Asked, report  # here: drawing takes a second to load

    try:
        look = look_at(request, scope)
    except (NothingFrozen, NotIntact) as no:
        raise Http404(str(no)) from no
    if reader not in readers(look):
        raise Http404("No such report here")
    quarter = request.GET.get("quarter") or quarter_shown(look)
    asked = Asked(look.found.snapshot, quarter, reader, look.of if reader == SITE else None, names_of(look.found))
    try:
        made = report(asked, at=now())
    except Refusal as no:
        raise Http404(str(no)) from no
    given = HttpResponse(made, content_type="application/pdf")
    given["Content-Disposition"] = f'attachment; filename="report-{reader}-{look.of}-{quarter}.pdf"'
    return given


def readers(look: Look) -> tuple[str, ...]:
    """Return for whom a report can be had from what is looked at."""
    if look.of != ALL:
        return (SITE,)
    return (BOARD, PUBLIC) if look.own is None else (PUBLIC,)


def quarter_shown(look: Look) -> str:
    """Return the last quarter that the snapshot holds as a whole; nothing where it has no calendar."""
    week = over_time(look.found.snapshot).last_week
    return "" if week is None else last_whole_quarter(week)
