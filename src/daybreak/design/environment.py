"""The Jinja2 environment of every page: strict about missing values, escaped, translated."""

from copy import copy
from typing import Any

from django.forms import BoundField
from django.urls import reverse
from django.utils.translation import gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined, Undefined

from daybreak.design import formats
from daybreak.design.assets import static
from daybreak.design.icons import icon
from daybreak.design.refusals import ComponentMisused


def environment(**options: Any) -> Environment:
    """This function will return the environment for Django's Jinja2 backend; `options` are Jinja2's own."""
    fixed = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    wanted = {"extensions": ["jinja2.ext.i18n", "jinja2.ext.do"], **options, **fixed}
    wanted.pop("autoescape", None)
    made = Environment(autoescape=True, **wanted)
    # Old style: "95 %" in a text is then no format.
    made.install_gettext_callables(gettext, ngettext, newstyle=False, pgettext=pgettext, npgettext=npgettext)
    made.globals |= {"_": _translated, "_n": _counted, "url": _url, "static": static, "icon": icon, "checked": checked}
    made.globals |= {"needed": needed, "input_of": input_of}
    made.filters |= {
        "moment": formats.moment,
        "clock": formats.clock,
        "day": formats.day,
        "number": formats.number,
        "percent": formats.percent,
        "ago": formats.ago,
    }
    return made


def checked(component: str, parameter: str, value: Any, allowed: tuple[Any, ...]) -> Any:
    """This function will return the value if the component knows it, and raise ComponentMisused otherwise."""
    if isinstance(value, Undefined) or value not in allowed:
        shown = "nothing" if isinstance(value, Undefined) else repr(value)
        known = ", ".join(map(repr, allowed))
        raise ComponentMisused(f"{component}: {parameter} is {shown}, not one of {known}.")
    return value


def needed(component: str, **parameters: Any) -> str:
    """This function will write nothing, and raise ComponentMisused if a parameter is missing."""
    for name, value in parameters.items():
        if isinstance(value, Undefined) or value is None:
            raise ComponentMisused(f"{component} needs {name}.")
    return ""


def _translated(message: str, **variables: Any) -> str:
    """Return the message in the reader's language; %(name)s is filled only when variables are given."""
    words = gettext(message)
    return words % variables if variables else words


def _counted(one: str, many: str, n: int, **variables: Any) -> str:
    """Return the message that fits the number `n`, with %(n)s filled, in the reader's language."""
    return ngettext(one, many, n) % {"n": formats.number(n), **variables}


def _url(name: str, **parameters: Any) -> str:
    return reverse(name, kwargs=parameters or None)


def input_of(field: BoundField, help: str, error: str) -> str:
    """This function will draw the input of a Django field, tied to its help and its error.

    Numbers are typed into a text input, since a browser throws away what it cannot read as a number.
    """
    widget = copy(field.field.widget)
    attributes = {}
    if getattr(widget, "input_type", None) == "number":
        widget.input_type = "text"
        attributes["inputmode"] = "decimal"
    parts = [f"{field.auto_id}-{part}" for part, words in (("help", help), ("error", error)) if words]
    if parts:
        attributes["aria-describedby"] = " ".join(parts)
    if error:
        attributes["aria-invalid"] = "true"
    return field.as_widget(widget=widget, attrs=attributes)
