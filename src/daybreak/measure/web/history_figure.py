"""Draws the scores of one instrument over time, with the bands and cut-offs of its definition."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from daybreak.design.palette import palette
from daybreak.design.public import render
from daybreak.measure.queries import Score
from daybreak.rulebook.public import CutOffs, Instrument

WIDTH, HEIGHT = 560, 240
_LINE_OF_WORDS = 17  # pixels: closer than this two labels would touch
_SHORT = timedelta(days=2)
Level = dict[str, object]


def history_figure(instrument: Instrument, every: Sequence[Score], *, zone: str) -> dict[str, str] | None:
    """Return the drawing of the instrument's first score with its title and dates, or None below two scores."""
    rule = instrument.scores[0]
    rows = [row for row in every if row.name == rule.id]
    if len(rows) < 2:
        return None
    at = [row.answered_at.astimezone(ZoneInfo(zone)) for row in rows]
    words = {"title": rule.title, "first": _plain(rows[0].value), "last": _plain(rows[-1].value)}
    title = _("%(title)s: from %(first)s to %(last)s") % words
    span = f"{at[0]:%-d %B %Y} – {at[-1]:%-d %B %Y}"
    alt = _("%(title)s, %(count)s scores, %(span)s.") % {"title": title, "count": len(rows), "span": span}
    return {"title": title, "span": span, "drawing": render(_chart(instrument, rows, at), title=rule.title, alt=alt)}


def _chart(instrument: Instrument, rows: Sequence[Score], at: Sequence[datetime]) -> dict[str, object]:
    rule = instrument.scores[0]
    y = {
        "field": "value",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [float(rule.lowest), float(rule.highest)], "nice": False},
        "axis": {"grid": False, "tickCount": 5},
    }
    bands: list[Level] = [{"value": float(band.at_least), "words": band.text["en"]} for band in rule.bands]
    cuts = [level for cut in instrument.cut_offs if cut.score == rule.id for level in _levels(cut, rows[0].value)]
    layers = [
        *_lines(instrument, bands, palette()["line"], palette()["ink-quiet"], y, dash=[1, 0], beside=False),
        *_lines(instrument, _once(cuts), palette()["good"], palette()["good"], y, dash=[6, 4], beside=True),
        _curve(rows, at, y),
    ]
    return {"layer": layers, "width": WIDTH, "height": HEIGHT}


def _curve(rows: Sequence[Score], at: Sequence[datetime], y: dict[str, object]) -> dict[str, object]:
    """Draw the scores over the site's own clock; scores of one day still get a day's room."""
    blue = palette()["blue"]
    points = [{"at": _local(when), "value": float(row.value)} for when, row in zip(at, rows, strict=True)]
    room = max(timedelta(0), _SHORT / 2 - (at[-1] - at[0])) / 2
    ends = [_local(at[0] - room), _local(at[-1] + room)]
    how = "%-d %b %H:%M" if at[-1] - at[0] < _SHORT else "%-d %b %Y"
    x = {
        "field": "at",
        "type": "temporal",
        "title": None,
        "scale": {"domain": ends},
        "axis": {"format": how, "tickCount": 4, "grid": False, "labelOverlap": True},
    }
    return {
        "data": {"values": points},
        "mark": {"type": "line", "point": {"filled": True, "size": 60, "color": blue}, "color": blue, "strokeWidth": 2},
        "encoding": {"x": x, "y": y},
    }


def _lines(
    instrument: Instrument,
    levels: list[Level],
    stroke: str,
    ink: str,
    y: dict[str, object],
    *,
    dash: list[int],
    beside: bool,
) -> list[dict[str, object]]:
    """Draw levels with their names: on the line, or beside the drawing where they may lie close together."""
    if not levels:
        return []
    placed = _apart(instrument, levels) if beside else [{**level, "words_at": level["value"]} for level in levels]
    baseline = {"baseline": "middle"} if beside else {"baseline": "bottom", "dy": -2}
    text = {"type": "text", "align": "left", "dx": 6, "color": ink, **baseline}
    words_at = {**y, "field": "words_at"}
    where = {"x": {"value": WIDTH if beside else 0}, "y": words_at, "text": {"field": "words", "type": "nominal"}}
    line = {"type": "rule", "color": stroke, "strokeDash": dash}
    return [
        {"data": {"values": placed}, "mark": line, "encoding": {"y": y}},
        {"data": {"values": placed}, "mark": text, "encoding": where},
    ]


def _apart(instrument: Instrument, levels: list[Level]) -> list[Level]:
    """Return the levels with a place for each name, from the lowest up, so that no two touch."""
    rule = instrument.scores[0]
    least = float(rule.highest - rule.lowest) * _LINE_OF_WORDS / HEIGHT
    placed: list[Level] = []
    for level in sorted(levels, key=lambda each: float(str(each["value"]))):
        at = float(str(level["value"]))
        if placed:
            at = max(at, float(str(placed[-1]["words_at"])) + least)
        placed.append({**level, "words_at": at})
    return placed


def _levels(cut: CutOffs, first: Decimal) -> list[Level]:
    """Return the levels of one set of cut-offs: remission, and response as so much less than the first score."""
    found: list[Level] = []
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


def _once(levels: list[Level]) -> list[Level]:
    return list({level["words"]: level for level in levels}.values())


def _local(when: datetime) -> str:
    return when.replace(tzinfo=None).isoformat()


def _plain(value: Decimal) -> str:
    return f"{round(value, 1).normalize():f}"
