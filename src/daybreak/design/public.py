"""The door of the design room for Python; templates use `design/page.html` and `design/components.html`.

The figures take a second to load, so they are loaded when the first one is asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from daybreak.design.formats import ago, clock, day, moment, number, percent
from daybreak.design.forms import KeyedForm, Number, way_back
from daybreak.design.refusals import ComponentMisused, FrontEndNotBuilt
from daybreak.design.shell import RailItem, Shell, ShellPerson, ShellSite, SiteChoice

if TYPE_CHECKING:
    from daybreak.design.figures.line import Band, EventKind, EventMark, Line, Score, SessionMark
    from daybreak.design.figures.patient_line import patient_line
    from daybreak.design.figures.proportions import Proportion, proportions, proportions_chart
    from daybreak.design.figures.rendering import drawn, exported_png, render
    from daybreak.design.figures.survival import Curve, Reference, kaplan_meier, kaplan_meier_chart
    from daybreak.design.figures.svg import Svg

__all__ = [
    "Band",
    "ComponentMisused",
    "Curve",
    "EventKind",
    "EventMark",
    "FrontEndNotBuilt",
    "KeyedForm",
    "Line",
    "Number",
    "Proportion",
    "RailItem",
    "Reference",
    "Score",
    "SessionMark",
    "Shell",
    "ShellPerson",
    "ShellSite",
    "SiteChoice",
    "Svg",
    "ago",
    "clock",
    "day",
    "drawn",
    "exported_png",
    "kaplan_meier",
    "kaplan_meier_chart",
    "moment",
    "number",
    "patient_line",
    "percent",
    "proportions",
    "proportions_chart",
    "render",
    "way_back",
]

_FIGURES = {
    "line": ("Band", "EventKind", "EventMark", "Line", "Score", "SessionMark"),
    "patient_line": ("patient_line",),
    "proportions": ("Proportion", "proportions", "proportions_chart"),
    "rendering": ("drawn", "exported_png", "render"),
    "survival": ("Curve", "Reference", "kaplan_meier", "kaplan_meier_chart"),
    "svg": ("Svg",),
}


def __getattr__(name: str) -> Any:
    """Load the module of a figure when its name is first asked for."""
    for module, names in _FIGURES.items():
        if name in names:
            return getattr(import_module(f"daybreak.design.figures.{module}"), name)
    raise AttributeError(f"The design room has no {name!r}.")
