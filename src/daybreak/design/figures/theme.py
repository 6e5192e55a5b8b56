"""The one look of every figure: no frame, no legend, few lines, Public Sans."""

from typing import Any

from daybreak.design.palette import SEQUENCE, palette

FONT = "Public Sans"


def config() -> dict[str, Any]:
    """This function will return the Vega-Lite configuration that every chart gets."""
    colours = palette()
    text = {"labelFont": FONT, "titleFont": FONT, "labelColor": colours["ink-quiet"]}
    axis = text | {
        "labelFontSize": 13,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "titleColor": colours["ink-quiet"],
        "domainColor": colours["edge"],
        "tickColor": colours["edge"],
        "gridColor": colours["line"],
        "labelPadding": 6,
        "titlePadding": 10,
    }
    return {
        "background": None,
        "font": FONT,
        "padding": {"left": 4, "top": 4, "right": 40, "bottom": 4},  # browsers set type a little wider
        "view": {"stroke": None},
        "axis": axis,
        "axisX": {"grid": False},
        "axisY": {"domain": False, "ticks": False, "grid": True},
        "title": {"font": FONT, "fontSize": 13, "fontWeight": "normal", "color": colours["ink-quiet"]},
        "legend": {"disable": True},
        "range": {"category": [colours[name] for name in SEQUENCE]},
        "text": {"font": FONT, "fontSize": 13, "color": colours["ink"]},
        "line": {"strokeWidth": 2},
        "area": {"opacity": 0.16},
        "rule": {"color": colours["ink-quiet"]},
    }
