"""The forms of screen. Each carries the key of the fact it will become, made when the form was drawn."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daybreak.design.public import Day, KeyedForm, Number
from daybreak.rulebook.public import Answer, Code, FactDefinition, Protocol

UNKNOWN = "unknown"
YES_NO = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]
NOT_KNOWN = (UNKNOWN, gettext_lazy("Not known"))
DECISION_WORDS = [
    ("accept", gettext_lazy("Accept for treatment")),
    ("postpone", gettext_lazy("Postpone until more is known or done")),
    ("decline", gettext_lazy("Decline")),
]
Said = bool | str | date | Decimal | None


class SeveralFiles(forms.ClearableFileInput):
    """An input for several files."""

    allow_multiple_selected = True


class Files(forms.FileField):
    """Several files, or none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=SeveralFiles(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return every file that was sent."""
        return [super(Files, self).clean(each, initial) for each in data or []]


FILES_HELP = gettext_lazy("PDF, PNG or JPEG, at most 5 MB each. They are kept encrypted and only ever downloaded.")


class NewReferral(KeyedForm):
    """Which protocol, who refers, why, and the files that came."""

    protocol = forms.ChoiceField(label=gettext_lazy("Protocol"))
    referrer = forms.CharField(
        label=gettext_lazy("Who refers"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Name and practice of the referring clinician."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason for the referral"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
    )
    attachments = Files(label=gettext_lazy("Letters and reports"), required=False, help_text=FILES_HELP)

    def __init__(self, protocols: Iterable[Protocol], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        offered = [(p.id, p.title) for p in protocols]
        # Where there are several, none is chosen by standing first.
        self.fields["protocol"].choices = offered if len(offered) == 1 else [("", _("Choose a protocol")), *offered]


class MoreFiles(KeyedForm):
    """Files that came later."""

    attachments = Files(label=gettext_lazy("Letters and reports"), help_text=FILES_HELP)


class NewDiagnosis(KeyedForm):
    """A diagnosis from the code list."""

    code = forms.ChoiceField(label=gettext_lazy("Diagnosis"))
    onset_on = Day(
        label=gettext_lazy("The illness began on"), required=False, help_text=gettext_lazy("As near as known.")
    )

    def __init__(self, codes: Iterable[Code], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.codes = {f"{c.system}|{c.code}": c for c in codes}
        words = [(name, f"{c.display} ({c.code})") for name, c in self.codes.items()]
        self.fields["code"].choices = [("", _("Choose a diagnosis")), *words]


def choices_of(definition: FactDefinition) -> list[tuple[str, str]]:
    """Return what can be answered to a question, “not known” among it."""
    offered = YES_NO if definition.kind == "yes_no" else [(c, choice_word(c)) for c in definition.choices]
    return [*offered, NOT_KNOWN]


def choice_word(choice: str) -> str:
    """Return a choice of the vocabulary as it is read."""
    return choice.replace("_", " ").capitalize()


def value_of(definition: FactDefinition, said: Any) -> Said:
    """Return the answer as a fact: None for “not known”."""
    if said == UNKNOWN:
        return None
    return said == "yes" if definition.kind == "yes_no" else said


def said_of(value: object) -> str | None:
    """Return a stored answer as the form says it."""
    return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool | str) else None


def field_of(definition: FactDefinition) -> forms.Field:
    """Return the field that asks a question; what is left open stays as it is."""
    words = {"label": definition.question, "help_text": definition.help, "required": False}
    if definition.kind == "date":
        return Day(**words)
    if definition.kind == "number":
        return Number(**words)
    return forms.ChoiceField(choices=choices_of(definition), widget=forms.RadioSelect, **words)


class Questions(KeyedForm):
    """Questions that are asked of a person, on one page."""

    def __init__(self, asked: Iterable[FactDefinition], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.asked = list(asked)
        for each in self.asked:
            self.fields[each.id] = field_of(each)

    def questions(self) -> list[forms.BoundField]:
        """Return the questions in their order."""
        return [self[each.id] for each in self.asked]

    def answers(self) -> dict[str, Said]:
        """Return what was answered, by question."""
        said = {each.id: (each, self.cleaned_data.get(each.id)) for each in self.asked}
        return {name: value_of(each, answer) for name, (each, answer) in said.items() if answer not in ("", None)}


class OneQuestion(KeyedForm):
    """One question, answered where it is read. `was` names the answer that stood there."""

    value = forms.ChoiceField()
    was = forms.UUIDField(required=False)

    def __init__(self, definition: FactDefinition, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.definition = definition
        self.fields["value"].choices = choices_of(definition)

    def answer(self) -> Said:
        """Return the answer as a fact."""
        return value_of(self.definition, self.cleaned_data["value"])


class NewDecision(KeyedForm):
    """What is decided and why; where something stands against it, what is overridden and why.

    `seen` is the mark of the situation that the page showed.
    """

    seen = forms.CharField(max_length=64)
    decision = forms.ChoiceField(label=gettext_lazy("Decision"), choices=DECISION_WORDS, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        help_text=gettext_lazy("Needed when you postpone or decline."),
    )
    override = forms.MultipleChoiceField(
        label=gettext_lazy("Override"), required=False, widget=forms.CheckboxSelectMultiple
    )
    override_reason = forms.CharField(
        label=gettext_lazy("Reason for the override"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        help_text=gettext_lazy("Needed when you override; it is kept with the decision and counted."),
    )

    def __init__(self, against: Iterable[Answer], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        may = [answer for answer in against if answer.override != "nobody"]
        self.fields["override"].choices = [(answer.id, override_word(answer)) for answer in may]
        self.can_override = bool(may)


def override_word(answer: Answer) -> str:
    """Return how a criterion is named where it may be overridden: the breach, or that it is unknown."""
    truth = _("not known") if answer.truth == "unknown" else _("not met")
    second = " " + _("A second clinician must sign.") if answer.override == "two_clinicians" else ""
    return f"{answer.question} ({truth}).{second}"
