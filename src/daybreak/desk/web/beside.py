"""The page on which the register's figures stand beside the trials'."""

from collections.abc import Callable
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daybreak.design.public import Proportion, Svg, proportions_chart
from daybreak.design.public import render as drawing_of
from daybreak.desk.beside import OUTCOMES, WINDOWS, Beside, Own, beside
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.public import requires, site_named
from daybreak.stats.public import Estimate, proportion
from daybreak.watch.public import share_words, too_few

OUTCOME_WORDS = {"response": gettext_lazy("Response"), "remission": gettext_lazy("Remission")}
WINDOW_WORDS = {
    "day": gettext_lazy("after a day"),
    "week": gettext_lazy("after a week"),
    "month": gettext_lazy("after some weeks"),
}


@requires(Permission.WATCH, purpose="the register beside the published trials")
def page(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Show the share of people with an outcome in the register and in each trial, by the choices in the address."""
    outcome, window = request.GET.get("outcome", "response"), request.GET.get("window", "week")
    if outcome not in OUTCOMES or window not in WINDOWS:
        raise Http404("No such outcome or time")
    found = beside(scope, outcome=outcome, window=window)
    context = {
        "site": scope.site,
        "zone": site_named(scope.site).time_zone,
        "found": found,
        "title": f"{OUTCOME_WORDS[outcome]} {WINDOW_WORDS[window]}",
        "frozen_at": datetime.fromisoformat(found.frozen_at) if found.frozen_at else None,
        "outcomes": _tabs(OUTCOME_WORDS, outcome, lambda each: f"?outcome={each}&window={window}"),
        "windows": _tabs(WINDOW_WORDS, window, lambda each: f"?outcome={outcome}&window={each}"),
        "rows": _rows(found),
    }
    if found.trials or any(each.share and each.share.value is not None for each in found.own):
        context["drawing"] = _drawn(found, context["title"])
    return render(request, "desk/beside.html", context)


def _tabs(words: dict[str, object], current: str, address: Callable[[str], str]) -> list[dict[str, object]]:
    return [{"label": str(label), "url": address(each), "current": each == current} for each, label in words.items()]


def _whose(own: Own) -> str:
    return _("Register, your site") if own.site else _("Register, all sites")


def _row(label: str, share: Estimate | None, instead: str) -> Proportion:
    if share is None or share.value is None:
        return Proportion(label=label, words=instead)
    words = _("%(events)s of %(total)s") % {"events": share.events, "total": share.denominator}
    return Proportion(label=label, words=words, share=share.value, lower=share.lower, upper=share.upper)


def _drawn(found: Beside, title: str) -> Svg:
    rows = [_row(_whose(each), each.share, _("not shown, or nobody")) for each in found.own]
    rows += [_row(each.title, proportion(*each.treated), "") for each in found.trials]
    said = {"share_label": _("Share of people who were given the drug")}
    wide, narrow = (
        drawing_of(proportions_chart(rows, **said, narrow=each), title=title, alt=title) for each in (False, True)
    )
    return Svg(f'<div class="is-wide">{wide}</div><div class="is-narrow">{narrow}</div>')


def _rows(found: Beside) -> list[list[str]]:
    """Return the table: whose people, with the drug, with the control, on which scale, how far checked."""
    own = [
        [_whose(each), too_few() if each.share is None else share_words(each.share), _("none"), found.measure, ""]
        for each in found.own
    ]
    return own + [
        [
            f"{each.title}: {each.population}",
            share_words(proportion(*each.treated)),
            share_words(proportion(*each.control)),
            each.scale,
            _("provisional") if each.is_provisional else _("checked"),
        ]
        for each in found.trials
    ]
