"""Forms of learning: a quiz as it was drawn, the evaluation, the claim, the accredited provider."""

from collections.abc import Iterable
from dataclasses import fields
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from daybreak.design.public import Day, KeyedForm, Number, Whole, number
from daybreak.learn.reporting import Details
from daybreak.learn.rules import CATEGORY_1, OTHER, PARTICIPATION, PHYSICIAN, Drawn
from daybreak.learn.web.presenters import in_italics
from daybreak.rulebook.public import LearningActivity

CHOOSE = {"required": _("Choose an answer."), "invalid_choice": _("Choose one of the answers.")}


class _Choosing(forms.Form):
    def answers(self) -> dict[str, int]:
        """Return the answers that were given, by question."""
        return {name: value for name, value in self.cleaned_data.items() if isinstance(value, int)}


class QuizForm(_Choosing):
    """The items of an attempt, in its order and with its order of answers."""

    def __init__(self, *args: Any, course: LearningActivity, drawn: Iterable[Drawn], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, each in enumerate(drawn, start=1):
            item = course.item(each.item)
            self.fields[item.id] = forms.TypedChoiceField(
                label=f"{place}. {item.question}",
                choices=[(index, item.answers[index]) for index in each.order],
                coerce=int,
                empty_value=None,
                widget=forms.RadioSelect,
                error_messages=CHOOSE,
            )


class EvaluationForm(_Choosing):
    """The questions about the course itself."""

    def __init__(self, *args: Any, course: LearningActivity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in course.evaluation:
            self.fields[question.id] = forms.TypedChoiceField(
                label=question.ask,
                choices=list(enumerate(question.choices)),
                coerce=int,
                empty_value=None,
                widget=forms.RadioSelect,
                error_messages=CHOOSE,
            )


class ClaimForm(forms.Form):
    """How long somebody took part, and what they claim for it."""

    minutes = Whole(label=_("Minutes in which you took part"), min_value=1, max_value=1000)
    credit = Number(label=_("Credit that you claim"), max_digits=5, decimal_places=2)
    profession = forms.ChoiceField(
        label=_("You are"),
        choices=[(PHYSICIAN, _("a physician (MD, DO or equivalent)")), (OTHER, _("of another profession"))],
        widget=forms.RadioSelect,
    )
    credit_type = forms.ChoiceField(
        label=_("Certificate"),
        choices=[(PARTICIPATION, _("Participation")), (CATEGORY_1, in_italics("AMA PRA Category 1 Credit™"))],
        initial=PARTICIPATION,
        widget=forms.RadioSelect,
    )
    may_report = forms.BooleanField(
        label=_("The provider may report what I learnt to my board and its accreditor"),
        required=False,
        help_text=_("You need not allow it: the certificate is the same. You can take it back on its page."),
    )
    first_name = forms.CharField(
        label=_("First name, as your board has it"),
        required=False,
        max_length=60,
        help_text=_("For that report only, as is all that follows. It is kept sealed."),
    )
    last_name = forms.CharField(label=_("Last name, as your board has it"), required=False, max_length=60)
    licence = forms.CharField(label=_("Number of your licence, or of your board"), required=False, max_length=60)
    birth_month = forms.TypedChoiceField(
        label=_("Month of birth"), required=False, coerce=int, empty_value=None, choices=[("", ""), *MONTHS.items()]
    )
    birth_day = Whole(label=_("Day of birth, without the year"), required=False, min_value=1, max_value=31)

    def said(self) -> dict[str, Any]:
        """Return what is claimed, with the details for the report."""
        given = dict(self.cleaned_data)
        details = Details(**{each.name: given.pop(each.name) for each in fields(Details)})
        return {**given, "details": details}

    def __init__(self, *args: Any, course: LearningActivity, provider: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = course.maximum("participation") or Decimal(0)
        steps = [Decimal(n) / 4 for n in range(1, int(most * 4) + 1)]
        self.fields["credit"].widget = forms.Select(choices=[("", ""), *((f"{s:f}", number(s)) for s in steps)])
        self.fields["minutes"].help_text = _("All of it takes %(n)s minutes.") % {"n": course.minutes}
        if not provider:
            self.fields["credit_type"].widget = forms.HiddenInput()


class ProviderForm(KeyedForm):
    """The accredited provider that may be named on certificates of physicians."""

    name = forms.CharField(label=_("Name of the accredited provider"), max_length=200)
    from_day = Day(label=_("From"))
    until_day = Day(label=_("Until (the first day without)"), required=False)
