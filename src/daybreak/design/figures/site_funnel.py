"""Sites beside one another without a rank: each site's share against its size, with the limits that chance fills."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair

from daybreak.design.palette import palette

_WIDTH, _NARROW, _HEIGHT = 480, 270, 280
_NARROW_PADDING = {"left": 0, "top": 4, "right": 12, "bottom": 4}


@dataclass(frozen=True, kw_only=True)
class SitePoint:
    """One site: its size, share, and its name where it may be told. `stands_out` gives it the colour of a call."""

    size: int
    share: float
    label: str = ""
    stands_out: bool = False


@dataclass(frozen=True, kw_only=True)
class FunnelLimit:
    """The limits at one size: two pairs around the centre."""

    size: int
    inner: tuple[float, float]
    outer: tuple[float, float]


def site_funnel_chart(
    points: Sequence[SitePoint],
    limits: Sequence[FunnelLimit],
    *,
    centre: float,
    size_label: str,
    share_label: str,
    inner_label: str,
    outer_label: str,
    narrow: bool = False,
) -> altair.LayerChart:
    """This function will return the chart; sites without a name are open circles."""
    if not points or not limits:
        raise ValueError("A funnel of sites needs sites and limits.")
    colours = palette()
    top = limits[-1].size
    highest = min(1.0, 1.1 * max([centre, *(p.share for p in points), *(each.outer[1] for each in limits[2:])]))
    x = altair.X("size:Q", title=size_label, scale=altair.Scale(domain=[0, top * 1.15], nice=False))
    y = altair.Y(
        "share:Q", title=share_label, scale=altair.Scale(domain=[0, highest], clamp=True), axis=altair.Axis(format="%")
    )
    layers = [
        _lines(limits, "outer", x, y, colours["grey"], [2, 3]),
        _lines(limits, "inner", x, y, colours["grey"], [6, 3]),
        altair.Chart(altair.Data(values=[{"share": centre}])).mark_rule(color=colours["ink-quiet"]).encode(y=y),
        _words(limits[-1], inner_label, outer_label, x, y),
        *_points(points, x, y, named=not narrow or sum(bool(p.label) for p in points) < 6),
    ]
    drawn = altair.layer(*layers).properties(width=_NARROW if narrow else _WIDTH, height=_HEIGHT)
    return drawn.properties(padding=_NARROW_PADDING) if narrow else drawn


def _lines(
    limits: Sequence[FunnelLimit], name: str, x: altair.X, y: altair.Y, colour: str, dash: list[int]
) -> altair.Chart:
    values = [
        {"size": each.size, "share": getattr(each, name)[side], "side": side} for each in limits for side in (0, 1)
    ]
    base = altair.Chart(altair.Data(values=values))
    return base.mark_line(color=colour, strokeDash=dash, strokeWidth=1.5, clip=True).encode(x=x, y=y, detail="side:N")


def _words(last: FunnelLimit, inner: str, outer: str, x: altair.X, y: altair.Y) -> altair.Chart:
    values = [
        {"size": last.size, "share": last.inner[1], "label": inner},
        {"size": last.size, "share": last.outer[1], "label": outer},
    ]
    base = altair.Chart(altair.Data(values=values))
    return base.mark_text(align="left", dx=4, fontSize=11, color=palette()["ink-quiet"]).encode(
        x=x, y=y, text="label:N"
    )


def _points(points: Sequence[SitePoint], x: altair.X, y: altair.Y, *, named: bool) -> list[altair.Chart]:
    colours = palette()
    layers = []
    for stands_out, told in ((False, False), (False, True), (True, False), (True, True)):
        values = [
            {"size": p.size, "share": p.share, "label": p.label}
            for p in points
            if (p.stands_out, bool(p.label)) == (stands_out, told)
        ]
        if values:
            colour = colours["dawn"] if stands_out else colours["blue"]
            base = altair.Chart(altair.Data(values=values)).encode(x=x, y=y)
            layers.append(base.mark_point(filled=told, size=90, opacity=1, color=colour, strokeWidth=2))
    if named:
        layers.append(_names([p for p in points if p.label], x, y))
    return layers


def _names(points: Sequence[SitePoint], x: altair.X, y: altair.Y) -> altair.Chart:
    """Return the names beside the points, moved up where one would lie on the last."""
    apart = max((p.share for p in points), default=0) / 16
    last, values = float("-inf"), []
    for point in sorted(points, key=lambda each: each.share):
        last = max(point.share, last + apart)
        values.append({"size": point.size, "share": last, "label": point.label})
    base = altair.Chart(altair.Data(values=values))
    return base.mark_text(align="left", dx=9, fontSize=12).encode(x=x, y=y, text="label:N")
