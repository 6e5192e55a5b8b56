"""The burden of alarms at a site, for its lead: how often they called, and what became of them."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from daybreak.design.public import moment, number
from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.public import requires
from daybreak.treat.queries.alarms import alarms_are_on
from daybreak.treat.queries.answers import today
from daybreak.treat.queries.burden import alarm_burden
from daybreak.treat.rules.burden import Burden
from daybreak.treat.rules.steps import in_words
from daybreak.treat.web.frame import zone_of

PERIODS = (7, 28, 90)


@requires(Permission.MANAGE_SITE, purpose="the burden of alarms")
@require_GET
def page(request: HttpRequest, scope: Scope) -> HttpResponse:
    """The alarms of the last days, for the site, by kind and by session."""
    at, asked, zone = this_moment(), request.GET.get("days", ""), zone_of(scope)
    days = int(asked) if asked in map(str, PERIODS) else PERIODS[1]
    counted = alarm_burden(scope, since=at - timedelta(days=days), until=at, at=at)
    context = {
        "site": scope.site,
        "days": days,
        "tabs": [
            {"label": _("%(n)s days") % {"n": each}, "url": f"?days={each}", "current": each == days}
            for each in PERIODS
        ],
        "alarms_on": alarms_are_on(scope, today(scope, at)),
        "whole": counted.whole,
        "sessions": len(counted.sessions),
        "headline": _headline(counted.whole),
        "stats": _stats(counted.whole),
        "kinds": [(in_words(limit).capitalize(), _(priority), *_row(its)) for limit, priority, its in counted.kinds],
        "rows": [
            (moment(line.started_at, zone), line.chair, number(its.infusion_hours, 1), *_row(its))
            for line, its in reversed(counted.sessions)
        ],
    }
    return render(request, "treat/burden.html", context)


def _headline(whole: Burden) -> str:
    if whole.per_hour is None:
        return _("No infusion was begun in these days.")
    said = {"rate": number(whole.per_hour, 1), "hours": number(whole.infusion_hours, 1)}
    return _("%(rate)s alarms in an hour of infusion, over %(hours)s hours.") % said


def _stats(whole: Burden) -> list[tuple[str, str, str]]:
    of_all = _("of %(n)s raised") % {"n": whole.raised}
    slowest = "–" if whole.slowest_seconds is None else _seconds(whole.slowest_seconds)
    return [
        (_("Acknowledged"), str(whole.acknowledged), of_all),
        (_("Acted on"), str(whole.acted_on), of_all),
        (_("Called for nothing"), str(whole.false), of_all),
        (_("Ended by themselves"), str(whole.ended), of_all),
        (_("Passed on"), str(whole.passed_on), of_all),
        (_("Sound paused"), str(whole.paused), of_all),
        (
            _("Until acknowledged"),
            "–" if whole.median_seconds is None else _seconds(whole.median_seconds),
            _("median; the slowest %(slowest)s") % {"slowest": slowest},
        ),
    ]


def _row(its: Burden) -> tuple[str, ...]:
    wait = "–" if its.median_seconds is None else _seconds(its.median_seconds)
    return (*map(str, (its.raised, its.acknowledged, its.acted_on, its.passed_on, its.waiting)), wait)


def _seconds(seconds: float) -> str:
    if seconds < 120:
        return _("%(n)s s") % {"n": round(seconds)}
    minutes = round(seconds / 60)
    return ngettext("%(n)d min", "%(n)d min", minutes) % {"n": minutes}
