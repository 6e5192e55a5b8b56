"""The monitor's page, and its figures as files."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from daybreak.design.public import number
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.public import requires
from daybreak.register.public import NotIntact, is_invented
from daybreak.watch.queries import NothingFrozen, cumulative, over_time, to_be_seen, use, waiting
from daybreak.watch.signal_words import answer, signal_words
from daybreak.watch.surveillance.overview import OverTime
from daybreak.watch.surveillance.reference import FEWEST_SITES
from daybreak.watch.surveillance.standing import standing
from daybreak.watch.web.look import ALL, Look, choices, clinics_of, look_at, names_of
from daybreak.watch.web.report_views import quarter_shown, readers
from daybreak.watch.wording import sentences, share_words

if TYPE_CHECKING:
    from daybreak.watch.web.figure import Figure

KINDS = {"csv": "text/csv; charset=utf-8", "svg": "image/svg+xml", "png": "image/png"}


@requires(Permission.WATCH, purpose="read the monitor")
def page(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Show the figures of one snapshot: the newest, or the one that the address names."""
    try:
        look = look_at(request, scope)
    except NothingFrozen as no:
        return render(request, "watch/nothing.html", {"sentence": str(no), "site": scope.site})
    except NotIntact as no:
        return render(request, "watch/nothing.html", {"sentence": str(no), "site": scope.site}, status=409)
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
            "figures": _all_figures(look),
            **_today(look),
            "may_triage": Permission.TRIAGE in request.may,
            "hidden": look.hidden,
            "readers": readers(look),
            "quarter": quarter_shown(look),
            "share_words": share_words,
            "choices": choices(look),
            "of": look.of,
            "clinics": [site.name for site in clinics_of(found)],
            "address": look.address,
            "downloads": _downloads("watch:figure", look, look.address),
            "invented": is_invented(found.snapshot),
            "snapshots": to_be_seen(synthetic=look.here.synthetic),
        },
    )


@requires(Permission.WATCH, purpose="read the monitor")
def figure(request: HttpRequest, scope: Scope, which: str, kind: str) -> HttpResponse:
    """Give one figure as a file: its table as CSV, or its drawing as SVG or PNG. What may not be shown does not
    exist.
    """
    try:
        look = look_at(request, scope)
    except NothingFrozen as no:
        raise Http404(str(no)) from no
    return _file(look, _all_figures(look), which, kind)


@requires(Permission.WATCH, purpose="read the monitor")
def over_time_page(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Show one kind of harm from week to week, and every signal."""
    try:
        look = look_at(request, scope)
    except NothingFrozen as no:
        return render(request, "watch/nothing.html", {"sentence": str(no), "site": scope.site})
    except NotIntact as no:
        return render(request, "watch/nothing.html", {"sentence": str(no), "site": scope.site}, status=409)
    found = over_time(look.found.snapshot)
    kind = _kind(request, found)
    return render(
        request,
        "watch/over_time.html",
        {
            "site": scope.site,
            "found": found,
            "kind": kind,
            "kinds": [(each.id, each.title, each.id == kind) for each in found.surveillance.watched],
            "figures": _kind_figures(look, found, kind),
            "choices": choices(look),
            "of": look.of,
            "downloads": _downloads("watch:over_time_figure", look, f"{look.address}&what={kind}"),
            "frozen_at": datetime.fromisoformat(found.frozen_at),
            "zone": look.here.time_zone,
            "trials": standing(),
            "effects": "; ".join(f"{each.watched.title}: {number(each.effect, 1)}" for each in found.kinds),
            "fewest_sites": FEWEST_SITES,
            "was_tried": all(each["fingerprint"] == found.surveillance.fingerprint for each in standing()),
            **_today(look),
            "may_triage": Permission.TRIAGE in request.may,
        },
    )


@requires(Permission.WATCH, purpose="read the monitor")
def cumulative_page(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Show harm against cumulative exposure."""
    try:
        look = look_at(request, scope)
    except NothingFrozen as no:
        return render(request, "watch/nothing.html", {"sentence": str(no), "site": scope.site})
    except NotIntact as no:
        return render(request, "watch/nothing.html", {"sentence": str(no), "site": scope.site}, status=409)
    found = cumulative(look.found.snapshot, site=None if look.of == ALL else look.of)
    return render(
        request,
        "watch/cumulative.html",
        {
            "site": scope.site,
            "found": found,
            "figures": _cumulative_figures(look),
            "downloads": _downloads("watch:cumulative_figure", look, look.address),
            "invented": is_invented(found.snapshot),
            "choices": choices(look),
            "of": look.of,
            "frozen_at": datetime.fromisoformat(found.frozen_at),
            "zone": look.here.time_zone,
        },
    )


@requires(Permission.WATCH, purpose="read the monitor")
def cumulative_figure(request: HttpRequest, scope: Scope, which: str, kind: str) -> HttpResponse:
    """Give one figure of harm against exposure as a file."""
    try:
        look = look_at(request, scope)
    except NothingFrozen as no:
        raise Http404(str(no)) from no
    return _file(look, _cumulative_figures(look), which, kind)


@requires(Permission.WATCH, purpose="read the monitor")
def over_time_figure(request: HttpRequest, scope: Scope, which: str, kind: str) -> HttpResponse:
    """Give one figure of harm over time as a file."""
    try:
        look = look_at(request, scope)
    except NothingFrozen as no:
        raise Http404(str(no)) from no
    found = over_time(look.found.snapshot)
    return _file(look, _kind_figures(look, found, _kind(request, found)), which, kind)


def _today(look: Look) -> dict[str, object]:
    """Return the answer to “is anything wrong today?” for who looks, and the signals that it is about."""
    found, site = over_time(look.found.snapshot), None if look.of == ALL and look.own is None else look.site
    names = names_of(look.found)
    open_ones = [each for each in waiting(found) if site in (None, each.site)]
    return {
        "today": answer(found, open_ones, site=site, name=names.get(site or "", "")),
        "waiting": [signal_words(each, names, with_numbers=look.own is None) for each in open_ones],
    }


def _all_figures(look: Look) -> list["Figure"]:
    """Return the figures of the monitor, with the funnels of sites where all sites are looked at."""
    from daybreak.watch.web.presenters import figures, with_funnels  # here: drawing takes a second to load
    from daybreak.watch.web.use import with_use

    of_all = look.of == ALL
    found = use(look.found.snapshot, site=None if of_all else look.of)
    made = with_use(figures(look.found, look.hidden), found, look.own if of_all else None)
    if not of_all:
        return made
    return with_funnels(made, over_time(look.found.snapshot), own=look.own, names=names_of(look.found))


def _kind_figures(look: Look, found: OverTime, name: str) -> list["Figure"]:
    from daybreak.watch.web.over_time import kind_figures

    kind = found.kind(name)
    if kind is None:
        return []
    of = None if look.of == ALL else look.of
    return kind_figures(found, kind, of=of, own=look.own, names=names_of(look.found))


def _cumulative_figures(look: Look) -> list["Figure"]:
    from daybreak.watch.web.cumulative import cumulative_figures

    snapshot = look.found.snapshot
    if look.of != ALL:
        return cumulative_figures(cumulative(snapshot, site=look.of), None)
    own = None if look.own is None else cumulative(snapshot, site=look.own)
    return cumulative_figures(cumulative(snapshot), own)


def _downloads(route: str, look: Look, address: str) -> Callable[[str], list[tuple[str, str]]]:
    """Return what gives the addresses of a figure's files, by its name."""

    def links(name: str) -> list[tuple[str, str]]:
        given = {"site": look.here.code, "which": name}
        return [(kind.upper(), reverse(route, kwargs={**given, "kind": kind}) + address) for kind in KINDS]

    return links


def _kind(request: HttpRequest, found: OverTime) -> str:
    known = [each.id for each in found.surveillance.watched]
    asked = request.GET.get("what") or known[0]
    if asked not in known:
        raise Http404("Nothing of that name is watched")
    return asked


def _file(look: Look, among: list["Figure"], which: str, kind: str) -> HttpResponse:
    from daybreak.watch.web.figure import as_csv, as_png, as_svg

    wanted = next((each for each in among if each.name == which and not each.instead), None)
    if wanted is None or kind not in KINDS:
        raise Http404("No such figure")
    made = {"csv": as_csv, "svg": as_svg, "png": as_png}[kind](wanted, look.found)
    given = HttpResponse(made, content_type=KINDS[kind])
    given["Content-Disposition"] = f'attachment; filename="{which}-{look.of}-{look.found.snapshot}.{kind}"'
    return given
