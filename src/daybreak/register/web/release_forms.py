"""The forms of a release: a request, and an answer to one."""

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from daybreak.design.public import Day, KeyedForm, day
from daybreak.register.queries import snapshots
from daybreak.register.releasing.columns import released_tables
from daybreak.register.releasing.profiles import profiles

NO_NAMES = _("Name no patient.")
ANSWERS = {
    "approve": _("Approve it"),
    "refuse": _("Refuse it"),
    "withdraw": _("Take my approval back"),
}


class RequestForm(KeyedForm):
    """Who gets rows, what for, of which snapshot, by which profile, under what, and until when."""

    recipient = forms.CharField(
        label=_("Who gets the rows"), max_length=200, help_text=_("Each person and their institution.")
    )
    purpose = forms.CharField(
        label=_("What they are for"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}), help_text=NO_NAMES
    )
    snapshot = forms.ChoiceField(label=_("Snapshot"))
    profile = forms.ChoiceField(label=_("Privacy profile"), widget=forms.RadioSelect)
    tables = forms.MultipleChoiceField(
        label=_("Tables"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Those that the purpose needs; with none chosen, all. People are always among them."),
    )  # fmt: skip
    agreement = forms.CharField(
        label=_("Agreement about the use"), max_length=200, required=False,
        help_text=_("Its number and date. A limited data set needs one."),
    )  # fmt: skip
    determination = forms.CharField(
        label=_("The expert's determination"), max_length=200, required=False,
        help_text=_("Who determined it, and in which document. Expert determination needs one."),
    )  # fmt: skip
    expires_on = Day(label=_("Last day on which rows may be handed out"), help_text=_("A year from now at most."))

    def __init__(self, *args: object, today: date, synthetic: bool, **kwargs: object) -> None:
        kwargs["initial"] = {"expires_on": today + timedelta(days=90), "profile": "safe_harbor"} | (
            kwargs.get("initial") or {}
        )
        super().__init__(*args, **kwargs)
        self.fields["snapshot"].choices = [
            (each.id, _snapshot_words(each)) for each in snapshots() if each.synthetic == synthetic
        ]
        self.fields["profile"].choices = [(each.id, f"{each.title}: {each.summary}") for each in profiles()]
        names = {each.frozen.name: each.frozen.name for profile in profiles() for each in released_tables(profile)}
        self.fields["tables"].choices = [(name, name) for name in names if name != "person"]


class AnswerForm(KeyedForm):
    """What a reviewer answers, and why."""

    answer = forms.ChoiceField(label=_("Your answer"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever asked reads it. Only an approval may go without one."),
    )  # fmt: skip

    def __init__(self, may: tuple[str, ...], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.offer(may)

    def offer(self, may: tuple[str, ...]) -> None:
        """Let these answers be chosen, and no other."""
        self.fields["answer"].choices = [(each, ANSWERS[each]) for each in may]


def _snapshot_words(found: object) -> str:
    return _("%(id)s, frozen %(day)s") % {"id": found.id, "day": day(found.created_at.date(), year=True)}
