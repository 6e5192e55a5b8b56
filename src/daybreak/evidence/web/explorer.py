"""What the models say of a regimen, in numbers, words and a drawing. It doses nobody."""

import csv
import io
from dataclasses import dataclass
from typing import Any

import altair
import numpy as np
from django.utils.translation import gettext as _

from daybreak.design.figures.bands import Banded, bands_chart
from daybreak.design.figures.rendering import render
from daybreak.design.figures.svg import Svg
from daybreak.design.public import number
from daybreak.evidence.rules.virtual_people import PEOPLE, Course, Regimen, simulate
from daybreak.rulebook.public import KineticModel

LOW, HIGH = 0.05, 0.95
NOT_FOR_DOSING = "not for dosing a patient"
_FROM = {"vein": "venous blood", "artery": "arterial blood", "mixed": "blood"}


@dataclass(frozen=True, slots=True)
class Predicted:
    """One model's course of the drug itself, and what was assumed to ask the model."""

    model: KineticModel
    course: Course
    factor: float
    assumed: str

    @property
    def middle(self) -> "np.ndarray[Any, np.dtype[np.float64]]":
        """Return the median at each hour, in ng/mL of what was given."""
        return self.course.share(below=0.5) * self.factor

    @property
    def varies(self) -> bool:
        """Whether the model says how people differ."""
        return len(self.course.ng_per_ml) > 1

    @property
    def band(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Return where nine of ten people lie, or nothing where the model does not say."""
        if not self.varies:
            return (), ()
        low, high = (self.course.share(below=each) * self.factor for each in (LOW, HIGH))
        return tuple(map(float, low)), tuple(map(float, high))

    @property
    def label(self) -> str:
        """Return the model's short name with where blood was taken."""
        return f"{self.model.title.partition(':')[0].partition(',')[0]}, {_FROM[self.model.sampled_from]}"


def predicted(models: tuple[KineticModel, ...], asked: dict[str, Any]) -> tuple[list[Predicted], list[str]]:
    """Return what each model says, and in a sentence why the others say nothing."""
    mg = float(asked["amount"]) * (float(asked["weight_kg"]) if asked["unit"] == "mg/kg" else 1.0)
    found, silent = [], []
    for model in models:
        asking = _asking(model, asked["drug"])
        if asking is None or asked["route"] not in model.routes:
            words = {"model": model.title, "drug": asked["drug"]}
            silent.append(_("%(model)s: no %(drug)s by this route.") % words)
            continue
        share, factor, assumed = asking
        regimen = Regimen(
            route=asked["route"],
            mg=mg * share,
            minutes=asked["minutes"] if asked["route"] == "intravenous" else 0,
            times=asked["times"],
            every_hours=float(asked["every_hours"]),
        )
        course = simulate(
            model,
            regimen,
            molecule=model.molecule,
            weight_kg=float(asked["weight_kg"]),
            until_hour=float(asked["until_hour"]),
        )
        found.append(Predicted(model, course, factor, assumed))
    return found, silent


def _asking(model: KineticModel, drug: str) -> tuple[float, float, str] | None:
    """Return the share of the dose that the model takes, by what its answer is multiplied, and what that assumes."""
    if model.molecule == drug:
        return 1.0, 1.0, ""
    if drug == "ketamine":
        return 0.5, 2.0, _("Half of the dose is esketamine; the other half is taken to behave alike.")
    return None


def drawing(found: list[Predicted], title: str) -> Svg:
    """Return the drawing for the page, and a narrow one for a phone."""
    panels = [
        Banded(
            label=each.label,
            times=tuple(map(float, each.course.hours)),
            middle=tuple(map(float, each.middle)),
            lower=each.band[0],
            upper=each.band[1],
        )
        for each in found
    ]

    def chart(narrow: bool) -> altair.VConcatChart:
        return bands_chart(panels, time_label=_("Hours"), value_label="ng/mL", narrow=narrow)

    wide, narrow = (render(chart(each), title=title, alt=finding(found)) for each in (False, True))
    return Svg(f'<div class="is-wide">{wide}</div><div class="is-narrow">{narrow}</div>')


def finding(found: list[Predicted]) -> str:
    """Return the highest medians of the models in a sentence, since they disagree."""
    peaks = sorted(float(each.middle.max()) for each in found)
    if len(peaks) == 1:
        return _("The model's median reaches %(peak)s ng/mL.") % {"peak": number(peaks[0], 0)}
    words = {"least": number(peaks[0], 0), "most": number(peaks[-1], 0)}
    return _("The models' medians reach %(least)s to %(most)s ng/mL: they disagree.") % words


def rows(found: list[Predicted]) -> list[list[str]]:
    """Return for each model its peak, when, and the concentration at the end."""
    table = []
    for each in found:
        middle = each.middle
        top = int(middle.argmax())
        low, high = each.band
        spread = f"{number(low[top], 0)}–{number(high[top], 0)}" if each.varies else _("not known")
        read = _("read whole") if each.model.read == "whole" else _("from another source, not checked")
        table.append(
            [
                each.label,
                number(float(middle[top]), 0),
                spread,
                number(float(each.course.hours[top]) * 60, 0),
                number(float(middle[-1]), 1),
                read,
            ]
        )
    return table


def as_csv(found: list[Predicted], asked: dict[str, Any]) -> str:
    """Return every point as CSV; each row says that it doses nobody."""
    text = io.StringIO()
    writer = csv.writer(text)
    predicted_columns = ("hour", "median_ng_ml", "p5_ng_ml", "p95_ng_ml", "people")
    writer.writerow(["model", "fingerprint", "molecule", "sampled_from", *predicted_columns, *asked, "warning"])
    for each in found:
        low, high = each.band
        for at, (hour, middle) in enumerate(zip(each.course.hours, each.middle, strict=True)):
            spread = [f"{low[at]:.4g}", f"{high[at]:.4g}", PEOPLE] if each.varies else ["", "", ""]
            model = each.model
            head = [f"{model.id}/{model.version}", model.fingerprint, model.molecule, model.sampled_from]
            writer.writerow([*head, f"{hour:.4f}", f"{middle:.4g}", *spread, *asked.values(), NOT_FOR_DOSING])
    return text.getvalue()
