"""A survival curve: steps, their interval, censoring, and how many are still at risk."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair

from daybreak.design.figures.rendering import render
from daybreak.design.figures.svg import Svg
from daybreak.design.palette import SEQUENCE, palette

_WIDTH = 480
_NARROW = 270
_HEIGHT = 260
_NARROW_PADDING = {"left": 0, "top": 4, "right": 12, "bottom": 4}


@dataclass(frozen=True, kw_only=True)
class Curve:
    """One group. `times` rise from 0; `share`, `lower` and `upper` lie between 0 and 1 and begin at 1.

    `censored` are the times at which people left without the event; `at_risk` is (time, number of people).
    """

    label: str
    times: tuple[float, ...]
    share: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    censored: tuple[float, ...] = ()
    at_risk: tuple[tuple[float, int], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A value from elsewhere, drawn as a dashed line that names its source."""

    value: float
    label: str


def kaplan_meier(
    curves: Sequence[Curve],
    *,
    title: str,
    alt: str,
    time_label: str,
    share_label: str,
    reference: Reference | None = None,
) -> Svg:
    """This function will draw survival curves for a page, with the numbers at risk under them."""
    chart = kaplan_meier_chart(curves, time_label=time_label, share_label=share_label, reference=reference)
    return render(chart, title=title, alt=alt)


def kaplan_meier_chart(
    curves: Sequence[Curve],
    *,
    time_label: str,
    share_label: str,
    reference: Reference | None = None,
    narrow: bool = False,
) -> altair.VConcatChart:
    """This function will return the chart itself, for `drawn` and `exported_png`; at most five curves.

    A narrow one fits a phone: a single curve is named by its axis alone.
    """
    if not 0 < len(curves) <= len(SEQUENCE):
        raise ValueError(f"A figure takes 1 to {len(SEQUENCE)} curves, not {len(curves)}.")
    ends = max(curve.times[-1] for curve in curves)
    x = altair.X(
        "time:Q",
        title=time_label,
        scale=altair.Scale(domain=[0, ends], nice=False),
        axis=altair.Axis(tickCount=4 if narrow else 8),
    )
    layers = [layer for index, curve in enumerate(curves) for layer in _curve(curve, index, x, share_label)]
    if len(curves) > 1 or not narrow:
        layers.append(_labels(curves, ends, inside=narrow))
    if reference is not None:
        layers += _reference(reference, ends)
    width = _NARROW if narrow else _WIDTH
    upper = altair.layer(*layers).properties(width=width, height=_HEIGHT)
    drawn = altair.vconcat(upper, _at_risk(curves, ends, width), spacing=12)
    return drawn.properties(padding=_NARROW_PADDING) if narrow else drawn


def _curve(curve: Curve, index: int, x: altair.X, share_label: str) -> list[altair.Chart]:
    """Return the band, the steps, the censoring ticks and the label of one group."""
    colour = palette()[SEQUENCE[index]]
    steps = [
        {"time": time, "share": share, "lower": lower, "upper": upper}
        for time, share, lower, upper in zip(curve.times, curve.share, curve.lower, curve.upper, strict=True)
    ]
    ticks = [{"time": time, "share": _share_at(curve, time)} for time in curve.censored]
    axis = altair.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1])
    y = altair.Y("share:Q", title=share_label, scale=altair.Scale(domain=[0, 1]), axis=axis)
    base = altair.Chart(altair.Data(values=steps)).encode(x=x)
    drawn = [
        base.mark_area(interpolate="step-after", color=colour).encode(y=altair.Y("lower:Q"), y2="upper:Q"),
        base.mark_line(interpolate="step-after", color=colour).encode(y=y),
    ]
    if ticks:
        marks = altair.Chart(altair.Data(values=ticks)).mark_rule(color=colour, strokeWidth=1.5)
        drawn.append(
            marks.encode(x=x, y="above:Q", y2="below:Q").transform_calculate(
                above="datum.share + 0.015", below="datum.share - 0.015"
            )
        )
    return drawn


def _labels(curves: Sequence[Curve], ends: float, *, inside: bool) -> altair.Chart:
    """Return the names of the curves at their right ends, moved apart where they would overlap."""
    values = []
    for index, curve in sorted(enumerate(curves), key=lambda pair: pair[1].share[-1]):
        height = max(curve.share[-1], values[-1]["share"] + 0.07 if values else 0.0)
        values.append({"label": curve.label, "share": height, "colour": palette()[SEQUENCE[index]], "time": ends})
    place = {"align": "right", "dx": -4, "dy": -10} if inside else {"align": "left", "dx": 8}
    words = altair.Chart(altair.Data(values=values)).mark_text(fontWeight=600, **place)
    return words.encode(x="time:Q", y="share:Q", text="label:N", color=altair.Color("colour:N", scale=None))


def _share_at(curve: Curve, time: float) -> float:
    """Return the height of the steps at a time."""
    return [share for at, share in zip(curve.times, curve.share, strict=True) if at <= time][-1]


def _reference(reference: Reference, ends: float) -> list[altair.Chart]:
    values = [{"share": reference.value, "time": ends, "label": reference.label}]
    base = altair.Chart(altair.Data(values=values)).encode(y="share:Q")
    words = base.mark_text(align="left", dy=-8, dx=4, color=palette()["ink-quiet"]).encode(x=altair.value(0))
    return [base.mark_rule(strokeDash=[4, 4]), words.encode(text="label:N")]


def _at_risk(curves: Sequence[Curve], ends: float, width: int) -> altair.LayerChart:
    """Return the rows of numbers at risk, in the colours of their curves."""
    rows = [
        {"label": curve.label, "time": time, "number": number, "colour": palette()[SEQUENCE[index]]}
        for index, curve in enumerate(curves)
        for time, number in curve.at_risk
    ]
    axis = altair.Axis(
        title=None,
        domain=False,
        ticks=False,
        grid=False,
        labels=width == _WIDTH or len(curves) > 1,
        labelLimit=180 if width == _WIDTH else 80,
        labelPadding=24,
    )
    order = [curve.label for curve in curves]
    x = altair.X("time:Q", axis=None, scale=altair.Scale(domain=[0, ends], nice=False))
    numbers = (
        altair.Chart(altair.Data(values=rows))
        .mark_text()
        .encode(
            x=x,
            y=altair.Y("label:N", sort=order, axis=axis),
            text="number:Q",
            color=altair.Color("colour:N", scale=None),
        )
    )
    return altair.layer(numbers).properties(
        width=width, height=22 * len(curves), title=altair.Title("Still at risk", anchor="start")
    )
