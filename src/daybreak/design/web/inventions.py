"""Invented facts for the gallery. No number here was measured."""

import datetime
import math
from decimal import Decimal
from typing import Any

from django import forms
from markupsafe import Markup

from daybreak.design.figures.line import Band, EventKind, EventMark, Line, Score, SessionMark
from daybreak.design.figures.patient_line import patient_line
from daybreak.design.figures.proportions import Proportion, proportions
from daybreak.design.figures.survival import Curve, Reference, kaplan_meier
from daybreak.design.figures.svg import Svg
from daybreak.design.forms import Number

_BEGIN = datetime.datetime(2026, 1, 5, 9, tzinfo=datetime.UTC)
_DAYS = (0, 2, 5, 7, 9, 12, 14, 16, 19, 26, 33, 40, 96, 103, 110, 124)
_SCORES = (21, 20, 17, 15, 16, 12, 10, 8, 7, 6, 6, 8, 14, 11, 8, 7)
_BANDS = (
    (0, 4, "minimal"),
    (5, 9, "mild"),
    (10, 14, "moderate"),
    (15, 19, "mod. severe"),
    (20, 27, "severe"),
)
_DOSES = ((2, 35), (5, 35), (9, 42), (12, 42), (16, 42), (19, 42), (98, 42), (105, 28))


class InventedForm(forms.Form):
    """A form of every kind of field, with something wrong in it."""

    weight = Number(label="Weight", help_text="Today, without shoes")
    ward = forms.ChoiceField(label="Room", choices=[("a", "Chair 1"), ("b", "Chair 2")])
    mood = forms.ChoiceField(
        label="Little interest or pleasure in doing things",
        choices=[(0, "Not at all"), (1, "Several days")],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label="Note", widget=forms.Textarea(attrs={"rows": 2}), required=False)
    read = forms.BooleanField(label="I have read the page aloud", help_text="Each paragraph")


def facts() -> dict[str, Any]:
    """This function will return what the samples refer to."""
    form = InventedForm({"weight": "seventy", "ward": "b", "note": "What was typed is kept."})
    return {"form": form, "csrf_input": Markup(""), "drawing": figures()["shares"]}


def figures() -> dict[str, Svg]:
    """This function will return one drawing of each kind."""
    return {"survival": _survival(), "shares": _shares(), "line": _line()}


def _curve(label: str, rate: float, people: int) -> Curve:
    times = (0, 3, 7, 12, 18, 25, 33, 42, 52, 63, 75, 90)
    share = tuple(math.exp(-rate * time) for time in times)
    spread = tuple(0.02 + 0.1 * (1 - value) for value in share)
    return Curve(
        label=label,
        times=times,
        share=share,
        lower=(1.0, *(round(value - width, 4) for value, width in zip(share[1:], spread[1:], strict=True))),
        upper=(1.0, *(min(1.0, value + width) for value, width in zip(share[1:], spread[1:], strict=True))),
        censored=(15, 30, 48, 70),
        at_risk=tuple((day, round(people * math.exp(-rate * day * 1.3))) for day in (0, 30, 60, 90)),
    )


def _survival() -> Svg:
    return kaplan_meier(
        [_curve("Weekly sessions", 0.004, 64), _curve("None planned", 0.011, 71)],
        title="More people stayed well with weekly sessions (invented)",
        alt="Without relapse at 90 days: 70 percent with weekly sessions, 37 percent without.",
        time_label="Days since response",
        share_label="Without relapse",
        reference=Reference(value=0.5, label="Half of the people"),
    )


def _shares() -> Svg:
    rows = [
        Proportion(label="Response", words="24 of 58", share=0.41, lower=0.3, upper=0.54),
        Proportion(label="Remission", words="13 of 58", share=0.22, lower=0.13, upper=0.35),
        Proportion(label="South Lake", words="fewer than 11"),
    ]
    return proportions(
        rows,
        title="Two in five people responded (invented)",
        alt="Response 41 percent, 24 of 58; remission 22 percent, 13 of 58; South Lake not shown.",
        share_label="Share of people",
        reference=Reference(value=0.5, label="A published trial"),
    )


def _after(days: float) -> datetime.datetime:
    return _BEGIN + datetime.timedelta(days=days)


def _line() -> Svg:
    line = Line(
        scale="PHQ-9",
        maximum=27,
        zone="Europe/Berlin",
        starts=_after(-6),
        ends=_after(130),
        gap_days=30,
        bands=tuple(Band(lower=lower, upper=upper, label=label) for lower, upper, label in _BANDS),
        scores=tuple(
            Score(at=_after(day), value=value, words=f"PHQ-9: {value}")
            for day, value in zip(_DAYS, _SCORES, strict=True)
        ),
        sessions=tuple(
            SessionMark(at=_after(day), dose_mg=Decimal(dose), words=f"Infusion, {dose} mg") for day, dose in _DOSES
        ),
        events=(
            EventMark(at=_after(-4), kind=EventKind.CONSENT, words="Consent to treatment, version 1"),
            EventMark(at=_after(-3.2), kind=EventKind.CONSENT, words="Consent to the registry, version 1"),
            EventMark(at=_after(12.2), kind=EventKind.EVENT, words="Nausea, mild, over after 40 minutes"),
            EventMark(at=_after(96), kind=EventKind.EVENT, words="Relapse seen"),
        ),
    )
    return patient_line(
        line,
        title="One person's course (invented)",
        alt="PHQ-9 fell from 21 to 6 in five weeks, was not measured for 56 days, then fell from 14 to 7.",
    )
