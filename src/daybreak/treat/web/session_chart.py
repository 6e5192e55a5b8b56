"""The chart of a whole session, drawn on the server: readings over time with the dose under them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.utils.translation import gettext as _

from daybreak.design.public import Flow, Rule, Span, Svg, Trace, time_chart
from daybreak.kernel.scope import Scope
from daybreak.kernel.units import written
from daybreak.treat.queries.readings import baseline_of, readings_of
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.route import PUMPED
from daybreak.treat.rules.steps import Step
from daybreak.treat.web.picture import DRAWN, limit_lines, pauses
from daybreak.treat.web.presenters import dose_points, label, milligrams, plain

_LEAST = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart, and what it shows in words."""

    svg: Svg
    words: str


def session_chart(scope: Scope, now: SessionNow, *, zone: str, at: datetime) -> Drawn | None:
    """Return the session's chart, or nothing where neither a reading nor a dose is there to be drawn."""
    rows = readings_of(scope, now.session.key)
    drawn = [row for row in rows if row.sign in DRAWN]
    dose = _dose(now, at=at)
    moments = [row.measured_at for row in drawn] + [moment for moment, _mg in dose]
    if not moments:
        return None
    starts, ends = min(moments), max(moments)
    ends = max(ends, starts + _LEAST)
    traces = []
    for sign in DRAWN:
        own = [row for row in drawn if row.sign == sign]
        if own:
            words = f"{label(sign.removesuffix('_pressure'))} {plain(own[-1].value)} {written(own[-1].unit)}"
            traces.append(Trace(words, tuple((row.measured_at, float(row.value)) for row in own)))
    given = dose[-1][1] if dose else 0.0
    limits = limit_lines(now, baseline_of(scope, now), watch=now.protocol.during)
    words = _words(now, traces, at=at)
    svg = time_chart(
        starts=starts,
        ends=ends,
        zone=zone,
        traces=traces,
        rules=[Rule(str(limit["words"]), float(str(limit["value"]))) for limit in limits],
        spans=[Span(_moment(a, starts), _moment(b, starts), _("paused")) for a, b in pauses(now, at=at)],
        flow=Flow(_("%(mg)s mg given") % {"mg": f"{given:g}"}, (*dose, (ends, given))) if dose else None,
        alt=words,
    )
    return Drawn(svg, words)


def _moment(seconds: float, like: datetime) -> datetime:
    return datetime.fromtimestamp(seconds, like.tzinfo)


def _dose(now: SessionNow, *, at: datetime) -> list[tuple[datetime, float]]:
    """What was given by when; where it is given in parts, each part is a step up."""
    if now.started_at is None:
        return []
    found = [(_moment(seconds, now.started_at), mg) for seconds, mg in dose_points(now, at=at)]
    if now.manner in PUMPED:
        return found
    stairs = [step for before, after in pairwise(found) for step in ((after[0], before[1]), after)]
    return [(now.started_at, 0.0), *found[:1], *stairs]


def _words(now: SessionNow, traces: list[Trace], *, at: datetime) -> str:
    """Say in words what the chart shows: each sign's span and last value, and the dose."""
    said = [
        _("%(sign)s, between %(low)s and %(high)s")
        % {
            "sign": trace.words,
            "low": f"{min(value for _at, value in trace.points):g}",
            "high": f"{max(value for _at, value in trace.points):g}",
        }
        for trace in traces
    ]
    so_far = now.given_at(now.moment_of(Step.COMPLETED, Step.STOPPED) or at)
    if so_far is not None:
        said.append(_("%(mg)s mg given") % {"mg": milligrams(so_far.dose_mg)})
    return _("Readings and dose over time, last values: %(what)s.") % {"what": "; ".join(said)}
