"""The forms of questionnaires: every question on one page, or a total that came alone."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from daybreak.design.public import Number, Whole
from daybreak.measure.web.forms import DatedForm
from daybreak.rulebook.public import Instrument, unanswered

RATERS = [
    ("patient", gettext_lazy("the patient")),
    ("clinician", gettext_lazy("a clinician")),
    ("nurse", gettext_lazy("a nurse")),
]
BY = [
    ("staff", gettext_lazy("together with staff, or by staff")),
    ("patient", gettext_lazy("by the patient alone, on paper")),
]


def look_back_words(days: int) -> str:
    """Return a look-back window as it is read."""
    return ngettext("the last day", "the last %(days)s days", days) % {"days": days} if days else _("right now")


class AskedSometimes(forms.TypedChoiceField):
    """A question that is not optional, and that may stay open while its condition is not met: the form decides."""

    def validate(self, value: object) -> None:
        """Refuse what is not offered; leave no answer to the form."""
        if value not in self.empty_values:
            super().validate(value)


class _OfInstrument(DatedForm):
    """A form about one version of an instrument, with its look-back window where there are several."""

    version = Whole(widget=forms.HiddenInput)
    corrects = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, instrument: Instrument, *args: object, **kwargs: object) -> None:
        kwargs["initial"] = {"version": instrument.version, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.instrument = instrument
        windows = (instrument.look_back_days, *instrument.other_look_back_days)
        if len(windows) > 1:
            self.fields["look_back_days"] = forms.TypedChoiceField(
                label=_("Asked about"),
                choices=[(days, look_back_words(days)) for days in windows],
                coerce=int,
                empty_value=None,
                initial=windows[0],
                required=False,
            )

    @property
    def window(self) -> int | None:
        """The look-back window that was chosen, where there is a choice."""
        return self.cleaned_data.get("look_back_days")


class Questionnaire(_OfInstrument):
    """One page with every question of an instrument. A question may stay open only when that is said."""

    incomplete = forms.BooleanField(
        label=gettext_lazy("Store it without the missing answers"),
        help_text=gettext_lazy("There may then be no total."),
        required=False,
    )

    def __init__(self, instrument: Instrument, *args: object, language: str = "en", **kwargs: object) -> None:
        super().__init__(instrument, *args, **kwargs)
        if instrument.rater == "patient":
            self.fields["by"] = forms.ChoiceField(label=_("Answered"), choices=BY, initial="staff", required=False)
        for item in instrument.items:
            kind = forms.TypedChoiceField if item.asked_when is None else AskedSometimes
            self.fields[item.id] = kind(
                label=item.text.get(language, item.text["en"]),
                choices=[(c.value, c.text.get(language, c.text["en"])) for c in instrument.choices_of(item.id)],
                coerce=int,
                empty_value=None,
                widget=self._widget(item.id),
                required=not item.optional and "incomplete" not in self.data,
                help_text="" if item.asked_when is None else _("Asked only after certain answers above."),
                error_messages={"required": _("This question has no answer yet.")},
            )

    def _widget(self, item: str) -> forms.Widget:
        many = len(self.instrument.choices_of(item)) > 10
        return forms.NumberInput() if many else forms.RadioSelect()

    def clean(self) -> dict[str, object]:
        """Refuse two answers to one question, and say which question still needs one."""
        data = super().clean()
        sent = getattr(self.data, "getlist", lambda name: [self.data[name]] if name in self.data else [])
        for item in self.instrument.items:
            if len(set(sent(item.id))) > 1:
                self.add_error(item.id, _("Two answers came to this question: choose one."))
        if not data.get("incomplete"):
            for item in set(unanswered(self.instrument, self.answers())) - set(self.errors):
                self.add_error(item, _("This question has no answer yet."))
        return data

    def questions(self) -> list[forms.BoundField]:
        """Return the questions in the instrument's order."""
        return [self[item.id] for item in self.instrument.items]

    def answers(self) -> dict[str, int]:
        """Return the answers that were given."""
        given = {item.id: self.cleaned_data.get(item.id) for item in self.instrument.items}
        return {name: value for name, value in given.items() if value is not None}


class Total(_OfInstrument):
    """A score whose answers are not known here."""

    name = forms.ChoiceField(label=gettext_lazy("Which score"))
    value = Number(label=gettext_lazy("Score"))
    rater = forms.ChoiceField(label=gettext_lazy("Rated by"), choices=RATERS, widget=forms.RadioSelect)

    def __init__(self, instrument: Instrument, *args: object, **kwargs: object) -> None:
        kwargs["initial"] = {"rater": instrument.rater, **(kwargs.get("initial") or {})}
        super().__init__(instrument, *args, **kwargs)
        self.fields["name"].choices = [
            (rule.id, f"{rule.title} ({rule.lowest} – {rule.highest})") for rule in instrument.scores
        ]
