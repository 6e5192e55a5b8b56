"""What every form of a fact shares: the key of the fact, made when the form is drawn, and where to go
afterwards.
"""

import re
from datetime import date, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import NoSuchTime, at_clock, comes_twice


class KeyedForm(forms.Form):
    """A form whose second sending is the same fact. `back` is the page that sent the person here."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    back = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": new_key(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)


LOCAL = "%Y-%m-%dT%H:%M"
_BOUNDS: dict[str, Any] = {
    "min_value": gettext_lazy("This must be %(limit_value)s or more."),
    "max_value": gettext_lazy("This must be %(limit_value)s or less."),
}
_TYPED = re.compile(r"[+-]?\d{0,9}([.,]\d{0,9})?")


class Whole(forms.IntegerField):
    """A whole number."""

    default_error_messages: ClassVar[dict[str, Any]] = _BOUNDS


class Number(forms.DecimalField):
    """A number as people type it, with a point or a comma: no power of ten, and no more digits than anything has."""

    default_error_messages: ClassVar[dict[str, Any]] = _BOUNDS

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


FIRST, SECOND = "first", "second"
_WHICH = "|"


class Clock(forms.DateTimeInput):
    """A day and a time. Of one that the clocks of `zone` show twice it asks which is meant, once it was typed."""

    zone: str = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return what was typed, and behind it which of two times is meant."""
        typed, which = super().value_from_datadict(data, files, name), data.get(f"{name}-which")
        return f"{typed}{_WHICH}{which}" if typed and which in (FIRST, SECOND) else typed

    def format_value(self, value: Any) -> Any:
        """Return what was typed, as the field shows it."""
        return super().format_value(_parted(value)[0])

    def twice(self, value: Any) -> list[tuple[str, bool]]:
        """Return which two times could be meant, each with whether it was chosen; nothing where there is only one."""
        said, which = _parted(value)
        try:
            wall = datetime.strptime(str(said), LOCAL)  # noqa: DTZ007 a clock on a wall has no zone
        except ValueError:
            return []
        two = (FIRST, SECOND) if self.zone and comes_twice(wall, self.zone) else ()
        return [(each, each == which) for each in two]


def as_typed(moment: datetime, zone: str) -> str:
    """Return a moment as somebody would type it by the clocks of `zone`, and which of two times it is."""
    wall = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    which = f"{_WHICH}{SECOND if wall.fold else FIRST}" if comes_twice(wall, zone) else ""
    return f"{wall:{LOCAL}}{which}"


def _parted(value: Any) -> tuple[Any, str]:
    if not isinstance(value, str):
        return value, ""
    typed, _between, which = value.partition(_WHICH)
    return typed, which


class Moment(forms.DateTimeField):
    """A day and a time by the clocks of `zone`, which the form sets (an IANA name); none that nobody can mean, none
    that the clocks left out, and of two that they show alike the one that was chosen.
    """

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": gettext_lazy("This is not a day and time. An example is 2026-11-14T08:00."),
        "left_out": gettext_lazy("The clocks went forward over this time: it never came. Check the hour."),
        "twice": gettext_lazy("The clocks went back and showed this time twice: say which of the two is meant."),
    }

    def __init__(self, **more: Any) -> None:
        widget = Clock(attrs={"type": "datetime-local"}, format=LOCAL)
        super().__init__(**{"widget": widget, "input_formats": [LOCAL, f"{LOCAL}:%S"], **more})

    @property
    def zone(self) -> str:
        """The zone whose clocks are meant."""
        return str(self.widget.zone)

    @zone.setter
    def zone(self, zone: str) -> None:
        self.widget.zone = zone

    def to_python(self, value: Any) -> datetime | None:
        """Return the moment, or nothing where nothing was typed."""
        typed, which = _parted(value)
        said = super().to_python(typed)
        if said is None:
            return None
        _demand_meant(said.date())
        if not which and comes_twice(said, self.zone):
            raise ValidationError(self.error_messages["twice"], code="twice")
        try:
            return at_clock(said, self.zone, again=which == SECOND)
        except NoSuchTime:
            raise ValidationError(self.error_messages["left_out"], code="left_out") from None


def way_back(request: HttpRequest, wanted: str, *, otherwise: str) -> str:
    """Return `wanted` where it is an address of this house, else `otherwise`."""
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if is_ours else otherwise
