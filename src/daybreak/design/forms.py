"""What every form of a fact shares: the key of the fact, made when the form is drawn, and where to go
afterwards.
"""

import re
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import NoSuchTime, at_clock


class KeyedForm(forms.Form):
    """A form whose second sending is the same fact. `back` is the page that sent the person here."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    back = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": new_key(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)


LOCAL = "%Y-%m-%dT%H:%M"
_TYPED = re.compile(r"[+-]?\d{0,9}([.,]\d{0,9})?")


class Number(forms.DecimalField):
    """A number as people type it, with a point or a comma: no power of ten, and no more digits than anything has."""

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str):
            return super().to_python(value)
        typed = value.strip().replace("−", "-")
        if not _TYPED.fullmatch(typed):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(typed.replace(",", "."))


FIRST_YEAR, LAST_YEAR = 1900, 2099


def _demand_meant(said: date) -> None:
    """Refuse a year that only a slip of the finger makes; what a form knows of its own day it refuses itself."""
    if not FIRST_YEAR <= said.year <= LAST_YEAR:
        raise ValidationError(_("The year %(year)s cannot be meant: check the day.") % {"year": said.year})


class Day(forms.DateField):
    """A day of the calendar, as browsers send it; none that nobody can mean."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": gettext_lazy("This is not a date. An example is 2026-11-14.")
    }
    default_validators: ClassVar[list[Any]] = [_demand_meant]

    def __init__(self, **more: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**{"widget": widget, "input_formats": ["%Y-%m-%d"], **more})


class Moment(forms.DateTimeField):
    """A day and a time by the clocks of `zone`, which the form sets (an IANA name); none that nobody can mean, and none
    that the clocks left out.
    """

    zone: str = ""
    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": gettext_lazy("This is not a day and time. An example is 2026-11-14T08:00."),
        "left_out": gettext_lazy("The clocks went forward over this time: it never came. Check the hour."),
    }

    def __init__(self, **more: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL)
        super().__init__(**{"widget": widget, "input_formats": [LOCAL, f"{LOCAL}:%S"], **more})

    def to_python(self, value: Any) -> datetime | None:
        """Return the moment, or nothing where nothing was typed."""
        said = super().to_python(value)
        if said is None:
            return None
        _demand_meant(said.date())
        try:
            return at_clock(said, self.zone)
        except NoSuchTime:
            raise ValidationError(self.error_messages["left_out"], code="left_out") from None


def way_back(request: HttpRequest, wanted: str, *, otherwise: str) -> str:
    """Return `wanted` where it is an address of this house, else `otherwise`."""
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if is_ours else otherwise
