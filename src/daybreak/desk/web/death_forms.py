"""The forms about a death: what is known of it, and that it was recorded in error."""

from django import forms
from django.utils.translation import gettext_lazy as _

from daybreak.design.public import Day
from daybreak.desk.deaths import DeathTold
from daybreak.kernel.keys import new_key

PRECISION = [
    ("day", _("the day")),
    ("month", _("only the month")),
    ("year", _("only the year")),
    ("unknown", _("not known")),
]
SOURCE = [
    ("relative", _("a relative or friend")),
    ("clinic", _("another clinic or doctor")),
    ("register", _("an office or register")),
    ("certificate", _("a death certificate")),
    ("notice", _("a notice that anybody can read")),
]
SOURCE_WORDS = dict([*SOURCE, ("import", _("another system"))])
MANNER = [
    ("", _("not known")),
    ("disease", _("a disease")),
    ("accident", _("an accident")),
    ("intentional self-harm", _("intentional self-harm")),
    ("assault", _("an assault")),
    ("could not be determined", _("could not be determined")),
    ("pending investigation", _("still being investigated")),
]
BECAUSE = [("more is known", _("More is known now")), ("typed wrong", _("It was typed wrong"))]
TAKEN_BACK = [("lives", _("The patient lives")), ("another person", _("It was another person"))]
BECAUSE_WORDS = dict([*BECAUSE, *TAKEN_BACK])


class DeathForm(forms.Form):
    """What is known of a death. Nothing has a default; what is not known is left open."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=new_key)
    corrects = forms.UUIDField(widget=forms.HiddenInput, required=False)
    precision = forms.ChoiceField(label=_("What is known of the date?"), choices=PRECISION, widget=forms.RadioSelect)
    died_on = Day(
        label=_("Date of death"),
        required=False,
        help_text=_("Where only the month or the year is known, any day in it. Left open where it is not known."),
    )
    source = forms.ChoiceField(label=_("Who says so?"), choices=SOURCE, widget=forms.RadioSelect)
    manner = forms.ChoiceField(label=_("How did the death come about?"), choices=MANNER, required=False)
    code = forms.CharField(
        label=_("Underlying cause, ICD-10"),
        max_length=10,
        required=False,
        help_text=_("Only where it is known, such as I21.9."),
    )

    def __init__(self, *args: object, correcting: bool = False, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if correcting:
            self.fields["because"] = forms.ChoiceField(
                label=_("Why is it corrected?"), choices=BECAUSE, widget=forms.RadioSelect
            )

    def clean(self) -> dict[str, object]:
        """Refuse a code without how the death came about: neither is guessed from the other."""
        said = super().clean()
        if said.get("code") and not said.get("manner"):
            self.add_error("manner", _("Say how the death came about: the code alone is not kept."))
        return said

    def told(self) -> DeathTold:
        """Return what was typed."""
        return DeathTold(**{name: self.cleaned_data[name] for name in self.fields})


class TakeBackForm(forms.Form):
    """That a death was recorded in error, and why."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=new_key)
    death = forms.UUIDField(widget=forms.HiddenInput)
    because = forms.ChoiceField(label=_("Why is it taken back?"), choices=TAKEN_BACK, widget=forms.RadioSelect)
