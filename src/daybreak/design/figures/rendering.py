"""From a chart to SVG, PNG: the same chart gives the same bytes."""

import hashlib
import json
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import vl_convert

from daybreak.design.assets import BUILT
from daybreak.design.figures.svg import Svg
from daybreak.design.figures.theme import config
from daybreak.design.palette import palette

if TYPE_CHECKING:
    import altair

_ROOT = re.compile(r"^<svg\b([^>]*)>")
_SIZE = re.compile(r'\s(?:width|height|class|style)="[^"]*"')
_PAINT = re.compile(r'((?:fill|stroke)=")(#[0-9a-fA-F]{6})(")')


def render(chart: "altair.TopLevelMixin | dict[str, Any]", *, title: str, alt: str) -> Svg:
    """This function will draw a chart (altair's, or a Vega-Lite specification) as SVG for a page.

    Colours of the tokens become `var(--…)`, so that the drawing follows light, dark and print.
    `title` names the figure, `alt` says its finding to those who do not see it.
    """
    return Svg(_for_page(drawn(chart), title=title, alt=alt))


def drawn(chart: "altair.TopLevelMixin | dict[str, Any]") -> str:
    """This function will draw a chart as SVG with colours of its own, for files that leave the product."""
    return _svg(json.dumps(_specification(chart), sort_keys=True))


@lru_cache(maxsize=200)
def _svg(specification: str) -> str:
    """Draw once what many look at."""
    _register_font()
    return vl_convert.vegalite_to_svg(specification)


def exported_png(chart: "altair.TopLevelMixin | dict[str, Any]", *, scale: float = 2.0) -> bytes:
    """This function will draw a chart as PNG on white, for slides and letters."""
    _register_font()
    specification = _specification(chart)
    specification["config"] = specification["config"] | {"background": "#ffffff"}
    return vl_convert.vegalite_to_png(specification, scale=scale)


def _specification(chart: "altair.TopLevelMixin | dict[str, Any]") -> dict[str, Any]:
    """Return the chart's Vega-Lite with our theme under it."""
    given = chart if isinstance(chart, dict) else chart.to_dict(validate=False)  # the converter refuses what is wrong
    return {**given, "config": config()}


@cache
def _register_font() -> None:
    """Give the converter our typeface; without a built front end it falls back to the machine's own."""
    fonts = BUILT / "fonts"
    if fonts.is_dir():
        vl_convert.register_font_directory(str(fonts))


def _for_page(svg: str, *, title: str, alt: str) -> str:
    """Name the drawing, let it grow with its column, and hand its colours over to the page."""
    key = "figure-" + hashlib.sha256(f"{title}\0{alt}\0{svg}".encode()).hexdigest()[:10]
    opening = _ROOT.match(svg)
    if opening is None:
        raise ValueError("The converter returned no SVG.")
    attributes = _SIZE.sub("", opening.group(1))
    named = (
        f'<svg{attributes} role="img" aria-labelledby="{key}-title {key}-alt">'
        f'<title id="{key}-title">{escape(title)}</title><desc id="{key}-alt">{escape(alt)}</desc>'
    )
    body = svg[opening.end() :]
    body = re.sub(r'\b(id="|url\(#|href="#)', rf"\g<1>{key}-", body)
    return named + _PAINT.sub(_token_of, body)


def _token_of(paint: re.Match[str]) -> str:
    token = _tokens_by_colour().get(paint.group(2).lower())
    return f"{paint.group(1)}var(--{token}){paint.group(3)}" if token else paint.group(0)


@cache
def _tokens_by_colour() -> dict[str, str]:
    """Return the first token of each colour; text, lines and data come first in the file."""
    names: dict[str, str] = {}
    for name, colour in palette().items():
        names.setdefault(colour, name)
    return names
