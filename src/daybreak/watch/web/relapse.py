"""The figures of time to first observed relapse: as seen, without another treatment, and between two visits."""

from collections.abc import Sequence
from itertools import accumulate

import altair
from django.utils.translation import gettext as _

from daybreak.design.figures.survival import Curve, kaplan_meier_chart
from daybreak.design.public import number
from daybreak.stats.public import Curve as Estimated
from daybreak.stats.public import IntervalCurve
from daybreak.watch.counts import RelapseCounts
from daybreak.watch.disclosure import RELAPSE, UNTREATED
from daybreak.watch.rules import Monitor
from daybreak.watch.web.figure import Cell, Figure
from daybreak.watch.wording import relapse, too_few

TICKS = 5
NARROW_TICKS = 3


def relapse_figures(found: Monitor, hidden: frozenset[str]) -> list[Figure]:
    """Return the curve as seen, and beside it what re-treatment and the time between visits change."""
    return [_as_seen(found, hidden), _without_treatment(found, hidden), _between_visits(found, hidden)]


def _as_seen(found: Monitor, hidden: frozenset[str]) -> Figure:
    counts, curve = found.relapse.counts, found.relapse.curve
    empty = too_few() if RELAPSE in hidden else ("" if curve else _("Nobody was seen in response yet."))
    missing = _(
        "Not in the curve: %(no_response)s without an observed response, %(no_score)s without a later score, "
        "%(no_baseline)s without a usable "
        "baseline. People leave the curve when they were last seen in response; %(again)s were treated again "
        "meanwhile."
    ) % {
        "no_response": counts.no_response,
        "no_score": counts.no_score,
        "no_baseline": counts.no_baseline,
        "again": counts.treated_again,
    }
    table: tuple[tuple[Cell, ...], ...] = ()
    if curve and not empty:
        table = tuple(
            (f"{day:g}", risk, events, left, share, _bound(lower), _bound(upper))
            for (day, risk, events, share, lower, upper), left in zip(_steps(curve), counts.left, strict=True)
        )
    return Figure(
        name="relapse",
        section=_("Outcome"),
        title=relapse(found, hidden),
        subtitle=_("Time to first observed relapse.") if empty else missing,
        chart=None if empty else lambda narrow=False: _chart([_drawn(_label(), counts, curve, narrow)], narrow),
        heads=(_("Day"), _("at risk"), _("relapsed"), _("left"), _("still in response"), _("lower"), _("upper")),
        rows=table,
        instead=empty,
    )


def _without_treatment(found: Monitor, hidden: frozenset[str]) -> Figure:
    seen, other = found.relapse.curve, found.relapse.untreated
    empty = (
        too_few()
        if {RELAPSE, UNTREATED} & hidden
        else ("" if seen and other else _("Nobody was seen in response yet."))
    )
    title = _("First observed relapse, with and without another treatment")
    if not empty:
        title = _(
            "Half relapsed within %(seen)s whatever treatment they had, and %(other)s if they leave at the next one"
        ) % {
            "seen": _median(seen),
            "other": _median(other),
        }
    labels = _("whatever treatment"), _("until treated again")
    pairs = ((labels[0], found.relapse.counts, seen), (labels[1], found.relapse.untreated_counts, other))
    rows = (
        ()
        if empty
        else tuple(
            (label, f"{day:g}", risk, events, share, _bound(lower), _bound(upper))
            for label, _counts, curve in pairs
            for day, risk, events, share, lower, upper in _steps(curve)
            if events
        )
    )
    return Figure(
        name="relapse-again",
        section=_("Outcome"),
        title=title,
        subtitle=_(
            "Another treatment after response and induction is an intercurrent event. “Whatever treatment” (treatment "
            "policy) goes on through it. “Until treated again” (hypothetical) lets people leave then, and is right "
            "only where those who were treated again would have fared like those who were not."
        ),
        chart=None if empty else lambda narrow=False: _chart([_drawn(*pair, narrow) for pair in pairs], narrow),
        heads=(_("Version"), _("day"), _("at risk"), _("relapsed"), _("still in response"), _("lower"), _("upper")),
        rows=rows,
        instead=empty,
    )


def _between_visits(found: Monitor, hidden: frozenset[str]) -> Figure:
    counts, plain, interval = found.relapse.counts, found.relapse.curve, found.relapse.interval
    empty = too_few() if RELAPSE in hidden else ("" if interval else _("Nobody was seen to relapse yet."))
    title = _("First observed relapse, taken to lie between two visits")
    if interval and plain and not empty:
        title = _("Half relapsed within %(plain)s as seen; between two visits, within %(interval)s") % {
            "plain": _median(plain),
            "interval": _interval_median(interval),
        }
    return Figure(
        name="relapse-interval",
        section=_("Outcome"),
        title=title,
        subtitle=_(
            "A relapse happens before it is seen. The second curve (Turnbull) knows only that it lies between the last "
            "visit in response and the visit that showed it; in its shaded stretches the data do not say when. It has "
            "no interval of its own."
        ),
        chart=None
        if empty
        else lambda narrow=False: _chart(
            [_drawn(_("as seen"), counts, plain, narrow), _turnbull(interval, plain)], narrow
        ),
        heads=(_("After day"), _("until day"), _("share that relapsed then"), _("still in response after")),
        rows=()
        if empty
        else tuple(
            (f"{after:g}", "–" if until == float("inf") else f"{until:g}", mass, left)
            for after, until, mass, left in zip(
                interval.after, interval.until, interval.mass, interval.survival, strict=True
            )
        ),
        instead=empty,
    )


def _label() -> str:
    return _("Still in response")


def _median(curve: Estimated) -> str:
    if curve.median is None:
        return _("a time not reached yet")
    return _("%(days)s days") % {"days": number(curve.median)}


def _interval_median(curve: IntervalCurve) -> str:
    half = next((at for at, left in enumerate(curve.survival) if left <= 0.5), None)
    if half is None or curve.until[half] == float("inf"):
        return _("a time not reached yet")
    return _("%(after)s to %(until)s days") % {"after": number(curve.after[half]), "until": number(curve.until[half])}


def _steps(curve: Estimated) -> Sequence[tuple[float, int, int, float, float | None, float | None]]:
    return list(zip(curve.times, curve.at_risk, curve.events, curve.survival, curve.lower, curve.upper, strict=True))


def _bound(value: float | None) -> Cell:
    return "–" if value is None else value


def _chart(curves: Sequence[Curve], narrow: bool) -> altair.TopLevelMixin:
    return kaplan_meier_chart(
        curves, time_label=_("Days since response was first seen"), share_label=_label(), narrow=narrow
    )


def _drawn(label: str, counts: RelapseCounts, curve: Estimated | None, narrow: bool) -> Curve:
    if curve is None:
        raise ValueError("There is no curve where nobody responded.")
    ends = max(1.0, float(curve.times[-1]))
    steps = [(0.0, 1.0, 1.0, 1.0)] if curve.times[0] > 0 else []
    for time, share, lower, upper in zip(curve.times, curve.survival, curve.lower, curve.upper, strict=True):
        # Where the interval does not exist nothing is shaded: it closes on the curve.
        steps.append((float(time), share, share if lower is None else lower, share if upper is None else upper))
    if steps[-1][0] < ends:
        steps.append((ends, *steps[-1][1:]))
    times, shares, lowers, uppers = zip(*steps, strict=True)
    ticks = NARROW_TICKS if narrow else TICKS
    marks = sorted({round(ends * tick / ticks) for tick in range(ticks + 1)})
    return Curve(
        label=label,
        times=times,
        share=shares,
        lower=lowers,
        upper=uppers,
        censored=tuple(float(day) for day, left in zip(counts.days, counts.left, strict=True) if left),
        at_risk=tuple((float(mark), _at_risk(counts, mark)) for mark in marks),
    )


def _turnbull(interval: IntervalCurve, plain: Estimated) -> Curve:
    """Return Turnbull's curve with each stretch's share in its middle; the band reaches from all of it at the beginning
    to all of it at the end.
    """
    ends = max(1.0, float(plain.times[-1]))
    known = [(a, u, m) for a, u, m in zip(interval.after, interval.until, interval.mass, strict=True) if u <= ends]
    moments = sorted({0.0, ends, *(t for a, u, _m in known for t in (a, (a + u) / 2, u))})

    def left(place: float) -> tuple[float, ...]:
        """Return what is left at each moment if each share falls at a `place` of its stretch, 0 to 1."""
        falls = sorted((a + (u - a) * place, m) for a, u, m in known)
        at, gone = [time for time, _m in falls], [0.0, *accumulate(m for _t, m in falls)]
        return tuple(max(0.0, 1 - gone[sum(time <= moment for time in at)]) for moment in moments)

    return Curve(label=_("between visits"), times=tuple(moments), share=left(0.5), lower=left(0.0), upper=left(1.0))


def _at_risk(counts: RelapseCounts, day: float) -> int:
    gone = sum(
        relapsed + left
        for at, relapsed, left in zip(counts.days, counts.relapsed, counts.left, strict=True)
        if at < day
    )
    return counts.responders - gone
