"""The forms of the duty roster."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from daybreak.design.public import KeyedForm

RANK_WORDS = [("1", _("first")), ("2", _("second: when the first does not come"))]
LOCAL = "%Y-%m-%dT%H:%M"


def _moment(label: object, **more: object) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL),
        input_formats=[LOCAL, f"{LOCAL}:%S"],
        error_messages={"invalid": _("This is not a time. An example is 2026-11-14T08:00.")},
        **more,
    )


class TurnForm(KeyedForm):
    """Somebody takes a turn of duty."""

    account = forms.ChoiceField(label=_("Who"))
    from_at = _moment(_("From"), help_text=_("In this site's time."))
    until_at = _moment(_("Until"))
    rank = forms.ChoiceField(label=_("Who is asked"), choices=RANK_WORDS, initial="1", widget=forms.RadioSelect)
    telephone = forms.CharField(
        label=_("Telephone for text messages"),
        max_length=40,
        required=False,
        help_text=_("Without it the message goes to their e-mail address. It names no patient."),
    )

    def __init__(self, team: list[tuple[str, str]], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields["account"].choices = [("", ""), *team]


class EndForm(KeyedForm):
    """A turn ends now, or is taken back; sent twice it is one act."""
