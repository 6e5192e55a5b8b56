"""A bubble plot: trials along a moderator, sized by their weight, with the fitted line and its interval."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair

from daybreak.design.palette import palette

_WIDTH, _NARROW, _HEIGHT = 520, 270, 300


@dataclass(frozen=True, kw_only=True)
class Bubble:
    """One trial: the moderator's value, its effect and its weight in percent; open where it is provisional."""

    label: str
    value: float | str
    effect: float
    weight: float
    is_provisional: bool = False


@dataclass(frozen=True, kw_only=True)
class Level:
    """The fitted effect at one value of the moderator, with its interval."""

    value: float | str
    effect: float
    lower: float
    upper: float


def bubble_chart(
    bubbles: Sequence[Bubble],
    levels: Sequence[Level],
    *,
    value_label: str,
    effect_label: str,
    is_ratio: bool,
    narrow: bool = False,
) -> altair.LayerChart:
    """This function will return the chart; ratios stand on a logarithmic scale, with a line where nothing differs."""
    if not bubbles or not levels:
        raise ValueError("A bubble plot needs trials and what was fitted to them.")
    colours, numeric = palette(), isinstance(levels[0].value, float)
    domain = _domain(bubbles, levels, is_ratio=is_ratio)
    scale = altair.Scale(type="log" if is_ratio else "linear", domain=list(domain), clamp=True)
    y = altair.Y("effect:Q", title=effect_label, scale=scale)
    axis = altair.Axis(labelAngle=0, labelLimit=180) if not narrow else altair.Axis(labelAngle=-40, labelLimit=130)
    order = [str(each.value) for each in levels]
    x = (
        altair.X(
            "value:Q",
            title=value_label,
            scale=altair.Scale(zero=False, nice=True, padding=12),
            axis=altair.Axis(tickCount=5),
        )
        if numeric
        else altair.X("value:N", title=value_label, sort=order, axis=axis)
    )
    low, high = domain
    fitted = [
        {
            "value": each.value,
            "effect": each.effect,
            "lower": min(max(each.lower, low), high),
            "upper": min(max(each.upper, low), high),
        }
        for each in levels
    ]
    points = [
        {"value": b.value, "effect": b.effect, "weight": b.weight, "label": b.label, "kind": b.is_provisional}
        for b in bubbles
    ]
    nothing = altair.Chart(altair.Data(values=[{"effect": 1.0 if is_ratio else 0.0}]))
    layers = [
        nothing.mark_rule(color=colours["grey"], strokeDash=[4, 4]).encode(y=y),
        *_fit(fitted, x, y, altair.Y("lower:Q", title=effect_label, scale=scale), numeric=numeric),
        *(_trials([p for p in points if p["kind"] is kind], x, y, filled=not kind) for kind in (False, True)),
    ]
    return altair.layer(*layers).properties(width=_NARROW if narrow else _WIDTH, height=_HEIGHT)


def _domain(bubbles: Sequence[Bubble], levels: Sequence[Level], *, is_ratio: bool) -> tuple[float, float]:
    """Return the span of the trials and the fitted line; a band that goes far beyond them is cut."""
    told = [*(b.effect for b in bubbles), *(level.effect for level in levels), 1.0 if is_ratio else 0.0]
    low, high = min(told), max(told)
    room = (high - low) * 0.15 or 1.0
    return (low / 1.6, high * 1.6) if is_ratio else (low - room, high + room)


def _fit(
    fitted: Sequence[dict[str, object]], x: altair.X, y: altair.Y, lower: altair.Y, *, numeric: bool
) -> tuple[altair.Chart, altair.Chart]:
    base = altair.Chart(altair.Data(values=list(fitted))).encode(x=x)
    colour = palette()["dawn"]
    band = {"y": lower, "y2": altair.Y2("upper:Q")}
    if numeric:
        return base.mark_area(color=colour, opacity=0.16).encode(**band), base.mark_line(color=colour).encode(y=y)
    return (
        base.mark_rule(color=colour, strokeWidth=2, xOffset=-18).encode(**band),
        base.mark_tick(color=colour, thickness=3, width=22, xOffset=-18).encode(y=y),
    )


def _trials(points: Sequence[dict[str, object]], x: altair.X, y: altair.Y, *, filled: bool) -> altair.Chart:
    sizes = altair.Size("weight:Q", scale=altair.Scale(domain=[0, 40], range=[30, 700]), legend=None)
    base = altair.Chart(altair.Data(values=list(points))).encode(x=x, y=y, size=sizes)
    return base.mark_point(filled=filled, opacity=0.7, color=palette()["blue"], strokeWidth=2)
