"""The forms of measure. Each carries the key of the fact it will become, made when the form was drawn."""

from datetime import date, datetime
from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daybreak.design.public import Day, KeyedForm, Moment, Number
from daybreak.kernel.units import written

POUNDS, KILOGRAMS = "[lb_av]", "kg"
UNITS_OF_WEIGHT = [(KILOGRAMS, gettext_lazy("kilograms (kg)")), (POUNDS, gettext_lazy("pounds (lb)"))]
UNITS_OF_HEIGHT = [
    ("cm", gettext_lazy("centimetres (cm)")),
    ("m", gettext_lazy("metres (m)")),
    ("[in_i]", gettext_lazy("inches (in)")),
]


class DatedForm(KeyedForm):
    """A form of something that may have happened earlier; without a moment it happened now."""

    when = Moment(
        label=gettext_lazy("Day and time"),
        required=False,
        help_text=gettext_lazy("Leave empty if it was just now."),
    )

    def __init__(self, *args: object, zone: str, at: datetime, **kwargs: object) -> None:
        self.at = at
        super().__init__(*args, **kwargs)
        self.fields["when"].zone = zone

    def clean_when(self) -> datetime | None:
        """Return the moment that was typed; refuse one that lies in the future."""
        moment: datetime | None = self.cleaned_data["when"]
        if moment is not None and moment > self.at:
            raise forms.ValidationError(_("This lies in the future: check the day and the time."))
        return moment


class VitalSigns(DatedForm):
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
    height_unit = forms.ChoiceField(
        label=gettext_lazy("Unit of the height"),
        choices=UNITS_OF_HEIGHT,
        widget=forms.RadioSelect,
        initial="cm",
        required=False,
    )
    sure = forms.BooleanField(label=gettext_lazy("The number and its unit are right as typed"), required=False)

    SIGNS = {
        "systolic_pressure": "mm[Hg]",
        "diastolic_pressure": "mm[Hg]",
        "heart_rate": "/min",
        "weight": None,
        "height": None,
    }

    def given(self) -> dict[str, tuple[Decimal, str]]:
        """Return the signs that were filled in, with their units."""
        values = {sign: self.cleaned_data.get(sign) for sign in self.SIGNS}
        chosen = {"weight": self.cleaned_data["weight_unit"], "height": self.cleaned_data["height_unit"] or "cm"}
        units = {**self.SIGNS, **chosen}
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


class CorrectedSign(DatedForm):
    """One measurement put right."""

    value = Number(label=gettext_lazy("Value"))
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), widget=forms.RadioSelect)

    def __init__(self, units: list[str], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [(unit, written(unit)) for unit in units]


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
    started_on = Day(label=gettext_lazy("First day"), required=False)
    ended_on = Day(
        label=gettext_lazy("First day without it"),
        required=False,
        help_text=gettext_lazy("Leave empty while it is taken."),
    )

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        self.today = today
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, object]:
        """Refuse an end before the start, and a start in the future."""
        data = super().clean()
        first, end = data.get("started_on"), data.get("ended_on")
        if isinstance(first, date) and isinstance(end, date) and end < first:
            self.add_error("ended_on", _("This day is before the first day: check both."))
        if isinstance(first, date) and first > self.today:
            self.add_error("started_on", _("This day lies in the future: record what is taken, not what is planned."))
        return data


class LabForm(DatedForm):
    """One laboratory result: a number with its unit and range, or a finding."""

    test = forms.ChoiceField(label=gettext_lazy("Test"))
    comparator = forms.ChoiceField(
        label=gettext_lazy("The laboratory wrote"),
        choices=[
            ("", gettext_lazy("the number itself")),
            ("<", gettext_lazy("less than")),
            (">", gettext_lazy("more than")),
        ],
        required=False,
    )
    value = Number(label=gettext_lazy("Number"), required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), required=False)
    low = Number(label=gettext_lazy("Reference range from"), required=False)
    high = Number(label=gettext_lazy("to"), required=False)
    finding = forms.ChoiceField(label=gettext_lazy("Finding"), required=False)
    sure = forms.BooleanField(label=gettext_lazy("The number and its unit are right as written"), required=False)
    corrects = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, tests: list, units: list[str], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.tests = {test.id: test for test in tests}
        findings = dict.fromkeys(word for test in tests for word in test.choices)
        self.fields["test"].choices = [("", _("Choose a test"))] + [(test.id, self._words(test)) for test in tests]
        usual = [("", _("as behind the test's name"))]
        self.fields["unit"].choices = usual + [(unit, written(unit)) for unit in units]
        self.fields["finding"].choices = [("", _("Choose, where the result is no number"))] + [
            (word, _(word)) for word in findings
        ]
        self.fields["when"].label = _("Taken from the patient on")

    @staticmethod
    def _words(test: object) -> str:
        return f"{test.question} ({written(test.unit)})" if test.unit else test.question

    def clean(self) -> dict[str, object]:
        """Demand the number or the finding that the test gives, and not both."""
        data = super().clean()
        test = self.tests.get(data.get("test") or "")
        if test is None or "value" in self.errors:
            return data
        if test.choices and data.get("value") is not None:
            self.add_error("value", _("This test gives a finding and no number: leave it empty."))
        if test.choices and not data.get("finding"):
            self.add_error("finding", _("Choose what was found."))
        if test.unit and data.get("value") is None:
            self.add_error("value", _("The number is missing."))
        if test.unit and data.get("finding"):
            self.add_error("finding", _("This test gives a number and no finding: leave it empty."))
        return data
