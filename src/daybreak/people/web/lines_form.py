"""The form of whom patients call."""

from django import forms
from django.utils.translation import gettext_lazy as _

from daybreak.design.public import KeyedForm


class LinesForm(KeyedForm):
    """Whom patients call, and when somebody reads. What is left open is not shown to them."""

    emergency_line = forms.CharField(
        label=_("In danger now"),
        max_length=120,
        required=False,
        help_text=_("Such as 112. Left open, patients see 112 (Europe) and 911 (North America)."),
    )
    crisis_line = forms.CharField(
        label=_("To talk with someone at any hour"),
        max_length=120,
        required=False,
        help_text=_("The crisis line of your country or region."),
    )
    telephone = forms.CharField(label=_("The clinic itself"), max_length=60, required=False)
    hours = forms.CharField(
        label=_("When somebody at the clinic reads"),
        max_length=120,
        required=False,
        help_text=_("Such as mon-fri 08:00-17:00, sat 09:00-12:00. Left open, patients read that nobody does at once."),
    )
