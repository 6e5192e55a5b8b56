"""The forms of measure. Each carries the key of the fact it will become, made when the form was drawn."""

from datetime import date
from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daybreak.design.public import KeyedForm, Number
from daybreak.rulebook.public import Instrument

POUNDS, KILOGRAMS = "[lb_av]", "kg"
UNITS_OF_WEIGHT = [(KILOGRAMS, gettext_lazy("kilograms (kg)")), (POUNDS, gettext_lazy("pounds (lb)"))]


class VitalSigns(KeyedForm):
    """Signs outside a session; what was not measured stays empty."""

    systolic_pressure = Number(label=gettext_lazy("Systolic blood pressure"), required=False)
    diastolic_pressure = Number(label=gettext_lazy("Diastolic blood pressure"), required=False)
    heart_rate = Number(label=gettext_lazy("Heart rate"), required=False)
    weight = Number(label=gettext_lazy("Weight"), required=False)
    weight_unit = forms.ChoiceField(
        label=gettext_lazy("Unit of the weight"),
        choices=UNITS_OF_WEIGHT,
        widget=forms.RadioSelect,
        initial=KILOGRAMS,
    )
    height = Number(label=gettext_lazy("Height"), required=False)

    SIGNS = {
        "systolic_pressure": "mm[Hg]",
        "diastolic_pressure": "mm[Hg]",
        "heart_rate": "/min",
        "weight": None,
        "height": "cm",
    }

    def given(self) -> dict[str, tuple[Decimal, str]]:
        """Return the signs that were filled in, with their units."""
        values = {sign: self.cleaned_data.get(sign) for sign in self.SIGNS}
        units = {**self.SIGNS, "weight": self.cleaned_data["weight_unit"]}
        return {sign: (value, units[sign]) for sign, value in values.items() if value is not None}

    def clean(self) -> dict[str, object]:
        """Refuse an empty form, half a blood pressure, and one whose numbers are the wrong way round."""
        data = super().clean()
        high, low = data.get("systolic_pressure"), data.get("diastolic_pressure")
        if not self.errors and not any(data.get(sign) is not None for sign in self.SIGNS):
            raise forms.ValidationError(_("Nothing is filled in yet."))
        if (high is None) != (low is None) and not {"systolic_pressure", "diastolic_pressure"} & set(self.errors):
            empty = "systolic_pressure" if high is None else "diastolic_pressure"
            self.add_error(empty, _("A blood pressure has two numbers: fill in this one too."))
        if high is not None and low is not None and low >= high:
            self.add_error("diastolic_pressure", _("The diastolic pressure is not below the systolic one: check both."))
        return data


class NewAllergy(KeyedForm):
    """A substance that the patient does not tolerate."""

    substance = forms.CharField(
        label=gettext_lazy("Substance"),
        max_length=200,
        help_text=gettext_lazy("A medicine, a food, a material."),
    )


class NewMedicine(KeyedForm):
    """A medicine that the patient takes or took."""

    display = forms.CharField(
        label=gettext_lazy("Medicine"),
        max_length=200,
        help_text=gettext_lazy("Name, strength and how it is taken."),
    )
    started_on = forms.DateField(
        label=gettext_lazy("First day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    ended_on = forms.DateField(
        label=gettext_lazy("First day without it"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Leave empty while it is taken."),
    )

    def clean(self) -> dict[str, object]:
        """Refuse an end before the start."""
        data = super().clean()
        first, end = data.get("started_on"), data.get("ended_on")
        if isinstance(first, date) and isinstance(end, date) and end < first:
            self.add_error("ended_on", _("This day is before the first day: check both."))
        return data


class Questionnaire(KeyedForm):
    """One page with every question of an instrument. A question may stay open only when that is said."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    incomplete = forms.BooleanField(
        label=gettext_lazy("Store it without the missing answers"),
        help_text=gettext_lazy("There may then be no total."),
        required=False,
    )

    def __init__(self, instrument: Instrument, *args: object, language: str = "en", **kwargs: object) -> None:
        kwargs["initial"] = {"version": instrument.version, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.instrument = instrument
        for item in instrument.items:
            self.fields[item.id] = forms.TypedChoiceField(
                label=item.text.get(language, item.text["en"]),
                choices=[(c.value, c.text.get(language, c.text["en"])) for c in instrument.choices_of(item.id)],
                coerce=int,
                empty_value=None,
                widget=forms.RadioSelect,
                required=not item.optional and "incomplete" not in self.data,
                error_messages={"required": _("This question has no answer yet.")},
            )

    def questions(self) -> list[forms.BoundField]:
        """Return the questions in the instrument's order."""
        return [self[item.id] for item in self.instrument.items]

    def answers(self) -> dict[str, int]:
        """Return the answers that were given."""
        given = {item.id: self.cleaned_data.get(item.id) for item in self.instrument.items}
        return {name: value for name, value in given.items() if value is not None}
