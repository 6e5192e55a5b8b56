"""The forms of consent. Each carries the key of the fact it will become, made when the form was drawn."""

import json

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daybreak.design.public import KeyedForm
from daybreak.rulebook.public import Consent, Section

PIN_BOX = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "8"}


class Pin(forms.Form):
    """The PIN that takes the device back."""

    pin = forms.CharField(label=gettext_lazy("PIN"), max_length=8, widget=forms.PasswordInput(attrs=PIN_BOX))


class HandOver(forms.Form):
    """Which texts the patient is asked to read, and a PIN of one's own, typed twice."""

    texts = forms.MultipleChoiceField(
        label=gettext_lazy("What the patient reads"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one text.")},
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the patient's pages"),
        choices=settings.LANGUAGES,
        help_text=gettext_lazy("A text that was not written in it is shown in its first language."),
    )
    pin = forms.CharField(
        label=gettext_lazy("Choose a PIN of 4 to 8 digits"),
        max_length=8,
        widget=forms.PasswordInput(attrs=PIN_BOX),
        help_text=gettext_lazy("You need it to take the device back. It is not kept."),
    )
    again = forms.CharField(
        label=gettext_lazy("The same PIN again"), max_length=8, widget=forms.PasswordInput(attrs=PIN_BOX)
    )

    def __init__(self, texts: list[tuple[str, str]], chosen: list[str], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if not texts:
            del self.fields["texts"]
            return
        self.fields["texts"].choices = texts
        self.fields["texts"].initial = chosen

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
    """The checks of understanding, the signature (typed, or drawn), and the answer. Saying no needs neither.

    `seen` is what the page measured: the seconds that each section stood on the screen.
    """

    shown = forms.CharField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4000)
    drawing = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40_000)
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
        self.fields["name"].required = agrees and not self.data.get("drawing")
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

    def checks(self) -> list[tuple[forms.BoundField, Section | None]]:
        """Return the questions in the text's order, each with the section to read again after a wrong answer."""
        sections = {section.heading: section for section in self.text.sections}
        return [
            (self[check.id], sections.get(check.section) if self._is_wrong(check.id) else None)
            for check in self.text.checks
        ]

    def _is_wrong(self, check: str) -> bool:
        """Whether a question was answered, and wrong: one that was left out is only asked for."""
        return self.is_bound and bool(self.data.get(check)) and self.has_error(check)

    def understood(self) -> dict[str, int]:
        """Return the answers that were given."""
        given = {check.id: self.cleaned_data.get(check.id) for check in self.text.checks}
        return {name: value for name, value in given.items() if value is not None}

    def measured(self) -> dict[str, object]:
        """Return what the page measured, or nothing where it did not or where it cannot be read."""
        try:
            said = json.loads(self.cleaned_data.get("seen") or "{}")
        except json.JSONDecodeError:
            return {}
        return said if isinstance(said, dict) else {}


class Countersigning(KeyedForm):
    """The clinician's signature beside the patient's, on the text whose fingerprint is `shown`.

    An account that has a password proves itself by it; one without is asked for nothing more.
    """

    shown = forms.CharField(widget=forms.HiddenInput)
    since = forms.CharField(widget=forms.HiddenInput, required=False)
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        help_text=gettext_lazy("Your signature is yours alone: show that it is you."),
        error_messages={"required": gettext_lazy("Type your password: nobody else may sign in your name.")},
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: object, asks_password: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if not asks_password:
            del self.fields["password"]


class WithdrawingAlone(KeyedForm):
    """The patient takes the consent back; a reason may be given and never must be."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("You do not have to say."),
    )


class Withdrawing(KeyedForm):
    """Who takes the consent back; a reason may be given and never must be."""

    said_by = forms.ChoiceField(
        label=gettext_lazy("Who withdraws it?"),
        choices=[
            ("patient", gettext_lazy("The patient")),
            ("clinician", gettext_lazy("A member of staff, for the patient")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The patient does not have to give one."),
    )
