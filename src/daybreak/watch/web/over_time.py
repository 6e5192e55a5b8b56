"""The figures of harm over time, and the funnels of sites."""

from collections.abc import Mapping
from datetime import date

import altair
from django.utils.translation import gettext as _

from daybreak.design.figures.paths import Line, Path, paths_chart
from daybreak.design.figures.site_funnel import FunnelLimit, SitePoint, site_funnel_chart
from daybreak.design.public import number, percent
from daybreak.watch.disclosure import expectation_may_be_shown, funnel_may_be_shown, points_shown
from daybreak.watch.signal_words import week_words
from daybreak.watch.surveillance.charts import KindCharts, SiteChart
from daybreak.watch.surveillance.counts import monday
from daybreak.watch.surveillance.funnels import INSIDE, NEAR, Funnel, Point
from daybreak.watch.surveillance.overview import OverTime
from daybreak.watch.web.figure import Cell, Figure
from daybreak.watch.wording import sessions_only, too_few


def kind_figures(
    found: OverTime, kind: KindCharts, *, of: str | None, own: str | None, names: Mapping[str, str]
) -> list[Figure]:
    """Return the figures of one kind, at the site `of` or at all, as someone of `own` (None: the centre) sees them."""
    charts = [chart for chart in kind.sites if of in (None, chart.site) and own in (None, chart.site)]
    shown = [chart for chart in charts if expectation_may_be_shown(chart, found.treated, own)]
    own_names = {site: name for site, name in names.items() if own in (None, site)}
    made = [_cusum(kind, shown, own_names, hidden=len(shown) < len(charts)), _ratio(kind, shown, names)]
    made.append(
        funnel_figure(
            "funnel",
            _("Sessions with %(what)s, site by site") % {"what": kind.watched.title},
            found.funnels.get(kind.watched.id),
            found,
            own=own,
            names=names,
            section=_("Harm"),
            of_what=_("Sessions"),
            adjusted=f"{_('Adjusted for position in the course and route.')} {sessions_only()}",
        )
    )
    return [*made, _rates(kind)] if own is None and of is None else made


def funnel_figure(
    name: str,
    title: str,
    funnel: Funnel | None,
    found: OverTime,
    *,
    own: str | None,
    names: Mapping[str, str],
    section: str,
    of_what: str,
    adjusted: str,
) -> Figure:
    """Return a funnel: what lies outside is its finding, and it ranks nobody."""
    heads = (_("Site"), _("n"), _("of"), _("expected"), _("adjusted share"), _("limits"))
    if funnel is None or len(funnel.points) < 2:
        said = _("Sites cannot be compared yet: it takes two with people in them, and some in whom it was seen.")
        return Figure(name, section, title, adjusted, None, heads, (), said)
    if not funnel_may_be_shown(funnel, found.treated, own):
        return Figure(name, section, title, adjusted, None, heads, (), too_few())
    seen = points_shown(funnel, found.treated, own)
    told = {p.site: names.get(p.site, p.site) if own in (None, p.site) else "" for p in seen}
    outside = [told[p.site] or _("another site") for p in seen if p.place != INSIDE]
    sure = found.surveillance.sureness
    inner, outer = f"{sure.funnel_inner_percent:g} %", f"{sure.funnel_outer_percent:g} %"
    finding = (
        _("outside the %(inner)s limits: %(sites)s") % {"inner": inner, "sites": ", ".join(outside)}
        if outside
        else _("no site lies outside the %(inner)s limits") % {"inner": inner}
    )
    left = len(funnel.points) - len(seen)
    note = f" {_('%(n)s sites with too few people are left out.') % {'n': left}}" if left else ""
    note += _widened(funnel, told)

    def chart(narrow: bool = False) -> altair.TopLevelMixin:
        return site_funnel_chart(
            [SitePoint(size=p.total, share=p.adjusted, label=told[p.site], stands_out=p.place != INSIDE)
             for p in seen if p.adjusted is not None],
            [FunnelLimit(size=each.total, inner=each.inner, outer=each.outer) for each in funnel.limits],
            centre=funnel.share, size_label=of_what, share_label=_("Adjusted share"),
            inner_label=inner, outer_label=outer, narrow=narrow,
        )  # fmt: skip

    register = _(
        "All sites that do not stand far apart: %(share)s." if funnel.left_out else "All sites: %(share)s."
    ) % {"share": percent(funnel.share)}
    rows = tuple(_row(p, told[p.site] or _("another site"), inner, outer) for p in seen)
    return Figure(name, section, f"{title}: {finding}", f"{register} {adjusted}{note}", chart, heads, rows)


def _widened(funnel: Funnel, told: Mapping[str, str]) -> str:
    """Say what widens the limits, and who does not count towards the share."""
    said = []
    if funnel.effect > 1:
        said.append(
            _("%(n)s sessions count as one, since those of one person hang together.") % {"n": number(funnel.effect, 1)}
        )
    if funnel.spread > 0:
        said.append(_("Limits allow for sites that differ by %(sd)s (SD).") % {"sd": percent(funnel.spread, 1)})
    if funnel.left_out:
        names = ", ".join(told.get(site) or _("another site") for site in funnel.left_out)
        said.append(_("Not counted towards the share, since it stands far apart: %(sites)s.") % {"sites": names})
    return "".join(f" {each}" for each in said)


def _row(point: Point, name: str, inner: str, outer: str) -> tuple[Cell, ...]:
    place = {INSIDE: _("inside"), NEAR: _("between %(inner)s and %(outer)s") % {"inner": inner, "outer": outer}}
    where = place.get(point.place, _("outside"))
    return name, point.met, point.total, point.expected, "–" if point.adjusted is None else point.adjusted, where


def _cusum(kind: KindCharts, charts: list[SiteChart], names: Mapping[str, str], *, hidden: bool) -> Figure:
    called = [names.get(chart.site, chart.site) for chart in charts if chart.cusum_week is not None]
    what = {"what": kind.watched.title, "sites": ", ".join(called)}
    title = (
        _("CUSUM of sessions with %(what)s: the limit was reached at %(sites)s")
        if called
        else _("CUSUM of sessions with %(what)s: no site has reached its limit")
    ) % what
    subtitle = _(
        "Rises with each session that has one and falls a little with each that has none, against what the other "
        "sites' sessions of the same position and route let expect; looks for %(ratio)s times the odds. Each site's "
        "limit is 1. %(effect)s sessions count as one, since those of one person hang together."
    ) % {"ratio": number(kind.watched.odds_ratio), "effect": number(kind.effect, 1)}
    far = sorted({site for chart in charts for site in chart.left_out})
    if far:
        sites = ", ".join(names.get(site) or _("another site") for site in far)
        subtitle += " " + _("It stands far apart and says nothing of what is expected of others: %(sites)s.") % {
            "sites": sites
        }
    heads = (_("Site"), _("n"), _("of"), _("expected"), _("now"), _("highest"), _("limit"), _("reached"))
    rows = tuple(
        (names.get(c.site, c.site), sum(c.events), sum(c.sessions), sum(c.expected), c.cusum[-1], max(c.cusum),
         c.threshold, "–" if c.cusum_week is None else week_words(c.cusum_week))
        for c in charts
    )  # fmt: skip
    return Figure(
        "cusum", _("Harm over time"), title, subtitle,
        None if not charts else lambda narrow=False: paths_chart(
            [Path(label=names.get(c.site, c.site), days=_days(c.first_week, len(c.cusum)),
                  values=tuple(value / c.threshold for value in c.cusum), stands_out=c.cusum_week is not None)
             for c in charts],
            [Line(value=1.0, label=_("limit"))], value_label=_("Share of the limit"), narrow=narrow,
        ),
        heads, rows, "" if charts else _instead(hidden),
    )  # fmt: skip


def _ratio(kind: KindCharts, charts: list[SiteChart], names: Mapping[str, str]) -> Figure:
    worse = [c for c in charts if _decided(c) == "worse"]
    title = (
        _("Probability ratio of sessions with %(what)s: worse at %(sites)s")
        if worse
        else _("Probability ratio of sessions with %(what)s: no site is found worse")
    ) % {"what": kind.watched.title, "sites": ", ".join(names.get(c.site, c.site) for c in worse)}
    subtitle = _(
        "Wald's test decides between the other sites' risk and %(ratio)s times its odds, and decides once: worse at "
        "the upper line, as elsewhere at the lower."
    ) % {"ratio": number(kind.watched.odds_ratio)}
    words = {"worse": _("worse"), "fine": _("as elsewhere"), "": _("not decided")}
    rows = tuple(
        (names.get(c.site, c.site), sum(c.events), sum(c.sessions), sum(c.expected), c.ratio[-1], words[_decided(c)])
        for c in charts
    )
    heads = (_("Site"), _("n"), _("of"), _("expected"), _("now"), _("decided"))
    return Figure(
        "ratio", _("Harm over time"), title, subtitle,
        None if not charts else lambda narrow=False: paths_chart(
            [Path(label=names.get(c.site, c.site), days=_days(c.first_week, len(c.ratio)), values=c.ratio,
                  stands_out=_decided(c) == "worse") for c in charts],
            [Line(value=charts[0].worse, label=_("worse")), Line(value=charts[0].fine, label=_("as elsewhere"))],
            value_label=_("Log probability ratio"), narrow=narrow,
        ),
        heads, rows, "" if charts else _instead(hidden=False),
    )  # fmt: skip


def _rates(kind: KindCharts) -> Figure:
    chart = kind.rates
    heads = (_("Weeks until"), _("n"), _("of"), _("expected"), _("ratio"), _("limit"))
    title = _("All sites against the register's own past, sessions with %(what)s") % {"what": kind.watched.title}
    if chart is None:
        said = _("The register's first weeks are too few, or too few were seen in them, to be compared with.")
        return Figure("rates", _("Harm over time"), title, "", None, heads, (), said)
    finding = (
        _("no more than then")
        if chart.week is None
        else _("more since the %(week)s") % {"week": week_words(chart.week)}
    )
    subtitle = _("The past: %(n)s of %(of)s sessions. Poisson maximised sequential test, conditional on them.") % {
        "n": number(chart.reference_events),
        "of": number(chart.reference_sessions),
    }
    last = week_words(chart.first_week + len(chart.path) - 1)
    row = (last, sum(chart.events), sum(chart.sessions), sum(chart.expected), chart.path[-1], chart.critical)
    return Figure(
        "rates", _("Harm over time"), f"{title}: {finding}", subtitle,
        lambda narrow=False: paths_chart(
            [Path(label=_("All sites"), days=_days(chart.first_week, len(chart.path)), values=chart.path,
                  stands_out=chart.week is not None)],
            [Line(value=chart.critical, label=_("limit"))], value_label=_("Log likelihood ratio"), narrow=narrow,
        ),
        heads, (row,),
    )  # fmt: skip


def _decided(chart: SiteChart) -> str:
    worse, fine = chart.worse_week, chart.fine_week
    if worse is not None and (fine is None or worse < fine):
        return "worse"
    return "fine" if fine is not None else ""


def _instead(hidden: bool) -> str:
    return too_few() if hidden else _("There is no other site to compare with yet.")


def _days(first_week: int, weeks: int) -> tuple[date, ...]:
    return tuple(monday(first_week + week) for week in range(weeks))
