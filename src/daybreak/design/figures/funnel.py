"""A funnel plot: each trial's effect against how uncertain it is, with the region that chance alone would fill."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair

from daybreak.design.palette import palette

_WIDTH, _NARROW, _HEIGHT = 480, 270, 260
_Z = 1.959963984540054


@dataclass(frozen=True, kw_only=True)
class Dot:
    """One trial: its effect and standard error on the scale of the analysis; open where it is provisional."""

    label: str
    estimate: float
    standard_error: float
    is_provisional: bool = False


def funnel_chart(
    dots: Sequence[Dot], *, centre: float, effect_label: str, error_label: str, narrow: bool = False
) -> altair.LayerChart:
    """This function will return the chart; the most certain trials stand at the top, as readers expect."""
    if not dots:
        raise ValueError("A funnel plot needs at least one trial.")
    colours = palette()
    widest = max(dot.standard_error for dot in dots) * 1.1
    y = altair.Y("error:Q", title=error_label, scale=altair.Scale(domain=[widest, 0], nice=False))
    sides = [
        {"side": side, "effect": centre + side * _Z * error, "error": error}
        for side in (-1, 1)
        for error in (0, widest)
    ]
    points = [
        {"label": dot.label, "effect": dot.estimate, "error": dot.standard_error, "kind": dot.is_provisional}
        for dot in dots
    ]
    x = altair.X("effect:Q", title=effect_label, axis=altair.Axis(tickCount=4 if narrow else 6))
    limits = altair.Chart(altair.Data(values=sides)).mark_line(strokeDash=[4, 4], color=colours["grey"])
    middle = altair.Chart(altair.Data(values=[{"effect": centre}])).mark_rule(color=colours["dawn"])
    layers = [
        limits.encode(x=x, y=y, detail="side:N"),
        middle.encode(x=x),
        *(
            _dots(of_kind, x, y, filled=not kind)
            for kind in (False, True)
            if (of_kind := [each for each in points if each["kind"] is kind])
        ),
    ]
    if not narrow:
        layers.append(_names(dots, x, y, widest))
    return altair.layer(*layers).properties(width=_NARROW if narrow else _WIDTH, height=_HEIGHT)


def _dots(points: Sequence[dict[str, object]], x: altair.X, y: altair.Y, *, filled: bool) -> altair.Chart:
    base = altair.Chart(altair.Data(values=list(points))).encode(x=x, y=y)
    return base.mark_point(filled=filled, size=80, opacity=1, color=palette()["blue"], strokeWidth=2)


def _names(dots: Sequence[Dot], x: altair.X, y: altair.Y, widest: float) -> altair.Chart:
    """Return the names beside the trials, each moved down where it would lie on one that stands there."""
    line, length = widest / 18, widest * 0.8
    placed: list[tuple[Dot, float]] = []
    for dot in sorted(dots, key=lambda each: each.standard_error):
        beside = [at for other, at in placed if abs(other.estimate - dot.estimate) < length]
        lower = max([dot.standard_error, *(at + line for at in beside)])
        placed.append((dot, lower if lower <= widest else dot.standard_error))
    values = [{"label": dot.label, "effect": dot.estimate, "error": at} for dot, at in placed]
    base = altair.Chart(altair.Data(values=values))
    return base.mark_text(align="left", dx=8, fontSize=11).encode(x=x, y=y, text="label:N")
