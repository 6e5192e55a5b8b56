"""Blood pressures over time, as a figure for the patient's page."""

from uuid import UUID

from django.utils.translation import ngettext

from daybreak.design.palette import palette
from daybreak.design.public import Svg, render
from daybreak.kernel.scope import Scope
from daybreak.measure.public import measurements

_WIDE, _NARROW = 560, 240
SIGNS = {"systolic_pressure": "systolic", "diastolic_pressure": "diastolic"}


def pressures_of(scope: Scope, patient: UUID) -> dict[str, object] | None:
    """Return the figure and its rows, or nothing where no pressure was measured outside sessions."""
    rows = [m for m in measurements(scope, patient=patient, signs=tuple(SIGNS)) if m.value is not None]
    if not rows:
        return None
    by_moment: dict[object, dict[str, object]] = {}
    for row in rows:
        by_moment.setdefault(row.measured_at, {})[row.sign] = row.value
    table = [
        (at, values.get("systolic_pressure"), values.get("diastolic_pressure"))
        for at, values in sorted(by_moment.items())
    ]
    first, last = (f"{row[0]:%-d %B %Y}" for row in (table[0], table[-1]))
    n = len(table)
    title = ngettext("%(n)s measurement of blood pressure", "%(n)s measurements of blood pressure", n) % {"n": n}
    return {
        "rows": table,
        "title": title,
        "span": f"{first} to {last}",
        "drawing": _draw(rows) if len(table) > 1 else None,
    }


def _draw(rows: list) -> Svg:
    """Draw them for a page, and narrower for a phone; styles show one of the two."""
    first, last = rows[0].measured_at, rows[-1].measured_at
    alt = f"Blood pressures outside sessions from {first:%-d %B %Y} to {last:%-d %B %Y}."
    wide, narrow = (
        render(_chart(rows, width), title="Blood pressure outside sessions", alt=alt) for width in (_WIDE, _NARROW)
    )
    return Svg(f'<div class="is-wide">{wide}</div><div class="is-narrow">{narrow}</div>')


def _chart(rows: list, width: int) -> dict[str, object]:
    values = [{"at": m.measured_at.isoformat(), "sign": SIGNS[m.sign], "value": float(m.value)} for m in rows]
    colours = {"domain": list(SIGNS.values()), "range": [palette()["blue"], palette()["violet"]]}
    newest = list({value["sign"]: value for value in values}.values())
    words = {"type": "text", "align": "left", "dx": 10, "fontWeight": 600}
    return {
        "data": {"values": values},
        "layer": [
            {"mark": {"type": "line", "point": {"size": 50}}},
            {"data": {"values": newest}, "mark": words, "encoding": {"text": {"field": "sign"}}},
        ],
        "encoding": {
            "x": {"field": "at", "type": "temporal", "title": None, "axis": {"tickCount": width // 80}},
            "y": {
                "field": "value",
                "type": "quantitative",
                "title": "mmHg",
                "scale": {"zero": False, "nice": True, "padding": 8},
            },
            "color": {"field": "sign", "type": "nominal", "scale": colours, "legend": None},
        },
        "width": width,
        "height": 200,
    }
