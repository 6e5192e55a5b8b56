"""Shares with their intervals and denominators, one row each."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair

from daybreak.design.figures.rendering import render
from daybreak.design.figures.survival import Reference
from daybreak.design.figures.svg import Svg
from daybreak.design.palette import palette

_WIDTH = 420
_ROW = 34
_NARROW = 300
_NARROW_ROW = 52


@dataclass(frozen=True, kw_only=True)
class Proportion:
    """One row: a share between 0 and 1 with its interval, and words such as "12 of 40".

    A row whose group is too small to show has no share; `words` then says so.
    """

    label: str
    words: str
    share: float | None = None
    lower: float | None = None
    upper: float | None = None


def proportions(
    rows: Sequence[Proportion], *, title: str, alt: str, share_label: str, reference: Reference | None = None
) -> Svg:
    """This function will draw shares as dots with intervals for a page, each with its denominator."""
    return render(proportions_chart(rows, share_label=share_label, reference=reference), title=title, alt=alt)


def proportions_chart(
    rows: Sequence[Proportion], *, share_label: str, reference: Reference | None = None, narrow: bool = False
) -> altair.LayerChart:
    """This function will return the chart itself, for `drawn` and `exported_png`.

    A narrow one fits a phone: the words of a row stand above its share instead of beside it.
    """
    if not rows:
        raise ValueError("A figure of shares needs at least one row.")
    values = [
        {"label": row.label, "words": row.words, "share": row.share, "lower": row.lower, "upper": row.upper}
        for row in rows
    ]
    shown = [value for value in values if value["share"] is not None]
    labels = altair.Axis(
        title=None, grid=False, labels=not narrow, labelLimit=180, labelFontSize=14, labelColor=palette()["ink"]
    )
    y = altair.Y("label:N", sort=[row.label for row in rows], axis=labels)
    axis = altair.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1], grid=True)
    x = altair.X("share:Q", title=share_label, scale=altair.Scale(domain=[0, 1]), axis=axis)
    blue = palette()["blue"]
    dots = altair.Chart(altair.Data(values=shown))
    words = altair.Chart(altair.Data(values=_captions(rows) if narrow else values)).mark_text(
        align="left", baseline="middle", dx=0 if narrow else 14, dy=-18 if narrow else 0
    )
    layers = [
        dots.mark_rule(color=blue, strokeWidth=2).encode(x=altair.X("lower:Q"), x2="upper:Q", y=y),
        dots.mark_point(filled=True, size=90, opacity=1, color=blue).encode(x=x, y=y),
        words.encode(x=altair.value(0 if narrow else _WIDTH), y=y, text="words:N"),
    ]
    if reference is not None:
        layers += _reference(reference)
    width, row = (_NARROW, _NARROW_ROW) if narrow else (_WIDTH, _ROW)
    return altair.layer(*layers).properties(width=width, height=row * len(rows))


def _captions(rows: Sequence[Proportion]) -> list[dict[str, str]]:
    return [{"label": row.label, "words": f"{row.label} · {row.words}"} for row in rows]


def _reference(reference: Reference) -> list[altair.Chart]:
    base = altair.Chart(altair.Data(values=[{"share": reference.value, "label": reference.label}]))
    words = base.mark_text(align="center", baseline="bottom", dy=-4, color=palette()["ink-quiet"])
    return [
        base.mark_rule(strokeDash=[4, 4]).encode(x="share:Q"),
        words.encode(x="share:Q", y=altair.value(0), text="label:N"),
    ]
