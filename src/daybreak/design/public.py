"""The door of the design room for Python; templates use `design/page.html` and `design/components.html`."""

from daybreak.design.formats import ago, clock, day, moment, number, percent
from daybreak.design.refusals import ComponentMisused, FrontEndNotBuilt
from daybreak.design.shell import RailItem, Shell, ShellPerson, ShellSite, SiteChoice

__all__ = [
    "ComponentMisused",
    "FrontEndNotBuilt",
    "RailItem",
    "Shell",
    "ShellPerson",
    "ShellSite",
    "SiteChoice",
    "ago",
    "clock",
    "day",
    "moment",
    "number",
    "percent",
]
