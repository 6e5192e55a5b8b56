"""The forms of screen. Each carries the key of the fact it will become, made when the form was drawn."""

from collections.abc import Iterable
from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daybreak.design.public import KeyedForm, Number
from daybreak.rulebook.public import Answer, Code, FactDefinition, Protocol
from daybreak.screen.actions import OUTCOMES

UNKNOWN = "unknown"
YES_NO = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]
NOT_KNOWN = (UNKNOWN, gettext_lazy("Not known"))
DECISION_WORDS = [
    ("accept", gettext_lazy("Accept for treatment")),
    ("postpone", gettext_lazy("Postpone until more is known or done")),
    ("decline", gettext_lazy("Decline")),
]


class NewReferral(KeyedForm):
    """Which protocol, and why."""

    protocol = forms.ChoiceField(label=gettext_lazy("Protocol"))
    reason = forms.CharField(
        label=gettext_lazy("Reason for the referral"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
    )

    def __init__(self, protocols: Iterable[Protocol], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["protocol"].choices = [(p.id, p.title) for p in protocols]


class NewDiagnosis(KeyedForm):
    """A diagnosis from the code list."""

    code = forms.ChoiceField(label=gettext_lazy("Diagnosis"))
    onset_on = forms.DateField(
        label=gettext_lazy("The illness began on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("As near as known."),
    )

    def __init__(self, codes: Iterable[Code], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.codes = {f"{c.system}|{c.code}": c for c in codes}
        words = [(name, f"{c.display} ({c.code})") for name, c in self.codes.items()]
        self.fields["code"].choices = [("", _("Choose a diagnosis")), *words]


class NewPastTreatment(KeyedForm):
    """A treatment for depression that was tried."""

    drug = forms.ChoiceField(label=gettext_lazy("Treatment"))
    dose = Number(label=gettext_lazy("Highest daily dose"), required=False, min_value=Decimal("0.001"), max_value=99999)
    weeks = Number(label=gettext_lazy("Taken for"), required=False, min_value=Decimal("0.1"), max_value=9999)
    adequate = forms.ChoiceField(
        label=gettext_lazy("Was it adequate in dose and duration?"),
        choices=[*YES_NO, NOT_KNOWN],
        widget=forms.RadioSelect,
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("How did it go?"),
        choices=[(o, o.capitalize() if o != "unknown" else gettext_lazy("Not known")) for o in OUTCOMES],
        widget=forms.RadioSelect,
    )

    def __init__(self, codes: Iterable[Code], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.codes: dict[str, Code] = {}
        for code in codes:
            self.codes.setdefault(code.means, code)
        words = [(name, code.display.capitalize()) for name, code in sorted(self.codes.items())]
        self.fields["drug"].choices = [("", _("Choose a treatment")), *words]


def choices_of(definition: FactDefinition) -> list[tuple[str, str]]:
    """Return what can be answered to a question, “not known” among it."""
    offered = YES_NO if definition.kind == "yes_no" else [(c, choice_word(c)) for c in definition.choices]
    return [*offered, NOT_KNOWN]


def choice_word(choice: str) -> str:
    """Return a choice of the vocabulary as it is read."""
    return choice.replace("_", " ").capitalize()


def value_of(definition: FactDefinition, said: str) -> bool | str | None:
    """Return the answer as a fact: None for “not known”."""
    if said == UNKNOWN:
        return None
    return said == "yes" if definition.kind == "yes_no" else said


def said_of(value: object) -> str | None:
    """Return a stored answer as the form says it."""
    return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool | str) else None


class Questions(KeyedForm):
    """Every question of the protocol that is asked of a person, on one page; what is left open stays as it
    is.
    """

    def __init__(self, asked: Iterable[FactDefinition], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.asked = list(asked)
        for each in self.asked:
            self.fields[each.id] = forms.ChoiceField(
                label=each.question,
                help_text=each.help,
                choices=choices_of(each),
                widget=forms.RadioSelect,
                required=False,
            )

    def questions(self) -> list[forms.BoundField]:
        """Return the questions in the protocol's order."""
        return [self[each.id] for each in self.asked]

    def answers(self) -> dict[str, bool | str | None]:
        """Return what was answered, by question."""
        said = {each.id: (each, self.cleaned_data.get(each.id)) for each in self.asked}
        return {name: value_of(each, answer) for name, (each, answer) in said.items() if answer}


class OneQuestion(KeyedForm):
    """One question, answered where it is read."""

    value = forms.ChoiceField()

    def __init__(self, definition: FactDefinition, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.definition = definition
        self.fields["value"].choices = choices_of(definition)

    def answer(self) -> bool | str | None:
        """Return the answer as a fact."""
        return value_of(self.definition, self.cleaned_data["value"])


class NewDecision(KeyedForm):
    """What is decided and why; where something stands against it, what is overridden and why."""

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
    """Return how a criterion is named where it may be overridden."""
    truth = _("not known") if answer.truth == "unknown" else _("not met")
    second = " " + _("A second clinician must sign.") if answer.override == "two_clinicians" else ""
    return f"{answer.question} ({truth}).{second}"
