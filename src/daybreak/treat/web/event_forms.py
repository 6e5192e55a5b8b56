"""The forms of adverse events: at the chair, afterwards, and of what became of them."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daybreak.design.public import KeyedForm, Moment, as_typed
from daybreak.kernel.moments import now as this_moment
from daybreak.rulebook.public import CRITERIA
from daybreak.treat.queries.events import EventEntry
from daybreak.treat.rules.events import (
    COURSES,
    GRADES,
    HAS_ENDED,
    MEANING,
    MEASURES,
    RELATIONS,
    TERMS,
    NotAnEvent,
    check_event,
    check_times,
)
from daybreak.treat.web.forms import spoken

CRITERION_WORDS = {
    "death": gettext_lazy("The patient died"),
    "life_threatening": gettext_lazy("The patient was in danger of death when it happened"),
    "hospital_stay": gettext_lazy("It led to a hospital stay, or made one longer"),
    "lasting_disability": gettext_lazy("It left a lasting or severe disability"),
    "birth_defect": gettext_lazy("It is a birth defect"),
    "important_medical_event": gettext_lazy("It matters as much, or one of these was only just prevented"),
}
COURSE_WORDS = {
    "ongoing": gettext_lazy("It goes on"),
    "recovered": gettext_lazy("It is over"),
    "recovered_with_sequelae": gettext_lazy("It is over, and something of it stayed"),
    "fatal": gettext_lazy("The patient died of it"),
    "unknown": gettext_lazy("Not known"),
}
MEASURE_WORDS = {
    "none": gettext_lazy("Nothing was changed"),
    "dose_paused": gettext_lazy("The dose was paused"),
    "dose_lowered": gettext_lazy("The dose or its rate was lowered"),
    "dose_stopped": gettext_lazy("The dose was stopped"),
    "course_stopped": gettext_lazy("The course was stopped"),
    "not_applicable": gettext_lazy("The treatment was over already"),
    "unknown": gettext_lazy("Not known"),
}
_WORDS = ("term", "grade", "relation", "criteria", "course", "measure")


class Event(KeyedForm):
    """An adverse event, as it is told at the chair: now."""

    term = forms.ChoiceField(choices=spoken(TERMS), label=gettext_lazy("What happened"))
    grade = forms.TypedChoiceField(
        coerce=int,
        choices=[(n, f"{n}, {word}: {MEANING[n]}") for n, word in GRADES.items()],
        label=gettext_lazy("How severe"),
    )
    relation = forms.ChoiceField(choices=spoken(RELATIONS), label=gettext_lazy("Related to the treatment"))
    course = forms.ChoiceField(choices=[(word, COURSE_WORDS[word]) for word in COURSES], label=gettext_lazy("Course"))
    measure = forms.ChoiceField(
        choices=[(word, MEASURE_WORDS[word]) for word in MEASURES],
        label=gettext_lazy("What was done with the treatment"),
    )
    criteria = forms.MultipleChoiceField(
        choices=[(word, CRITERION_WORDS[word]) for word in CRITERIA],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Serious, since"),
        help_text=gettext_lazy("Any of these makes it serious. Severe is not the same as serious."),
    )
    suspected = forms.CharField(required=False, max_length=200, label=gettext_lazy("Suspected medicine"))
    note = forms.CharField(required=False, max_length=1000, label=gettext_lazy("Note"))

    def clean(self) -> dict[str, Any]:
        """Refuse words that contradict each other, while what was typed stays."""
        said = super().clean() or {}
        if not self.errors:
            try:
                check_event(**{name: said[name] for name in _WORDS})
            except NotAnEvent as refusal:
                raise forms.ValidationError(str(refusal)) from refusal
        return said

    def told(self, at: datetime) -> dict[str, Any]:
        """Return what the action takes of it; at the chair it began now, and ended now where it is over."""
        said = {name: self.cleaned_data[name] for name in (*_WORDS, "suspected", "note")}
        return {**said, "began_at": at, "ended_at": at if said["course"] in HAS_ENDED else None}


class LaterEvent(Event):
    """An adverse event with its own times, in the clinic's: told afterwards, or its later course."""

    began_at = Moment(label=gettext_lazy("Began"), help_text=gettext_lazy("In this site's time."))
    ended_at = Moment(label=gettext_lazy("Ended"), required=False)
    field_order = ("key", "term", "began_at", "grade", "relation", "course", "ended_at")

    def __init__(self, zone: str, *args: Any, before: EventEntry | None = None, **named: Any) -> None:
        self.before = before
        if before is not None:
            named["initial"] = _as_told(before, zone)
        super().__init__(*args, **named)
        for name in ("began_at", "ended_at"):
            self.fields[name].zone = zone

    def clean(self) -> dict[str, Any]:
        """Refuse times that cannot be, as well."""
        said = super().clean()
        if not self.errors:
            began, ended = self._times()
            try:
                check_times(began_at=began, ended_at=ended, course=said["course"], at=this_moment())
            except NotAnEvent as refusal:
                raise forms.ValidationError(str(refusal)) from refusal
        return said

    def _times(self) -> tuple[datetime | None, datetime | None]:
        """Beginning and end; what ended within the minute in which it began ends then."""
        began, ended = self._moment("began_at"), self._moment("ended_at")
        within = began and ended and timedelta(0) < began - ended < timedelta(minutes=1)
        return began, began if within else ended

    def _moment(self, name: str) -> datetime | None:
        """What stands in a field, by the clinic's clock; a time that was not touched stays as exact as it was."""
        moment = self.cleaned_data.get(name)
        if moment is None:
            return None
        known = getattr(self.before, name, None)
        return known if known and timedelta(0) <= known - moment < timedelta(minutes=1) else moment

    def told(self, at: datetime) -> dict[str, Any]:
        """Return what the action takes of it."""
        began, ended = self._times()
        return {**super().told(at), "began_at": began, "ended_at": ended}


def _as_told(before: EventEntry, zone: str) -> dict[str, Any]:
    times = {
        name: as_typed(moment, zone)
        for name in ("began_at", "ended_at")
        if (moment := getattr(before, name)) is not None
    }
    return {**{name: getattr(before, name) for name in (*_WORDS, "suspected")}, **times}


def serious_words(criteria: tuple[str, ...], *, serious: bool) -> str:
    """Return what makes an event serious, in words; “no” where nothing does."""
    if not serious:
        return _("no")
    return "; ".join(str(CRITERION_WORDS[each]) for each in criteria) or _("serious")
