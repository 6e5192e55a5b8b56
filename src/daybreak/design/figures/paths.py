"""Paths over weeks against a limit: what a sequential test has gathered, and where it calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import altair

from daybreak.design.palette import palette

_WIDTH, _NARROW, _HEIGHT = 480, 270, 240
_NARROW_PADDING = {"left": 0, "top": 4, "right": 12, "bottom": 4}


@dataclass(frozen=True, kw_only=True)
class Path:
    """One path: a value at the end of the week that begins on each day. `stands_out` gives it the colour of a call."""

    label: str
    days: tuple[date, ...]
    values: tuple[float, ...]
    stands_out: bool = False


@dataclass(frozen=True, kw_only=True)
class Line:
    """A limit, drawn as a dashed line with its words."""

    value: float
    label: str


def paths_chart(
    paths: Sequence[Path], lines: Sequence[Line], *, value_label: str, narrow: bool = False
) -> altair.LayerChart:
    """This function will return the chart; each path is named at its end."""
    if not paths or not all(path.days for path in paths):
        raise ValueError("A figure of paths needs a path, and each of them a week.")
    colours = palette()
    days = sorted({day for path in paths for day in path.days})
    every = [value for path in paths for value in path.values] + [line.value for line in lines] + [0.0]
    low, high = min(every), max(every)
    room = (high - low or 1) * 0.08
    x = altair.X(
        "day:T",
        title=None,
        scale=altair.Scale(type="utc", domain=[days[0].isoformat(), days[-1].isoformat()]),
        axis=altair.Axis(tickCount=3 if narrow else 6, format="%b %Y"),
    )
    y = altair.Y("value:Q", title=value_label, scale=altair.Scale(domain=[low - room * (low < 0), high + room]))
    layers: list[altair.Chart] = []
    for path in sorted(paths, key=lambda each: each.stands_out):
        colour = colours["dawn"] if path.stands_out else colours["blue"]
        values = [{"day": d.isoformat(), "value": v} for d, v in zip(path.days, path.values, strict=True)]
        base = altair.Chart(altair.Data(values=values)).encode(x=x, y=y)
        layers.append(base.mark_line(color=colour, opacity=1 if path.stands_out or len(paths) == 1 else 0.55))
    if len(paths) > 1 and not narrow:
        layers.append(_ends(paths, x, y, (high - low or 1) / 16))
    return _finished(layers, lines, days[0], x, y, narrow)


def _ends(paths: Sequence[Path], x: altair.X, y: altair.Y, apart: float) -> altair.Chart:
    """Return the names at the ends, moved up where they would lie on one another."""
    last, values = float("-inf"), []
    for path in sorted(paths, key=lambda each: each.values[-1]):
        last = max(path.values[-1], last + apart)
        values.append({"day": max(p.days[-1] for p in paths).isoformat(), "value": last, "label": path.label})
    base = altair.Chart(altair.Data(values=values))
    return base.mark_text(align="left", dx=6, fontSize=12).encode(x=x, y=y, text="label:N")


def _finished(
    layers: list[altair.Chart], lines: Sequence[Line], first: date, x: altair.X, y: altair.Y, narrow: bool
) -> altair.LayerChart:
    values = [{"day": first.isoformat(), "value": line.value, "label": line.label} for line in lines]
    base = altair.Chart(altair.Data(values=values))
    rules = base.mark_rule(strokeDash=[4, 4], color=palette()["ink-quiet"]).encode(y=y)
    words = base.mark_text(align="left", baseline="bottom", dy=-3, dx=4, fontSize=12, color=palette()["ink-quiet"])
    drawn = altair.layer(*layers, rules, words.encode(x=x, y=y, text="label:N"))
    drawn = drawn.properties(width=_NARROW if narrow else _WIDTH, height=_HEIGHT)
    return drawn.properties(padding=_NARROW_PADDING) if narrow else drawn
