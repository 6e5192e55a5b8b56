"""Forms of follow-up: what a phone sends, and what staff type."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from daybreak.design.public import Day, Moment, Whole
from daybreak.kernel.keys import new_key
from daybreak.rulebook.public import Instrument


@dataclass(frozen=True, slots=True)
class Sent:
    """What a phone sent: the key made with the page, the answers that can be read, and every answer as it was
    sent.
    """

    key: UUID
    answers: dict[str, int]
    kept: dict[str, str]


def read_answers(said: QueryDict, instrument: Instrument) -> Sent:
    """Read the answers to an instrument.

    A key that cannot be read is replaced: the answers count, not the key.
    """
    kept = {item.id: said[item.id] for item in instrument.items if said.get(item.id)}
    answers = {name: int(value) for name, value in kept.items() if value.isdecimal() and len(value) < 10}
    return Sent(key=key_in(said), answers=answers, kept=kept)


def key_in(said: QueryDict) -> UUID:
    """Return the key that came with a page, or a new one where it cannot be read: what was said counts, not the key."""
    try:
        return UUID(said.get("key", ""))
    except ValueError:
        return new_key()


def minutes_in(said: QueryDict) -> int:
    """Return for how many minutes a device says that it kept what it sends now; none where it says nothing readable."""
    text = said.get("waited", "")
    return int(text) if text.isdecimal() and len(text) < 8 else 0


def is_mistaken(said: QueryDict) -> bool:
    """Return whether the patient says that the call was pressed by mistake."""
    return said.get("mistaken", "") == "1"


class KeyForm(forms.Form):
    """An act without further words; sent twice it is one act."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=new_key)


class CloseForm(KeyForm):
    """Closing a task."""

    what_was_done = forms.CharField(
        label=_("What was done"),
        help_text=_("Whom you spoke with, what you found, what was agreed."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ReportForm(CloseForm):
    """Closing a task whose report was owed: to whom it was made, and when, by the clinic's clock."""

    reported_to = forms.CharField(label=_("Reported to"), max_length=200)
    reported_at = Moment(label=_("Reported on"), help_text=_("In this site's time."))
    field_order = ("key", "reported_to", "reported_at", "what_was_done")

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reported_at"].zone = zone


class AskForm(KeyForm):
    """Asking a patient by hand."""

    instrument = forms.ChoiceField(label=_("Questionnaire"))

    def __init__(self, *args: object, instruments: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["instrument"].choices = instruments


class ContactForm(KeyForm):
    """How a patient is reached."""

    telephone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)


DECISIONS = {
    "continue": _("Continue as planned"),
    "space_out": _("Space the sessions out"),
    "taper": _("Taper: fewer sessions, towards an end"),
    "stop": _("Stop: no further session"),
}


class DecideForm(KeyForm):
    """Deciding how a course goes on."""

    decision = forms.ChoiceField(
        label=_("How the course goes on"), choices=list(DECISIONS.items()), widget=forms.RadioSelect
    )
    interval_days = Whole(
        label=_("Interval aimed at, in days"),
        help_text=_("Leave it empty where the course stops, or where the schedule's own interval holds."),
        required=False,
        min_value=1,
        max_value=365,
    )
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("What the scores, the side effects and the patient say."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    about = forms.CharField(required=False, widget=forms.HiddenInput)
    advised = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def clean_about(self) -> list[UUID]:
        """Return the keys of the open reviews that the page showed."""
        try:
            return [UUID(each) for each in self.cleaned_data["about"].split()]
        except ValueError:
            return []


class AttemptForm(KeyForm):
    """Noting a try to reach a patient."""

    way = forms.ChoiceField(
        label=_("How"),
        choices=[
            ("telephone", _("By telephone")),
            ("message", _("By message")),
            ("letter", _("By letter")),
            ("in person", _("In person")),
            ("relative", _("Through a relative")),
        ],
    )
    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=[
            ("no answer", _("No answer")),
            ("reached", _("Reached")),
            ("wrong number", _("Wrong number or address")),
            ("declined", _("Does not want to be asked")),
        ],
    )
    note = forms.CharField(label=_("In your words"), required=False, max_length=1000)


class ObservationForm(KeyForm):
    """Noting that observation of a patient ended or began again."""

    kind = forms.ChoiceField(
        label=_("What happened"),
        choices=[
            ("lost", _("Lost to follow-up, after tries in vain")),
            ("moved", _("Moved away")),
            ("transferred", _("Transferred to another clinic")),
            ("withdrew", _("Withdrew from follow-up")),
            ("returned", _("Returned")),
        ],
    )
    on_day = Day(label=_("On which day"))
    source = forms.ChoiceField(
        label=_("Who said so"),
        choices=[
            ("patient", _("The patient")),
            ("relative", _("A relative")),
            ("other clinic", _("Another clinic")),
            ("staff", _("A member of staff")),
            ("public register", _("A public register")),
        ],
    )
    other_site = forms.CharField(
        label=_("Code of the other clinic, where it uses Daybreak"), required=False, max_length=20
    )
    note = forms.CharField(label=_("In your words"), required=False, max_length=1000)
