"""What a reader asks of the dose explorer and of the pooled trials."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daybreak.design.public import Number, Whole
from daybreak.evidence.rules.virtual_people import LONGEST_HOURS
from daybreak.evidence.web.wording import CONTROLS, KINDS, MEASURES, METHODS, MODERATORS, WINDOWS
from daybreak.stats.public import Measure

_DRUGS = (("ketamine", _("Ketamine (racemic)")), ("esketamine", _("Esketamine")))
_ROUTES = (
    ("intravenous", _("Into a vein")),
    ("intranasal", _("Into the nose")),
    ("oral", _("By mouth")),
    ("intramuscular", _("Into a muscle")),
)
_UNITS = (("mg/kg", _("mg for each kg")), ("mg", _("mg")))


class RegimenForm(forms.Form):
    """A drug, a dose and a regimen; what is left out is as in the usual infusion."""

    drug = forms.ChoiceField(label=_("Drug"), choices=_DRUGS)
    route = forms.ChoiceField(label=_("Route"), choices=_ROUTES)
    amount = Number(label=_("Dose"), min_value=Decimal("0.001"), max_value=Decimal(1000))
    unit = forms.ChoiceField(label=_("Unit"), choices=_UNITS)
    minutes = Whole(label=_("Minutes (0: at once)"), min_value=0, max_value=LONGEST_HOURS * 60)
    times = Whole(label=_("How many doses"), min_value=1, max_value=24)
    every_hours = Number(label=_("Hours from dose to dose"), min_value=Decimal(0), max_value=Decimal(LONGEST_HOURS))
    weight_kg = Number(label=_("Weight in kg"), min_value=Decimal(30), max_value=Decimal(250))
    until_hour = Whole(label=_("Hours shown"), min_value=1, max_value=LONGEST_HOURS)

    USUAL = {
        "drug": "ketamine",
        "route": "intravenous",
        "amount": "0.5",
        "unit": "mg/kg",
        "minutes": "40",
        "times": "1",
        "every_hours": "0",
        "weight_kg": "70",
        "until_hour": "8",
    }

    def __init__(self, asked: Any) -> None:
        super().__init__({**self.USUAL, **{name: asked[name] for name in asked if name in self.USUAL}})

    def clean(self) -> dict[str, Any]:
        """Return what was asked; several doses need a time between them, and only a vein takes an infusion."""
        asked: dict[str, Any] = super().clean() or {}
        apart, times = asked.get("every_hours"), asked.get("times")
        if times and times > 1 and apart is not None:
            if apart <= 0:
                self.add_error("every_hours", _("Several doses need hours between them."))
            elif apart * (times - 1) > LONGEST_HOURS:
                self.add_error("every_hours", _("The last dose lies beyond the 96 hours that are shown."))
        return asked


class PoolForm(forms.Form):
    """What a reader asks of the trials; what is left out is as on the page that opens first."""

    kind = forms.ChoiceField(label=_("Outcome"), choices=list(KINDS.items()))
    window = forms.ChoiceField(label=_("When"), choices=list(WINDOWS.items()))
    drug = forms.ChoiceField(
        label=_("Drug"),
        choices=(("any", _("Ketamine or esketamine")), ("ketamine", _("Ketamine")), ("esketamine", _("Esketamine"))),
    )
    control = forms.ChoiceField(label=_("Against"), choices=list(CONTROLS.items()))
    measure = forms.ChoiceField(label=_("Measure"), choices=[(str(each), words) for each, words in MEASURES.items()])
    method = forms.ChoiceField(label=_("Method"), choices=[(str(each), words) for each, words in METHODS.items()])
    interval = forms.ChoiceField(label=_("Interval"), choices=(("hk", "Knapp–Hartung"), ("wald", "Wald")))
    crossover = forms.ChoiceField(
        label=_("Crossover trials"),
        choices=(
            ("parallel", _("as two groups")),
            ("paired", _("paired, correlation assumed")),
            ("out", _("left out")),
        ),
    )
    correlation = Number(label=_("Correlation"), min_value=Decimal("-0.99"), max_value=Decimal("0.99"))
    provisional = forms.ChoiceField(
        label=_("Provisional numbers"), choices=(("in", _("included, and shown without")), ("out", _("left out")))
    )
    by = forms.ChoiceField(label=_("What may explain differences"), choices=list(MODERATORS.items()), required=False)

    USUAL = {
        "by": "",
        "kind": "response",
        "window": "day",
        "drug": "any",
        "control": "placebo",
        "measure": "OR",
        "method": "REML",
        "interval": "hk",
        "crossover": "parallel",
        "correlation": "0.5",
        "provisional": "in",
    }

    def __init__(self, asked: Any) -> None:
        super().__init__({**self.USUAL, **{name: asked[name] for name in asked if name in self.USUAL}})

    def clean(self) -> dict[str, Any]:
        """Return what was asked; counts and scores have measures of their own."""
        asked: dict[str, Any] = super().clean() or {}
        kind, measure, method = asked.get("kind"), asked.get("measure"), asked.get("method")
        if kind and measure and (kind == "depression_score") == Measure(measure).is_of_events:
            words = _("A score takes a difference of means; what is counted takes a ratio or a difference of risks.")
            self.add_error("measure", words)
        if method in ("MH", "PETO") and asked.get("interval") == "hk":
            asked["interval"] = "wald"
        return asked
