"""The forms of the duty roster."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from daybreak.design.public import KeyedForm, Moment

RANK_WORDS = [("1", _("first")), ("2", _("second: when the first does not come"))]


class TurnForm(KeyedForm):
    """Somebody takes a turn of duty."""

    account = forms.ChoiceField(label=_("Who"))
    from_at = Moment(label=_("From"), help_text=_("In this site's time."))
    until_at = Moment(label=_("Until"))
    rank = forms.ChoiceField(label=_("Who is asked"), choices=RANK_WORDS, initial="1", widget=forms.RadioSelect)
    telephone = forms.CharField(
        label=_("Telephone for text messages"),
        max_length=40,
        required=False,
        help_text=_("Without it the message goes to their e-mail address. It names no patient."),
    )

    def __init__(self, team: list[tuple[str, str]], data: QueryDict | None = None, *, zone: str) -> None:
        super().__init__(data)
        for name in ("from_at", "until_at"):
            self.fields[name].zone = zone
        self.fields["account"].choices = [("", ""), *team]


class EndForm(KeyedForm):
    """A turn ends now, or is taken back; sent twice it is one act."""
