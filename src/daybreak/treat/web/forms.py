"""The forms of the infusion room. Each carries the key of the fact it will become, made when the form was drawn."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daybreak.design.public import Day, KeyedForm, Moment, Number, Whole
from daybreak.kernel.moments import now as this_moment
from daybreak.rulebook.public import FactDefinition
from daybreak.treat.queries.devices import monitor_models
from daybreak.treat.rules.events import ACTS
from daybreak.treat.rules.route import FORMS, Manner, time_out_items
from daybreak.treat.rules.steps import MOVED_BECAUSE, REASONS, Step, in_words

UNITS = [("kg", gettext_lazy("kilograms (kg)")), ("[lb_av]", gettext_lazy("pounds (lb)"))]
WEIGHTS = [("actual", gettext_lazy("the weight on the scale")), ("ideal", gettext_lazy("the ideal body weight"))]
YES, NO, OPEN = "yes", "no", "unknown"
YES_NO = [(YES, gettext_lazy("Yes")), (NO, gettext_lazy("No")), (OPEN, gettext_lazy("Not known"))]


def spoken(words: Sequence[str]) -> list[tuple[str, str]]:
    """Return a closed list of words as choices."""
    return [(word, in_words(word).capitalize()) for word in words]


class OpenCourse(KeyedForm):
    """A protocol to treat under."""

    protocol = forms.ChoiceField(label=gettext_lazy("Protocol"))

    def __init__(self, protocols: Sequence[tuple[str, str]], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["protocol"].choices = protocols


class PlanSession(KeyedForm):
    """When, and in which chair."""

    planned_for = Moment(label=gettext_lazy("When"), help_text=gettext_lazy("In this site's time."))
    chair = forms.ChoiceField(label=gettext_lazy("Chair"))

    def clean_planned_for(self) -> datetime:
        """Refuse a year that a slip of the finger makes."""
        when: datetime = self.cleaned_data["planned_for"]
        if not -7 <= (when.date() - this_moment().date()).days <= 2 * 366:
            raise forms.ValidationError(_("Choose a day of the last week or of the next two years."))
        return when

    def __init__(self, chairs: Sequence[str], data: QueryDict | None = None, *, zone: str, **kwargs: object) -> None:
        super().__init__(_instead(data), **kwargs)
        self.fields["planned_for"].zone = zone
        self.fields["chair"].choices = [("", _("Choose a chair")), *((name, name) for name in chairs)]


class MoveSession(PlanSession):
    """Another time or chair, and why."""

    reason = forms.ChoiceField(label=gettext_lazy("Why"), choices=spoken(MOVED_BECAUSE), widget=forms.RadioSelect)


def _instead(data: QueryDict | None) -> QueryDict | None:
    """Take what was offered instead of a taken chair: the button that was pressed says when and where."""
    offered = data.get("instead", "") if data is not None else ""
    if data is None or "|" not in offered:
        return data
    taken = data.copy()
    taken["planned_for"], taken["chair"] = offered.split("|", 1)
    return taken


class SetUpChair(KeyedForm):
    """A chair, its room, and the minutes that it needs before a dose."""

    name = forms.CharField(label=gettext_lazy("Name of the chair"), max_length=30)
    treatment_room = forms.CharField(label=gettext_lazy("Room"), max_length=60)
    set_up_minutes = Whole(
        label=gettext_lazy("Set-up before each dose"),
        min_value=0,
        max_value=480,
        help_text=gettext_lazy("What this site needs in it for preparing, added to the dose and the observation."),
    )


class Dosing(KeyedForm):
    """The weight of today where the dose looks at it, the amount where there is a choice, and what is in hand."""

    weight = Number(label=gettext_lazy("Weight today"))
    unit = forms.ChoiceField(label=gettext_lazy("Unit of the weight"), choices=UNITS, widget=forms.RadioSelect)
    height_cm = Number(label=gettext_lazy("Height"), required=False, help_text=gettext_lazy("Once is enough."))
    chosen = forms.TypedChoiceField(label=gettext_lazy("Amount"), coerce=Decimal, widget=forms.RadioSelect)
    form = forms.ChoiceField(label=gettext_lazy("Form"), widget=forms.RadioSelect)
    unit_mg = Number(label=gettext_lazy("In one piece"), required=False, help_text=gettext_lazy("Empty for a liquid."))
    concentration = Number(
        label=gettext_lazy("Concentration in the syringe"),
        help_text=gettext_lazy("As it stands on the label you wrote."),
    )
    syringe_ml = Number(label=gettext_lazy("Drawn into the first syringe"))
    weight_used = forms.ChoiceField(
        label=gettext_lazy("Compute the dose from"), choices=WEIGHTS, widget=forms.RadioSelect, required=False
    )
    confirmed = forms.BooleanField(label=gettext_lazy("I have checked the unit: the weight is right"), required=False)

    def __init__(
        self,
        manner: Manner,
        amounts: Sequence[tuple[str, str]],
        *args: object,
        by_weight: bool,
        asks_weight: bool,
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)
        unused = {"syringe_ml"} - ({"syringe_ml"} if manner is Manner.TITRATION else set())
        unused |= set() if by_weight else {"height_cm", "weight_used", "confirmed"}
        unused |= set() if asks_weight else {"weight", "unit"}
        unused |= set() if len(amounts) > 1 else {"chosen"}
        unused |= {"concentration"} if manner is Manner.DEVICES else set()
        unused |= set() if manner is Manner.MOUTH else {"form", "unit_mg"}
        for name in unused:
            del self.fields[name]
        if "chosen" in self.fields:
            self.fields["chosen"].choices = amounts
        if manner is Manner.MOUTH:
            self.fields["form"].choices = spoken(FORMS)
            self.fields["concentration"].required = False
            self.fields["concentration"].label = _("Concentration of a liquid")
            self.fields["concentration"].help_text = _("Empty for tablets, capsules and lozenges.")

    def said(self) -> dict[str, object]:
        """Return what the actions take, whatever the dose rests on."""
        said = self.cleaned_data
        return {
            "weight": said.get("weight"),
            "unit": said.get("unit", "kg"),
            "chosen": said.get("chosen") or None,
            "concentration_mg_per_ml": said.get("concentration"),
            "form": said.get("form", ""),
            "unit_mg": said.get("unit_mg"),
        }


class Questions(KeyedForm):
    """What the protocol asks at a stage. Each needs an answer, and “not known” is one; nothing is assumed."""

    def __init__(self, questions: Sequence[FactDefinition], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.questions = list(questions)
        for question in self.questions:
            choices = YES_NO if question.kind == "yes_no" else [*spoken(question.choices), (OPEN, _("Not known"))]
            self.fields[question.id] = forms.ChoiceField(
                label=question.question, choices=choices, widget=forms.RadioSelect
            )

    def rows(self) -> list[forms.BoundField]:
        """Return the questions in the protocol's order."""
        return [self[question.id] for question in self.questions]

    def answers(self) -> dict[str, bool | str | None]:
        """Return the answers; an open one is None."""
        return {q.id: _answer(q, self.cleaned_data.get(q.id) or OPEN) for q in self.questions}


def _answer(question: FactDefinition, said: str) -> bool | str | None:
    if said == OPEN:
        return None
    return said == YES if question.kind == "yes_no" else said


class TimeOut(KeyedForm):
    """Five things that two people confirm, each for themselves."""

    order = forms.UUIDField(widget=forms.HiddenInput)
    signer = forms.UUIDField(widget=forms.Select, required=False, label=gettext_lazy("Second person"))
    password = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        required=False,
        label=gettext_lazy("Their password"),
    )

    def __init__(self, manner: Manner, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.asked = time_out_items(manner)
        for item in self.asked:
            self.fields[item] = forms.BooleanField(required=False)

    def items(self) -> dict[str, bool]:
        """Return what was confirmed."""
        return {item: bool(self.cleaned_data.get(item)) for item in self.asked}


class Reasoned(KeyedForm):
    """A step with its reason."""

    reason = forms.ChoiceField(label=gettext_lazy("Why"), widget=forms.RadioSelect)
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=500)

    def __init__(self, step: Step, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.step = step
        reason, words = self.fields["reason"], ", ".join(map(in_words, REASONS[step]))
        reason.choices = spoken(REASONS[step])
        reason.error_messages = dict.fromkeys(("required", "invalid_choice"), _("Say why: %(r)s.") % {"r": words})


class Member(KeyedForm):
    """Somebody takes a role in a session, or leaves it."""

    account = forms.UUIDField()
    role = forms.CharField(max_length=30)
    leaves = forms.BooleanField(required=False)


class GivePart(KeyedForm):
    """A part of a dose that was given."""

    where = forms.CharField(max_length=30, required=False)
    part_mg = Number(
        required=False, error_messages={"invalid": gettext_lazy("Say how many milligrams were given, as a number.")}
    )
    reason = forms.CharField(max_length=30, required=False)
    note = forms.CharField(max_length=500, required=False)


class NewSyringe(KeyedForm):
    """Another syringe in the pump."""

    drawn_ml = Number(
        error_messages=dict.fromkeys(
            ("required", "invalid"), gettext_lazy("Say what was drawn into the new syringe, as a number.")
        )
    )


class Rate(Reasoned):
    """Another rate, with its reason."""

    rate = Number(
        label=gettext_lazy("New rate"),
        help_text=gettext_lazy("Above zero, at most the ordered rate."),
        error_messages=dict.fromkeys(("required", "invalid"), gettext_lazy("Say the new rate, as a number.")),
    )


class Resume(Reasoned):
    """Going on, with its reason."""

    rate = Number(
        label=gettext_lazy("Another rate"), required=False,
        help_text=gettext_lazy("Left empty, it goes on at the rate before the pause."),
        error_messages={"invalid": gettext_lazy("Say the rate as a number.")},
    )  # fmt: skip


class Acknowledge(KeyedForm):
    """What was done about an alarm."""

    act = forms.ChoiceField(choices=spoken(ACTS), label=gettext_lazy("What was done"))


class Override(KeyedForm):
    """Going on in spite of a criterion."""

    stage = forms.CharField(widget=forms.HiddenInput)
    criterion = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Why it is right to go on"),
        max_length=1000,
        error_messages={"required": gettext_lazy("Say why it is right to go on.")},
    )


class NewDevice(KeyedForm):
    """A device for one chair."""

    chair = forms.CharField(label=gettext_lazy("Chair"), max_length=30)
    name = forms.CharField(label=gettext_lazy("Name of the device"), max_length=60)


class NewMonitor(KeyedForm):
    """A monitor behind the gateway, known by the place that it names itself."""

    name = forms.CharField(label=gettext_lazy("Name of the monitor"), max_length=60)
    location = forms.CharField(
        label=gettext_lazy("Its place, as it says it"),
        max_length=100,
        help_text=gettext_lazy("PV1-3 of its messages: point of care, room and bed, such as INFUSION^1^CHAIR 1."),
    )
    chair = forms.CharField(
        label=gettext_lazy("Chair"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("Left empty, each message must name the session by its visit number."),
    )
    model = forms.ChoiceField(label=gettext_lazy("Codes that it speaks"))

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["model"].choices = list(monitor_models().items())


class Assessed(KeyedForm):
    """The site's own regulatory assessment."""

    conclusion = forms.ChoiceField(
        label=gettext_lazy("Conclusion"),
        choices=[
            ("alarms on", gettext_lazy("Alarms may sound")),
            ("alarms off", gettext_lazy("Alarms stay off")),
        ],
        widget=forms.RadioSelect,
    )
    reference = forms.CharField(label=gettext_lazy("Document"), max_length=200)
    decided_on = Day(label=gettext_lazy("Decided on"))
    review_on = Day(label=gettext_lazy("Looked at again on"))
