"""Draws the scores of one instrument over time, with the bands and cut-offs of its definition."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from daybreak.design.palette import palette
from daybreak.design.public import render
from daybreak.measure.queries import Score
from daybreak.rulebook.public import CutOffs, Instrument

WIDTH, HEIGHT = 640, 240


def history_figure(instrument: Instrument, every: Sequence[Score]) -> dict[str, str] | None:
    """Return the drawing of the instrument's first score with its title and dates, or None below two scores."""
    rule = instrument.scores[0]
    rows = [row for row in every if row.name == rule.id]
    if len(rows) < 2:
        return None
    first, last = rows[0], rows[-1]
    title = _("%(title)s: from %(first)s to %(last)s") % {
        "title": rule.title,
        "first": _plain(first.value),
        "last": _plain(last.value),
    }
    span = f"{first.answered_at:%-d %B %Y} – {last.answered_at:%-d %B %Y}"
    alt = _("%(title)s, %(count)s scores, %(span)s.") % {"title": title, "count": len(rows), "span": span}
    return {"title": title, "span": span, "drawing": render(_chart(instrument, rows), title=rule.title, alt=alt)}


def _chart(instrument: Instrument, rows: Sequence[Score]) -> dict[str, object]:
    rule = instrument.scores[0]
    scale = {"domain": [float(rule.lowest), float(rule.highest)], "nice": False}
    points = [{"at": row.answered_at.isoformat(), "value": float(row.value)} for row in rows]
    x = {"field": "at", "type": "temporal", "title": None}
    y = {"field": "value", "type": "quantitative", "title": None, "scale": scale}
    blue = palette()["blue"]
    curve = {
        "data": {"values": points},
        "mark": {"type": "line", "point": {"filled": True, "size": 60, "color": blue}, "color": blue, "strokeWidth": 2},
        "encoding": {"x": x, "y": y},
    }
    bands = [{"value": float(band.at_least), "words": band.text["en"]} for band in rule.bands]
    cuts = [line for cut in instrument.cut_offs if cut.score == rule.id for line in _cut_lines(cut, rows[0].value)]
    layers = [
        *_lines(bands, palette()["line"], palette()["ink-quiet"], y, dash=[1, 0], align="left"),
        *_lines(cuts, palette()["good"], palette()["good"], y, dash=[6, 4], align="right"),
        curve,
    ]
    return {"layer": layers, "width": WIDTH, "height": HEIGHT}


def _lines(
    values: list[dict[str, object]], stroke: str, ink: str, y: dict[str, object], *, dash: list[int], align: str
) -> list[dict[str, object]]:
    """Draw levels with their names written on them."""
    if not values:
        return []
    data = {"values": values}
    text = {"type": "text", "align": align, "baseline": "bottom", "dy": -2, "dx": 4 if align == "left" else -4}
    where = {"x": {"value": 0 if align == "left" else WIDTH}, "y": y, "text": {"field": "words", "type": "nominal"}}
    return [
        {"data": data, "mark": {"type": "rule", "color": stroke, "strokeDash": dash}, "encoding": {"y": y}},
        {"data": data, "mark": {**text, "color": ink}, "encoding": where},
    ]


def _cut_lines(cut: CutOffs, first: Decimal) -> list[dict[str, object]]:
    """Return the levels of one set of cut-offs: remission, and response as so much less than the first score."""
    found: list[dict[str, object]] = []
    remission = cut.remission_below if cut.remission_below is not None else cut.remission_at_most
    if remission is not None:
        words = _("remission below %(level)s") if cut.remission_below is not None else _("remission at most %(level)s")
        found.append({"value": float(remission), "words": words % {"level": remission}})
    if cut.response_at_most is not None:
        level = cut.response_at_most
        found.append({"value": float(level), "words": _("response at most %(level)s") % {"level": level}})
    if cut.response_fall_percent is not None and first > 0:
        level = first * (100 - cut.response_fall_percent) / 100
        words = _("%(percent)s %% below the first") % {"percent": cut.response_fall_percent}
        found.append({"value": float(level), "words": words})
    return found


def _plain(value: Decimal) -> str:
    return f"{round(value, 1).normalize():f}"
