"""Pages of data quality: a clinic's own report, and at the coordinating centre those of each clinic."""

from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from daybreak.kernel.moments import day_of, now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.public import Site, requires, site_named
from daybreak.register.disclosing.policy import disclosure_policy
from daybreak.register.folders import NotIntact
from daybreak.register.quality.asking import queries_seen
from daybreak.register.quality.queries import Stood, asked_of_data, clinics, stood_each
from daybreak.register.quality.query_words import FIELD_WORDS, query_kind, query_words, sample_words
from daybreak.register.quality.rules import FIELDS, QueryState
from daybreak.register.quality.sampling import Sampled, samples_of
from daybreak.register.queries import NoSuchSnapshot, frozen_snapshots
from daybreak.register.web.quality_words import DIMENSION_WORDS, Line, lead_of, line_of, tallies


@requires(Permission.WATCH, Permission.ANSWER_QUERIES, purpose="read about data quality")
@require_GET
def quality(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Show how a clinic's data stand. A clinic sees its own; the centre sees each, and first all by name."""
    here = _here(scope)
    asked = request.GET.get("snapshot") or None
    of = _clinic(request, here)
    if asked and asked not in {each.id for each in frozen_snapshots(synthetic=here.synthetic)}:
        raise Http404("No such snapshot for this site")
    seen = [each for each in clinics() if each.synthetic == here.synthetic]
    try:
        codes = [each.code for each in seen if of in (None, each)]
        found = stood_each(codes, synthetic=here.synthetic, snapshot_id=asked)
    except NoSuchSnapshot as no:
        return render(request, "register/quality_nothing.html", {"sentence": str(no), "site": scope.site})
    except NotIntact as no:
        return render(request, "register/quality_nothing.html", {"sentence": str(no), "site": scope.site}, status=409)
    if of is None:
        return _all(request, here, seen, found)
    return _one(request, scope, here, seen, of, found[0])


def _all(request: HttpRequest, here: Site, seen: list[Site], found: list[Stood]) -> HttpResponse:
    rows = list(zip(seen, found, strict=True))
    context = {"site": here.code, "rows": rows, "tabs": _tabs(seen, None, found), "zone": here.time_zone}
    return render(request, "register/quality_all.html", context | {"snapshot": found[0].snapshot if found else None})


def _one(request: HttpRequest, scope: Scope, here: Site, seen: list[Site], of: Site, found: Stood) -> HttpResponse:
    waiting = {
        each.query.asked_by_check: (each, query_words(each), query_kind(each))
        for each in queries_seen(scope, today=day_of(now(), here.time_zone), site=of.code)
        if each.state is not QueryState.CLOSED
    }
    context = {
        "site": here.code,
        "zone": here.time_zone,
        "waiting": waiting,
        "may_ask": here.kind == "centre" and Permission.QUERY_DATA in request.may,
        "may_answer": here == of and Permission.ANSWER_QUERIES in request.may,
        "may_see_questions": Permission.WATCH in request.may,
        "of": of,
        "sampled": _newest_of_each_kind(of),
        "fields": FIELD_WORDS,
        "sample_words": sample_words,
        "found": found,
        "lead": lead_of(found, of.name),
        "tallies": tallies(found, _("checks that hold")),
        "failing": [line_of(each, found, here.time_zone) for each in found.failing],
        "well": _by_dimension([line_of(each, found, here.time_zone) for each in found.holding]),
        "nothing": [each for each in found.checks if not each.asked],
        "dimensions": DIMENSION_WORDS,
        "definition": asked_of_data(),
        "step": disclosure_policy().rounding.to,
        "tabs": _tabs(seen, of, [found]) if here.kind == "centre" else [],
        "snapshots": frozen_snapshots(synthetic=here.synthetic),
    }
    return render(request, "register/quality.html", context)


def _newest_of_each_kind(of: Site) -> list[Sampled]:
    """Return the newest sample of sessions and the newest of scores."""
    newest = {each.sample.kind: each for each in reversed(samples_of(of.code))}
    return [newest[kind] for kind in FIELDS if kind in newest]


def _by_dimension(lines: list[Line]) -> list[tuple[str, list[Line]]]:
    return [(name, list(each)) for name, each in groupby(lines, key=lambda line: line.standing.check.dimension)]


def _here(scope: Scope) -> Site:
    found = site_named(scope.site)
    if found is None:
        raise Http404("No such site")
    return found


def _clinic(request: HttpRequest, here: Site) -> Site | None:
    """Return the clinic that is looked at; nothing at the centre where none is named. Others do not exist."""
    if here.kind != "centre":
        if request.GET.get("of") not in (None, "", here.code):
            raise Http404("No such clinic")
        return here
    code = request.GET.get("of")
    found = next((each for each in clinics() if each.code == code and each.synthetic == here.synthetic), None)
    if code and found is None:
        raise Http404("No such clinic")
    return found


def _tabs(seen: list[Site], of: Site | None, found: list[Stood]) -> list[dict[str, object]]:
    snapshot = f"&snapshot={found[0].snapshot.id}" if found else ""
    named = [(_("All clinics"), "", of is None), *((each.name, each.code, each == of) for each in seen)]
    return [{"label": label, "url": f"?of={code}{snapshot}", "current": current} for label, code, current in named]
