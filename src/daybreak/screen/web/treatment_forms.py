"""The forms of past treatments."""

from collections.abc import Iterable
from decimal import Decimal
from difflib import get_close_matches

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daybreak.design.public import Day, KeyedForm, Number, Whole
from daybreak.rulebook.public import Code
from daybreak.screen.actions import OUTCOMES
from daybreak.screen.staging import ANOTHER_DRUG
from daybreak.screen.web.forms import NOT_KNOWN, YES_NO

OUTCOME_CHOICES = [(o, o.capitalize() if o != "unknown" else gettext_lazy("Not known")) for o in OUTCOMES]
SAID_BY_WORDS = [
    ("", gettext_lazy("Not recorded")),
    ("clinician", gettext_lazy("I judged it myself")),
    ("referrer", gettext_lazy("The referring clinician")),
    ("records", gettext_lazy("Records of the treatment")),
    ("patient", gettext_lazy("The patient")),
]
UNITS = [("mg", "mg"), ("g", "g"), ("ug", "µg")]
NEAREST = 3


def yes_no_field(label: str, help_text: str = "") -> forms.ChoiceField:
    """Return a question with yes, no and not known; left open is not known."""
    return forms.ChoiceField(
        label=label, choices=[*YES_NO, NOT_KNOWN], widget=forms.RadioSelect, required=False, help_text=help_text
    )


def as_truth(said: str) -> bool | None:
    """Return yes, no, or not known."""
    return {"yes": True, "no": False}.get(said)


class NewPastTreatment(KeyedForm):
    """An antidepressant that was tried."""

    drug = forms.CharField(
        label=gettext_lazy("Treatment"),
        max_length=60,
        widget=forms.TextInput(attrs={"list": "drugs", "autocomplete": "off"}),
        help_text=gettext_lazy("Type the first letters and choose from the list."),
    )
    dose = Number(label=gettext_lazy("Highest daily dose"), required=False, min_value=Decimal("0.001"))
    unit = forms.ChoiceField(label=gettext_lazy("Unit of the dose"), choices=UNITS, required=False)
    weeks = Number(label=gettext_lazy("Taken for"), required=False, min_value=Decimal("0.1"))
    started_on = Day(label=gettext_lazy("Started on"), required=False)
    ended_on = Day(label=gettext_lazy("Stopped on"), required=False)
    dose_adequate = yes_no_field(gettext_lazy("Was the dose adequate?"))
    rating = Whole(
        label=gettext_lazy("Rating on the Antidepressant Treatment History Form"),
        required=False,
        min_value=1,
        max_value=5,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=gettext_lazy("1 to 5, where somebody has rated it."),
    )
    adequate = forms.ChoiceField(
        label=gettext_lazy("Was it adequate in dose and duration?"),
        choices=[*YES_NO, ("unknown", gettext_lazy("Let the definition judge"))],
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Your own judgement counts. Without it, the shipped definition judges by weeks, dose and rating."
        ),
    )
    said_by = forms.ChoiceField(label=gettext_lazy("Who says so?"), choices=SAID_BY_WORDS, required=False)
    outcome = forms.ChoiceField(label=gettext_lazy("How did it go?"), choices=OUTCOME_CHOICES, widget=forms.RadioSelect)
    present_episode = yes_no_field(gettext_lazy("Was it in the present episode?"))
    optimised = yes_no_field(gettext_lazy("Were dose and duration raised as far as they were tolerated?"))
    augmented = yes_no_field(gettext_lazy("Was a second medicine added to strengthen it?"))
    augmentation = forms.ChoiceField(label=gettext_lazy("Which second medicine?"), required=False)

    def __init__(self, codes: Iterable[Code], second: Iterable[Code], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.codes: dict[str, Code] = {}
        for code in codes:
            self.codes.setdefault(code.means, code)
        names = {code.means: code.display.capitalize() for code in second}
        self.fields["augmentation"].choices = [
            ("", _("None, or not recorded")),
            *sorted(names.items()),
            ("another", _("Another medicine")),
        ]

    @property
    def drugs(self) -> list[str]:
        """The names that are offered."""
        return [*(self.codes[word].display.capitalize() for word in sorted(self.codes)), another_drug()]

    def clean_drug(self) -> str:
        """Return the house's word for the drug; a name that is not in the list is answered with the nearest ones."""
        typed = self.cleaned_data["drug"].strip()
        names = {another_drug().casefold(): ANOTHER_DRUG}
        for word, code in self.codes.items():
            names |= {code.display.casefold(): word, word: word}
        if typed.casefold() in names:
            return names[typed.casefold()]
        near = get_close_matches(typed.casefold(), list(names), n=NEAREST, cutoff=0.55)
        shown = dict.fromkeys(drug_word(names[each], self.codes) for each in near)
        hint = (
            _("Did you mean %(names)s?") % {"names": _(" or ").join(shown)}
            if shown
            else _("If it is not in the list, choose “%(name)s”.") % {"name": another_drug()}
        )
        raise forms.ValidationError(_("“%(typed)s” is not in the list.") % {"typed": typed} + " " + hint)


def another_drug() -> str:
    """Return the name under which a drug that is not in the list is chosen."""
    return _("Another antidepressant")


def drug_word(word: str, codes: dict[str, Code]) -> str:
    """Return a drug as it is read."""
    return codes[word].display.capitalize() if word in codes else word.replace("_", " ").capitalize()


class NewSeries(KeyedForm):
    """A series of electroconvulsive treatments that was given."""

    placement = forms.ChoiceField(
        label=gettext_lazy("Where were the electrodes?"),
        choices=[
            ("bilateral", gettext_lazy("Bilateral")),
            ("unilateral", gettext_lazy("Unilateral")),
            NOT_KNOWN,
        ],
        widget=forms.RadioSelect,
    )
    treatments = Whole(
        label=gettext_lazy("Number of treatments"),
        required=False,
        min_value=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    started_on = Day(label=gettext_lazy("First treatment on"), required=False)
    ended_on = Day(label=gettext_lazy("Last treatment on"), required=False)
    outcome = forms.ChoiceField(label=gettext_lazy("How did it go?"), choices=OUTCOME_CHOICES, widget=forms.RadioSelect)
    said_by = forms.ChoiceField(label=gettext_lazy("Who says so?"), choices=SAID_BY_WORDS, required=False)
