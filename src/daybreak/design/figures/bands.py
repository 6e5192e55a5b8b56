"""Courses over time side by side: a line each, with the band in which most people lie, all on one scale."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair

from daybreak.design.palette import SEQUENCE, palette

_WIDTH = 300
_NARROW = 270
_HEIGHT = 220


@dataclass(frozen=True, kw_only=True)
class Banded:
    """One panel. `lower` and `upper` are empty where nobody knows how people differ."""

    label: str
    times: tuple[float, ...]
    middle: tuple[float, ...]
    lower: tuple[float, ...] = ()
    upper: tuple[float, ...] = ()


def bands_chart(
    panels: Sequence[Banded], *, time_label: str, value_label: str, narrow: bool = False
) -> altair.VConcatChart:
    """This function will return the panels on one scale, two in a row, or under each other where it is narrow."""
    if not 0 < len(panels) <= len(SEQUENCE):
        raise ValueError(f"A figure takes 1 to {len(SEQUENCE)} panels, not {len(panels)}.")
    highest = max(max(panel.upper or panel.middle) for panel in panels)
    y = altair.Scale(domain=[0, highest], nice=True)
    drawn = [
        _panel(panel, palette()[SEQUENCE[number]], y, time_label, value_label, _NARROW if narrow else _WIDTH)
        for number, panel in enumerate(panels)
    ]
    beside = 1 if narrow else 2
    rows = [altair.hconcat(*drawn[at : at + beside], spacing=28) for at in range(0, len(drawn), beside)]
    return altair.vconcat(*rows, spacing=24)


def _panel(
    panel: Banded, colour: str, scale: altair.Scale, time_label: str, value_label: str, width: int
) -> altair.LayerChart:
    """Return one panel under its name."""
    points = [{"time": time, "middle": middle} for time, middle in zip(panel.times, panel.middle, strict=True)]
    for point, lower, upper in zip(points, panel.lower, panel.upper, strict=False):
        point |= {"lower": lower, "upper": upper}
    base = altair.Chart(altair.Data(values=points)).encode(
        x=altair.X("time:Q", title=time_label, scale=altair.Scale(domain=[0, panel.times[-1]], nice=False))
    )
    line = base.mark_line(color=colour).encode(y=altair.Y("middle:Q", title=value_label, scale=scale))
    layers = [line]
    if panel.lower:
        layers.insert(0, base.mark_area(color=colour).encode(y=altair.Y("lower:Q", scale=scale), y2="upper:Q"))
    title = altair.Title(panel.label, anchor="start", fontSize=13, fontWeight=600, color=palette()["ink"])
    return altair.layer(*layers).properties(width=width, height=_HEIGHT, title=title)
