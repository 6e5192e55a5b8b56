"""The door of the design room for Python; templates use `design/page.html` and `design/components.html`.

Figures and paper take a second to load, so they are loaded when the first one is asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from daybreak.design.formats import ago, clock, day, moment, number, percent
from daybreak.design.forms import Day, KeyedForm, Moment, Number, Whole, as_typed, way_back
from daybreak.design.refusals import ComponentMisused, FrontEndNotBuilt
from daybreak.design.shell import RailItem, Shell, ShellPerson, ShellSite, SiteChoice

if TYPE_CHECKING:
    from daybreak.design.figures.line import Band, EventKind, EventMark, Line, Score, SessionMark
    from daybreak.design.figures.patient_line import patient_line
    from daybreak.design.figures.proportions import Proportion, proportions, proportions_chart
    from daybreak.design.figures.rendering import drawn, exported_png, render
    from daybreak.design.figures.survival import Curve, Reference, kaplan_meier, kaplan_meier_chart
    from daybreak.design.figures.svg import Svg
    from daybreak.design.figures.time_chart import Flow, Rule, Span, Trace, time_chart
    from daybreak.design.paper import on_paper

__all__ = [
    "Band",
    "ComponentMisused",
    "Curve",
    "Day",
    "EventKind",
    "EventMark",
    "Flow",
    "FrontEndNotBuilt",
    "KeyedForm",
    "Line",
    "Moment",
    "Number",
    "Proportion",
    "RailItem",
    "Reference",
    "Rule",
    "Score",
    "SessionMark",
    "Shell",
    "ShellPerson",
    "ShellSite",
    "SiteChoice",
    "Span",
    "Svg",
    "Trace",
    "Whole",
    "ago",
    "as_typed",
    "clock",
    "day",
    "drawn",
    "exported_png",
    "kaplan_meier",
    "kaplan_meier_chart",
    "moment",
    "number",
    "on_paper",
    "patient_line",
    "percent",
    "proportions",
    "proportions_chart",
    "render",
    "time_chart",
    "way_back",
]

_LATER = {
    "figures.line": ("Band", "EventKind", "EventMark", "Line", "Score", "SessionMark"),
    "figures.patient_line": ("patient_line",),
    "figures.proportions": ("Proportion", "proportions", "proportions_chart"),
    "figures.rendering": ("drawn", "exported_png", "render"),
    "figures.survival": ("Curve", "Reference", "kaplan_meier", "kaplan_meier_chart"),
    "figures.svg": ("Svg",),
    "figures.time_chart": ("Flow", "Rule", "Span", "Trace", "time_chart"),
    "paper": ("on_paper",),
}


def __getattr__(name: str) -> Any:
    """Load the module of a figure when its name is first asked for."""
    for module, names in _LATER.items():
        if name in names:
            return getattr(import_module(f"daybreak.design.{module}"), name)
    raise AttributeError(f"The design room has no {name!r}.")
