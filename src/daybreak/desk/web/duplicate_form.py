"""The form about two records: one person or two, which record is kept, and how that is known."""

from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daybreak.design.public import KeyedForm
from daybreak.desk.duplicates import Pair
from daybreak.people.public import BOTH, DIFFERENT, DUPLICATE_BECAUSE, SAME, UNDONE

ALIKE_WORDS = {
    "number": gettext_lazy("the same number"),
    "name": gettext_lazy("the same name and birth date"),
    "contact": gettext_lazy("the same telephone or e-mail, and birth date"),
}
BECAUSE_WORDS = {
    "document": gettext_lazy("An identity document was looked at"),
    "patient": gettext_lazy("The patient was asked"),
    "number": gettext_lazy("A number was compared with its source"),
    "relatives": gettext_lazy("They are relatives, or twins"),
    "error": gettext_lazy("It was decided in error"),
}


def _because(*verdicts: str) -> list[tuple[str, str]]:
    words = dict.fromkeys(word for verdict in verdicts for word in DUPLICATE_BECAUSE[verdict])
    return [(word, BECAUSE_WORDS[word]) for word in words]


class DuplicateForm(KeyedForm):
    """Which of the two is kept, or that they are two people. Only what can be done is offered; nothing is chosen."""

    decision = forms.ChoiceField(label=gettext_lazy("What do you say?"), widget=forms.RadioSelect)
    because = forms.ChoiceField(
        label=gettext_lazy("How do you know?"), choices=_because(SAME, DIFFERENT), widget=forms.RadioSelect
    )

    def __init__(self, *args: object, pair: Pair, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        both = ((pair.one, pair.other, _("A")), (pair.other, pair.one, _("B")))
        keep = [
            (str(kept.row.key), _("The same person: keep record %(letter)s") % {"letter": letter})
            for kept, gone, letter in both
            if not gone.in_the_way
        ]
        if pair.have_care:
            keep = [(BOTH, _("The same person: keep both, and let each tell of the other"))]
        self.fields["decision"].choices = [*keep, (DIFFERENT, _("Two people: do not ask again"))]

    def clean(self) -> dict[str, object]:
        """Refuse a reason that does not speak for what was decided."""
        said = super().clean()
        decision, because = said.get("decision"), said.get("because")
        if decision and because and because not in DUPLICATE_BECAUSE.get(str(decision), DUPLICATE_BECAUSE[SAME]):
            self.add_error("because", _("This does not speak for what you say. Choose another."))
        return said

    def kept(self) -> UUID | None:
        """Return the one record that is kept; nothing where both are."""
        decision = self.cleaned_data["decision"]
        return None if decision in (BOTH, DIFFERENT) else UUID(decision)


class UndoForm(KeyedForm):
    """That a decision does not hold, and why."""

    decision = forms.UUIDField(widget=forms.HiddenInput)
    because = forms.ChoiceField(
        label=gettext_lazy("Why is it undone?"), choices=_because(UNDONE), widget=forms.RadioSelect
    )
