"""The forms of the safety board: a decision on a signal, a hold, and that a hold is lifted."""

from django import forms
from django.utils.translation import gettext_lazy as _

from daybreak.design.public import Day, KeyedForm
from daybreak.desk.signals import HOLD, Decided
from daybreak.people.public import site_named, sites
from daybreak.treat.public import protocols_to_hold

DECISIONS = [
    ("explained", _("It is explained: nothing follows")),
    ("watch_on", _("It is watched on")),
    ("ask_site", _("The site is asked")),
    (HOLD, _("A protocol is held")),
]
DECISION_WORDS = dict(DECISIONS)
NO_NAMES = _("Names no patient: every site that it concerns reads it.")


class HoldForm(KeyedForm):
    """Which protocol is held, where, and why."""

    protocol = forms.ChoiceField(label=_("Protocol"))
    at_site = forms.ChoiceField(label=_("Where"), required=False)
    reason = forms.CharField(
        label=_("Why"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}), help_text=NO_NAMES
    )

    def __init__(self, here: str, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["protocol"].choices = [("", _("choose")), *protocols_to_hold().items()]
        place = site_named(here)
        clinics = [(each.code, each.name) for each in sites() if each.kind == "clinic"]
        at_centre = place is not None and place.kind == "centre"
        own = [each for each in clinics if each[0] == here]
        self.fields["at_site"].choices = [("", _("at every site")), *clinics] if at_centre else own


class DecisionForm(HoldForm):
    """What is decided on a signal, why, and what follows; of a hold also the protocol."""

    decision = forms.ChoiceField(label=_("Decision"), choices=DECISIONS, widget=forms.RadioSelect)
    follow_up = forms.CharField(
        label=_("What follows"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Left empty only where it is explained."),
    )  # fmt: skip
    follow_up_on = Day(label=_("Looked at again on"), required=False)

    field_order = ["key", "decision", "reason", "follow_up", "follow_up_on", "protocol", "at_site"]

    def __init__(self, here: str, *args: object, **kwargs: object) -> None:
        super().__init__(here, *args, **kwargs)
        self.fields["protocol"].required = False
        self.fields["protocol"].label = _("Protocol, where one is held")

    def clean(self) -> dict[str, object]:
        """Ask for the protocol of a hold."""
        data = super().clean() or {}
        if data.get("decision") == HOLD and not data.get("protocol"):
            self.add_error("protocol", _("Say which protocol is held."))
        return data

    def decided(self, *, snapshot: str, signal: str) -> Decided:
        """Return what was said."""
        said = self.cleaned_data
        return Decided(
            said["key"], snapshot, signal, said["decision"], said["reason"], said["follow_up"], said["follow_up_on"],
            said["protocol"], said["at_site"],
        )  # fmt: skip


class LiftForm(KeyedForm):
    """Why a hold is lifted."""

    hold = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Why it is lifted"), max_length=400, help_text=NO_NAMES)
