"""The page of the pooled trials: its drawings and its tables, each from the same numbers."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from daybreak.design.figures.forest import Effect as Row
from daybreak.design.figures.forest import forest
from daybreak.design.figures.funnel import Dot, funnel_chart
from daybreak.design.figures.rendering import render
from daybreak.design.figures.svg import Svg
from daybreak.design.public import number
from daybreak.evidence.rules.synthesis import Part, Synthesis
from daybreak.evidence.web.wording import (
    effect_words,
    finding,
    group_words,
    pooled_words,
    shown,
    side_words,
    trials_words,
)
from daybreak.stats.public import Measure, Pooled

_Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Picture:
    """One drawing with its table; `name` is what the address calls it."""

    name: str
    title: str
    subtitle: str
    drawing: Svg
    columns: list[dict[str, object]]
    cells: list[list[str]]


def pictures(found: Synthesis) -> list[Picture]:
    """Return the forest plot, and where there is more than one trial the cumulative and the leave-one-out ones."""
    drawn = [_forest(found)]
    if found.pooled.k > 1:
        drawn.append(_parts(found, "cumulative", _("Year by year"), found.cumulative, _("up to and with")))
        drawn.append(_funnel(found))
        drawn.append(_parts(found, "without", _("Without each trial in turn"), found.without_each, _("without")))
    if found.subgroups:
        drawn.append(_parts(found, "groups", _("By kinds of trial"), found.subgroups, ""))
    return drawn


def _forest(found: Synthesis) -> Picture:
    measure = found.asked.measure
    rows, cells = [], []
    for effect, weight in zip(found.effects, found.pooled.weights, strict=True):
        half = _Z * effect.variance**0.5
        ends = (effect.estimate, effect.estimate - half, effect.estimate + half)
        label, sides, firm = (
            effect.comparison.label,
            side_words(effect.comparison),
            not effect.comparison.is_provisional,
        )
        rows.append(_row(label, sides, ends, measure, weight=weight, firm=firm))
        checked = _("checked") if firm else _("provisional")
        cells.append([label, sides, effect_words(*ends, measure), number(weight, 1), checked])
    below = [_pooled(_("All"), found.pooled, measure, firm=found.without_provisional is None)]
    cells.append([_("All"), "", pooled_words(found.pooled, measure), "100", ""])
    if found.without_provisional is not None and found.without_provisional.pooled is not None:
        checked_only = found.without_provisional.pooled
        below.append(_pooled(_("Without provisional numbers"), checked_only, measure))
        cells.append([_("Without provisional numbers"), "", pooled_words(checked_only, measure), "", ""])
    columns: list[dict[str, object]] = [
        {"label": _("Trial")},
        {"label": _("With the drug, and control")},
        {"label": _("Effect (95 % interval)"), "number": True},
        {"label": _("Weight"), "unit": "%", "number": True},
        {"label": _("Numbers")},
    ]
    return Picture("forest", finding(found), "", _drawn(rows, below, found, finding(found)), columns, cells)


def _parts(found: Synthesis, name: str, title: str, parts: tuple[Part, ...], before: str) -> Picture:
    measure = found.asked.measure
    told = [(each, each.pooled) for each in parts if each.pooled is not None]
    rows, cells = [], []
    for part, pooled in told:
        label = f"{before} {part.name}" if before else group_words(part.name)
        trials = trials_words(part.k)
        ends = (pooled.estimate, pooled.lower, pooled.upper)
        rows.append(_row(label, trials, ends, measure, weight=20))
        cells.append([label, str(part.k), effect_words(*ends, measure)])
    columns: list[dict[str, object]] = [
        {"label": title},
        {"label": _("Trials"), "number": True},
        {"label": _("Effect (95 % interval)"), "number": True},
    ]
    drawing = _drawn(rows, [_pooled(_("All"), found.pooled, measure)], found, title)
    return Picture(name, title, finding(found), drawing, columns, cells)


def _funnel(found: Synthesis) -> Picture:
    """Return effects against their standard errors, on the scale of the analysis."""
    measure = found.asked.measure
    dots = [
        Dot(
            label=each.comparison.label,
            estimate=each.estimate,
            standard_error=each.variance**0.5,
            is_provisional=each.comparison.is_provisional,
        )
        for each in found.effects
    ]
    words = _("Logarithm of the effect") if measure.is_ratio else _("Effect")
    said = {"centre": found.pooled.estimate, "effect_label": words, "error_label": _("Standard error")}
    title = _("Small trials beside large ones")
    alt = _("Each trial's effect against its standard error; without bias they lie evenly about the line.")
    wide, narrow = (render(funnel_chart(dots, **said, narrow=each), title=title, alt=alt) for each in (False, True))
    columns: list[dict[str, object]] = [
        {"label": _("Trial")},
        {"label": words, "number": True},
        {"label": _("Standard error"), "number": True},
    ]
    cells = [[dot.label, number(dot.estimate, 3), number(dot.standard_error, 3)] for dot in dots]
    drawing = Svg(f'<div class="is-wide">{wide}</div><div class="is-narrow">{narrow}</div>')
    return Picture("funnel", title, alt, drawing, columns, cells)


def _row(
    label: str, numbers: str, ends: tuple[float, float, float], measure: Measure, *, weight: float, firm: bool = True
) -> Row:
    estimate, lower, upper = (shown(each, measure) for each in ends)
    return Row(
        label=label,
        numbers=numbers,
        words=effect_words(*ends, measure),
        estimate=estimate,
        lower=lower,
        upper=upper,
        weight=weight,
        is_provisional=not firm,
    )


def _pooled(label: str, pooled: Pooled, measure: Measure, *, firm: bool = True) -> Row:
    ahead = None
    if pooled.prediction_lower is not None and pooled.prediction_upper is not None and pooled.k > 1:
        ahead = (shown(pooled.prediction_lower, measure), shown(pooled.prediction_upper, measure))
    return Row(
        label=label,
        numbers=trials_words(pooled.k),
        words=pooled_words(pooled, measure),
        estimate=shown(pooled.estimate, measure),
        lower=shown(pooled.lower, measure),
        upper=shown(pooled.upper, measure),
        is_provisional=not firm,
        prediction=ahead,
    )


def _drawn(rows: list[Row], below: list[Row], found: Synthesis, title: str) -> Svg:
    """Return the drawing for the page, and a narrow one for a phone."""
    asked = found.asked.measure
    fewer_is_better = asked in (Measure.MD, Measure.SMD) or found.effects[0].comparison.outcome.kind == "relapse"
    sides = (_("favours the drug"), _("favours the control"))
    favours = sides if fewer_is_better else (sides[1], sides[0])
    wide, narrow = (
        forest(rows, below, title=title, alt=title, is_ratio=asked.is_ratio, favours=favours, narrow=each)
        for each in (False, True)
    )
    return Svg(f'<div class="is-wide">{wide}</div><div class="is-narrow">{narrow}</div>')
