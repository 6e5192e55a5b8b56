"""Estimates with their intervals and denominators, one row each, on an axis of their own unit."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair

from daybreak.design.palette import palette

_WIDTH, _ROW = 420, 34
_NARROW, _NARROW_ROW = 300, 52


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row: a value with its interval (None where there is none), and words such as "12 of 40"."""

    label: str
    words: str
    value: float | None = None
    lower: float | None = None
    upper: float | None = None


def estimates_chart(
    rows: Sequence[Row], *, value_label: str, percent: bool = False, narrow: bool = False
) -> altair.LayerChart:
    """This function will return the chart: dots with intervals from 0 as far as they reach. What lies beyond four times
    the largest value is cut off, and the words say it.
    """
    if not rows:
        raise ValueError("A figure of estimates needs at least one row.")
    known = [row for row in rows if row.value is not None]
    widest = 4 * max((abs(row.value or 0) for row in known), default=0) or float("inf")
    ends = [end for row in known for end in (row.lower, row.upper) if end is not None and abs(end) <= widest]
    ends += [row.value for row in known if row.value is not None]
    low, high = min([0.0, *ends]), max([0.0, *ends]) or 1.0
    shown = [
        {"label": r.label, "value": r.value, "lower": max(low, r.lower or low), "upper": min(high, _end(r.upper, high))}
        for r in known
    ]
    axis = altair.Axis(
        title=None, grid=False, labels=not narrow, labelLimit=180, labelFontSize=14, labelColor=palette()["ink"]
    )
    y = altair.Y("label:N", sort=[row.label for row in rows], axis=axis)
    scale = altair.Scale(domain=[low, high], nice=True)
    format_ = {"format": "%"} if percent else {}
    x = altair.X("value:Q", title=value_label, scale=scale, axis=altair.Axis(grid=True, tickCount=5, **format_))
    dots, blue = altair.Chart(altair.Data(values=shown)), palette()["blue"]
    told = [{"label": r.label, "words": f"{r.label} · {r.words}" if narrow else r.words} for r in rows]
    words = altair.Chart(altair.Data(values=told)).mark_text(
        align="left", baseline="middle", dx=0 if narrow else 14, dy=-18 if narrow else 0
    )
    width, row_height = (_NARROW, _NARROW_ROW) if narrow else (_WIDTH, _ROW)
    layers = [
        dots.mark_rule(color=blue, strokeWidth=2).encode(x=altair.X("lower:Q"), x2="upper:Q", y=y),
        dots.mark_point(filled=True, size=90, opacity=1, color=blue).encode(x=x, y=y),
        words.encode(x=altair.value(0 if narrow else _WIDTH), y=y, text="words:N"),
    ]
    return altair.layer(*layers).properties(width=width, height=row_height * len(rows))


def _end(value: float | None, high: float) -> float:
    return high if value is None else value
