"""What every form of a fact shares: the key of the fact, made when the form is drawn, and where to go
afterwards.
"""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from daybreak.kernel.keys import new_key


class KeyedForm(forms.Form):
    """A form whose second sending is the same fact. `back` is the page that sent the person here."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    back = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": new_key(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)


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


def way_back(request: HttpRequest, wanted: str, *, otherwise: str) -> str:
    """Return `wanted` where it is an address of this house, else `otherwise`."""
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if is_ours else otherwise
