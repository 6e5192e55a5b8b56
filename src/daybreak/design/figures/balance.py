"""How alike two groups are before and after weighting, one row for each thing that was known (a love plot)."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair

from daybreak.design.palette import palette

_WIDTH, _ROW, _NARROW, _NARROW_ROW = 420, 26, 300, 44


@dataclass(frozen=True, kw_only=True)
class Balanced:
    """One row: how far the groups lie apart, in standard deviations above 0."""

    label: str
    before: float
    after: float


def balance_chart(
    rows: Sequence[Balanced], *, limit: float, value_label: str, limit_label: str, before: str, after: str,
    narrow: bool = False,
) -> altair.LayerChart:  # fmt: skip
    """This function will return the chart: open circles before weighting, full ones after, and the limit."""
    if not rows:
        raise ValueError("A figure of balance needs at least one row.")
    colours = palette()
    values = [{"label": row.label, "before": row.before, "after": row.after} for row in rows]
    top = 1.12 * max([limit, *(row.before for row in rows), *(row.after for row in rows)])
    scale = altair.Scale(domain=[0, top], nice=False)
    axis = altair.Axis(title=None, grid=False, labels=not narrow, labelLimit=260, labelFontSize=14,
                       labelColor=colours["ink"])  # fmt: skip
    y = altair.Y("label:N", sort=[row.label for row in rows], axis=axis)
    x = altair.X("before:Q", title=value_label, scale=scale, axis=altair.Axis(grid=True, tickCount=5))
    base = altair.Chart(altair.Data(values=values))
    line = altair.Chart(altair.Data(values=[{"before": limit, "label": limit_label}]))
    layers = [
        line.mark_rule(strokeDash=[4, 4], color=colours["ink-quiet"]).encode(x=x),
        base.mark_rule(strokeWidth=1, color=colours["grey"]).encode(x=altair.X("before:Q"), x2="after:Q", y=y),
        base.mark_point(filled=False, size=70, strokeWidth=2, color=colours["grey"]).encode(x=x, y=y),
        base.mark_point(filled=True, size=80, opacity=1, color=colours["blue"]).encode(x=altair.X("after:Q"), y=y),
        line.mark_text(align="center", baseline="bottom", dy=-6, color=colours["ink-quiet"]).encode(
            x=x, y=altair.value(0), text="label:N"
        ),
        *_key(rows[0], x, y, before, after, narrow=narrow),
    ]
    if narrow:
        words = base.mark_text(align="left", baseline="middle", dy=-16)
        layers.append(words.encode(x=altair.value(0), y=y, text="label:N"))
    width, row = (_NARROW, _NARROW_ROW) if narrow else (_WIDTH, _ROW)
    return altair.layer(*layers).properties(width=width, height=row * len(rows))


def _key(first: Balanced, x: altair.X, y: altair.Y, before: str, after: str, *, narrow: bool) -> list[altair.Chart]:
    """Return words beside the two circles of the first row, where they do not touch."""
    if narrow or abs(first.before - first.after) < 0.02:
        return []
    colours = palette()
    base = altair.Chart(altair.Data(values=[{"label": first.label, "before": first.before, "after": first.after}]))
    return [
        base.mark_text(align="left", dx=9, fontSize=11, color=colours["ink-quiet"]).encode(
            x=x, y=y, text=altair.value(before)
        ),
        base.mark_text(align="left", dx=9, fontSize=11, color=colours["blue"]).encode(
            x=altair.X("after:Q"), y=y, text=altair.value(after)
        ),
    ]
