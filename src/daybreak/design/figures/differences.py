"""Differences with their intervals around the line of no difference, one row each."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair

from daybreak.design.palette import palette

_WIDTH, _ROW, _NARROW, _NARROW_ROW = 400, 32, 300, 52


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One row: a difference with its interval in the unit of the axis, and its words; `is_main` gives it the accent.

    A row without a value says so by its words alone.
    """

    label: str
    words: str
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    is_main: bool = False


def differences_chart(rows: Sequence[Difference], *, value_label: str, narrow: bool = False) -> altair.LayerChart:
    """This function will return the chart. A narrow one fits a phone: the words of a row stand above it."""
    if not rows:
        raise ValueError("A figure of differences needs at least one row.")
    colours = palette()
    values = [
        {"label": row.label, "words": _caption(row) if narrow else row.words, "value": row.value, "lower": row.lower,
         "upper": row.upper, "colour": colours["dawn"] if row.is_main else colours["blue"]}
        for row in rows
    ]  # fmt: skip
    ends = [end for row in rows for end in (row.value, row.lower, row.upper) if end is not None]
    edge = 0.08 * (max([*ends, 0.0]) - min([*ends, 0.0]) or 1.0)
    scale = altair.Scale(domain=[min([*ends, 0.0]) - edge, max([*ends, 0.0]) + edge], nice=False)
    axis = altair.Axis(title=None, grid=False, labels=not narrow, labelLimit=300, labelFontSize=14,
                       labelColor=colours["ink"])  # fmt: skip
    y = altair.Y("label:N", sort=[row.label for row in rows], axis=axis)
    x = altair.X("value:Q", title=value_label, scale=scale, axis=altair.Axis(grid=True, tickCount=5))
    colour = altair.Color("colour:N", scale=None)
    shown = altair.Chart(altair.Data(values=[value for value in values if value["value"] is not None]))
    zero = altair.Chart(altair.Data(values=[{"value": 0}])).mark_rule(strokeDash=[4, 4], color=colours["ink-quiet"])
    words = altair.Chart(altair.Data(values=values)).mark_text(
        align="left", baseline="middle", dx=0 if narrow else 14, dy=-18 if narrow else 0
    )
    width = _NARROW if narrow else _WIDTH
    return altair.layer(
        zero.encode(x=x),
        shown.mark_rule(strokeWidth=2).encode(x=altair.X("lower:Q"), x2="upper:Q", y=y, color=colour),
        shown.mark_point(filled=True, size=90, opacity=1).encode(x=x, y=y, color=colour),
        words.encode(x=altair.value(0 if narrow else width), y=y, text="words:N"),
    ).properties(width=width, height=(_NARROW_ROW if narrow else _ROW) * len(rows))


def _caption(row: Difference) -> str:
    """Return the words above a row on a phone: its name and value; the interval is drawn."""
    return f"{row.label} · {row.words.partition(' (')[0]}"
