"""The forms of consent. Each carries the key of the fact it will become, made when the form was drawn."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daybreak.design.public import KeyedForm
from daybreak.rulebook.public import Consent

PIN_BOX = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "8"}


class Pin(forms.Form):
    """The PIN that takes the device back."""

    pin = forms.CharField(label=gettext_lazy("PIN"), max_length=8, widget=forms.PasswordInput(attrs=PIN_BOX))


class HandOver(forms.Form):
    """A PIN of one's own, typed twice."""

    pin = forms.CharField(
        label=gettext_lazy("Choose a PIN of 4 to 8 digits"),
        max_length=8,
        widget=forms.PasswordInput(attrs=PIN_BOX),
        help_text=gettext_lazy("You need it to take the device back. It is not kept."),
    )
    again = forms.CharField(
        label=gettext_lazy("The same PIN again"), max_length=8, widget=forms.PasswordInput(attrs=PIN_BOX)
    )

    def clean_pin(self) -> str:
        """Demand digits."""
        pin = self.cleaned_data["pin"]
        if not (4 <= len(pin) <= 8 and pin.isascii() and pin.isdigit()):
            raise forms.ValidationError(_("A PIN has 4 to 8 digits."))
        return pin

    def clean(self) -> dict[str, object]:
        """Demand the same PIN twice."""
        data = super().clean()
        if data.get("pin") and data.get("again") and data["pin"] != data["again"]:
            self.add_error("again", _("The two PINs differ: type both again."))
        return data


class Signing(KeyedForm):
    """The checks of understanding, the typed name, and the answer. Saying no needs neither."""

    shown = forms.CharField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        error_messages={"required": gettext_lazy("Type your name: it is your signature.")},
        max_length=200,
        help_text=gettext_lazy("Typing your name is your signature."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, text: Consent, *args: object, **kwargs: object) -> None:
        kwargs["initial"] = {"shown": text.fingerprint, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.text = text
        agrees = not self.is_bound or self.data.get("answer") == "agree"
        self.fields["name"].required = agrees
        for check in text.checks:
            self.fields[check.id] = forms.TypedChoiceField(
                label=check.question,
                choices=list(enumerate(check.answers)),
                coerce=int,
                empty_value=None,
                widget=forms.RadioSelect,
                required=agrees,
                error_messages={"required": _("Please choose an answer.")},
            )

        self.order_fields([*(check.id for check in text.checks), "name"])

    def checks(self) -> list[forms.BoundField]:
        """Return the questions in the text's order."""
        return [self[check.id] for check in self.text.checks]

    def understood(self) -> dict[str, int]:
        """Return the answers that were given."""
        given = {check.id: self.cleaned_data.get(check.id) for check in self.text.checks}
        return {name: value for name, value in given.items() if value is not None}


class Countersigning(KeyedForm):
    """The clinician's signature beside the patient's, on the text whose fingerprint is `shown`."""

    shown = forms.CharField(widget=forms.HiddenInput)
    since = forms.CharField(widget=forms.HiddenInput, required=False)


class Withdrawing(KeyedForm):
    """Who takes the consent back; a reason may be given and never must be."""

    said_by = forms.ChoiceField(
        label=gettext_lazy("Who withdraws it?"),
        choices=[("patient", gettext_lazy("The patient")), ("clinician", gettext_lazy("The clinician"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The patient does not have to give one."),
    )
