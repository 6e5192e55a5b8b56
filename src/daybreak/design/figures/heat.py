"""Amounts in a grid of rows and columns: the darker a cell, the more. One colour, so that it reads without telling
colours apart, in grey, and in print.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import altair

from daybreak.design.palette import palette

_WIDTH, _NARROW = 560, 270
_ROW = 24
_NARROW_PADDING = {"left": 10, "top": 4, "right": 12, "bottom": 4}
# How dark each step is; paper is none.
_STEPS = (0.14, 0.32, 0.55, 0.78, 1.0)


@dataclass(frozen=True, kw_only=True)
class Heat:
    """One cell, by the name of its row and the number of its column, from 0."""

    row: str
    column: int
    amount: float


def heat_chart(
    cells: Sequence[Heat],
    *,
    rows: Sequence[str],
    columns: int,
    heads: Mapping[int, str],
    column_label: str,
    row_label: str,
    key_label: str,
    narrow: bool = False,
) -> altair.VConcatChart:
    """This function will return the chart: `rows` from above, `columns` of which some have `heads`, and a key of what
    each darkness stands for. A cell of nothing is paper.
    """
    if not cells or not rows:
        raise ValueError("A heat map needs cells.")
    highest = max(cell.amount for cell in cells) or 1.0
    width = _NARROW if narrow else _WIDTH
    values = [
        {"row": cell.row, "column": cell.column, "next": cell.column + 1, "dark": _darkness(cell.amount, highest)}
        for cell in cells
        if cell.amount > 0
    ]
    names = "{" + ",".join(f"{at}:{name!r}" for at, name in heads.items()) + "}"
    axis = altair.Axis(
        values=list(heads), labelExpr=f"({names})[datum.value]", ticks=True, labelAlign="left", grid=False
    )
    grid = (
        altair.Chart(altair.Data(values=values))
        .mark_rect(color=palette()["blue"], stroke=None)
        .encode(
            x=altair.X("column:Q", title=column_label, axis=axis, scale=altair.Scale(domain=[0, columns], nice=False)),
            x2="next:Q",
            y=altair.Y(
                "row:N",
                title=None if narrow else row_label,
                sort=list(rows),
                scale=altair.Scale(domain=list(rows), paddingInner=0.12),
                axis=altair.Axis(grid=False, labelLimit=90 if narrow else 180),
            ),
            opacity=altair.Opacity("dark:Q", scale=None),
        )
        .properties(width=width, height=_ROW * len(rows))
    )
    drawn = altair.vconcat(grid, _key(highest, key_label, width), spacing=16)
    return drawn.properties(padding=_NARROW_PADDING) if narrow else drawn


def _darkness(amount: float, highest: float) -> float:
    """Return the darkness of an amount: five steps that grow as squares, so that little is seen beside much."""
    return _STEPS[min(int((amount / highest) ** 0.5 * len(_STEPS)), len(_STEPS) - 1)]


def _key(highest: float, label: str, width: int) -> altair.LayerChart:
    """Return the steps beside one another, each over the least amount that it stands for."""
    least = [highest * (at / len(_STEPS)) ** 2 for at in range(len(_STEPS))]
    said = [f"{amount:.1f}" if highest < 20 else f"{ceil(amount):,}" for amount in least]
    said[0] = "> 0"
    steps = [{"at": at, "dark": dark, "said": said[at]} for at, dark in enumerate(_STEPS)]
    x = altair.X("at:O", axis=None, scale=altair.Scale(paddingInner=0.1))
    base = altair.Chart(altair.Data(values=steps)).encode(x=x)
    swatches = base.mark_rect(color=palette()["blue"], height=10).encode(opacity=altair.Opacity("dark:Q", scale=None))
    words = base.mark_text(dy=15, color=palette()["ink-quiet"]).encode(text="said:N")
    title = altair.Title(label, anchor="start")
    return altair.layer(swatches, words).properties(width=min(width, 300), height=26, title=title)
