"""The environment of the pages, and the shell of an invented person."""

from django.template.loader import get_template
from jinja2 import Environment

from daybreak.design.public import RailItem, Shell, ShellPerson, ShellSite
from daybreak.design.web import samples

SHELL = Shell(
    site=ShellSite(code="north", name="North Harbour", synthetic=True, zone="Europe/Berlin"),
    person=ShellPerson(name="Ana Brandt", roles=("clinician",)),
    rail=(RailItem(label="Home", url="/", icon="home", current=True),),
    waiting=3,
    search_url="/search",
    sign_out_url="/out",
    synthetic=True,
    version="0",
)


def environment() -> Environment:
    """Return the environment that the settings give to every page."""
    return get_template("design/page.html").template.environment


def drawn(call: str, **facts: object) -> str:
    """Draw a call to a component, with all components at hand."""
    made = environment()
    opening = f'{{% from "{samples.DOOR}" import {", ".join(samples.component_names(made))} %}}'
    return made.from_string(opening + call).render(facts)
