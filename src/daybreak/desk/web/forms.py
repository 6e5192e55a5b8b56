"""Forms of the desk."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from daybreak.design.public import Day
from daybreak.desk.actions import NewPatient
from daybreak.kernel.keys import new_key

OLDEST = 120


class NewPatientForm(forms.Form):
    """A new patient. Nothing clinical has a default."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=new_key)
    given = forms.CharField(label=_("Given name"), max_length=80)
    family = forms.CharField(label=_("Family name"), max_length=80)
    birth_date = Day(label=_("Birth date"))
    sex = forms.ChoiceField(
        label=_("Sex, for dose by ideal weight and pregnancy checks"),
        choices=[
            ("", ""),
            ("female", _("female")),
            ("male", _("male")),
            ("other", _("other")),
            ("unknown", _("unknown")),
        ],
    )
    number = forms.CharField(label=_("Record number"), max_length=40, required=False)
    telephone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    protocol = forms.ChoiceField(label=_("Protocol"))
    reason = forms.CharField(
        label=_("Reason for the referral"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: object, protocols: list[tuple[str, str]], today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["protocol"].choices = [("", ""), *protocols]
        self.today = today

    def clean_birth_date(self) -> date:
        """Refuse days that no patient was born on."""
        born: date = self.cleaned_data["birth_date"]
        if born > self.today:
            raise forms.ValidationError(_("This day lies in the future."))
        if born.year < self.today.year - OLDEST:
            raise forms.ValidationError(_("This is more than 120 years ago. Please check the year."))
        return born

    def new_patient(self) -> NewPatient:
        """Return what was asked for."""
        asked = {name: self.cleaned_data[name] for name in NewPatient.__dataclass_fields__ if name in self.fields}
        return NewPatient(**asked, other_than=self.other_than())

    def other_than(self) -> frozenset[str]:
        """Return the keys of the records that are said to be of other people."""
        return frozenset(self.data.getlist("other_than"))
