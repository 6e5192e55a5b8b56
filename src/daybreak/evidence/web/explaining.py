"""What may explain differences, on the page: a bubble plot, its trials, and the model's coefficients in words."""

from django.utils.translation import gettext as _

from daybreak.design.figures.bubbles import Bubble, Level, bubble_chart
from daybreak.design.figures.rendering import render
from daybreak.design.figures.svg import Svg
from daybreak.design.public import number
from daybreak.evidence.rules.comparing import NotPooled
from daybreak.evidence.rules.explaining import Explained, explain
from daybreak.evidence.rules.synthesis import Synthesis
from daybreak.evidence.web.wording import MEASURES, MODERATORS, effect_words, group_words, p_words, shown, trials_words
from daybreak.stats.public import Measure

_FEWEST_FOR_A_LINE = 10  # the Cochrane Handbook, 10.11.5.1: about ten trials for each moderator


def explained(found: Synthesis, moderator: str) -> dict[str, object]:
    """Return what the page says of the moderator: the meta-regression, or the sentence why there is none."""
    title = _("What may explain differences: %(moderator)s") % {"moderator": str(MODERATORS[moderator]).lower()}
    try:
        said = explain(found.effects, found.asked, moderator)
    except NotPooled as no:
        return {"regression": {"title": title, "refused": str(no)}}
    measure = found.asked.measure
    return {
        "regression": {
            "title": title,
            "refused": "",
            "finding": _finding(said),
            "drawing": _drawing(said, measure),
            "source": _("%(trials)s; the larger the mark, the more it weighs.") % {"trials": trials_words(said.fit.k)},
            "columns": [
                {"label": _("Trial")},
                {"label": _axis(said), "number": said.is_of_numbers},
                {"label": _("Effect (95 % interval)"), "number": True},
                {"label": _("Weight"), "unit": "%", "number": True},
            ],
            "cells": _trials(said, measure),
            "term_columns": [
                {"label": _("Term")},
                {"label": _("Effect (95 % interval)"), "number": True},
                {"label": "p", "number": True},
            ],
            "terms": _terms(said, measure),
            "sentences": _sentences(said, found),
        }
    }


def _axis(said: Explained) -> str:
    words = {"dose": _("Dose in mg for each kg"), "dose_mg": _("Dose in mg"), "time": _("Days after the first dose")}
    return words.get(said.moderator, str(MODERATORS[said.moderator]))


def _finding(said: Explained) -> str:
    p = p_words(said.fit.moderators_p)
    return _("Test of the moderator: p %(p)s in %(trials)s") % {"p": p, "trials": trials_words(said.fit.k)}


def _value(value: float | str) -> str:
    return number(value, 2) if isinstance(value, float) else group_words(value)


def _trials(said: Explained, measure: Measure) -> list[list[str]]:
    rows = []
    for each in said.placed:
        half = 1.959963984540054 * each.effect.variance**0.5
        middle = each.effect.estimate
        words = effect_words(middle, middle - half, middle + half, measure)
        rows.append([each.effect.comparison.label, _value(each.value), words, number(each.weight, 1)])
    return rows


def _terms(said: Explained, measure: Measure) -> list[list[str]]:
    """Return the coefficients; of ratios those of the moderator are ratios of ratios."""
    fit = said.fit
    ends = zip(fit.coefficients, fit.lower, fit.upper, strict=True)
    return [
        [name, effect_words(*each, measure), p_words(p)]
        for name, each, p in zip(_term_names(said), ends, fit.p, strict=True)
    ]


def _term_names(said: Explained) -> list[str]:
    if said.is_of_numbers:
        change = {
            "dose": _("for each 0.1 mg/kg more"),
            "dose_mg": _("for each 10 mg more"),
            "time": _("for each day later"),
        }
        return [_("at 0"), change[said.moderator]]
    first, *others = (group_words(each) for each in said.terms)
    return [first, *(_("%(other)s, beside %(first)s") % {"other": each, "first": first} for each in others)]


def _sentences(said: Explained, found: Synthesis) -> list[str]:
    fit = said.fit
    words = {"q": number(fit.residual_q, 2), "df": fit.k - len(said.terms), "p": p_words(fit.residual_p)}
    told = [_("What is left between the trials: Q %(q)s on %(df)s degrees of freedom, p %(p)s.") % words]
    if fit.tau2 is not None:
        told.append(
            _("Variance between trials %(with)s with the moderator, %(without)s without.")
            % {"with": number(fit.tau2, 3), "without": number(found.pooled.tau2 or 0.0, 3)}
        )
    if found.asked.measure.is_ratio:
        told.append(_("A term beside the first is a ratio of ratios: 1 means no difference."))
    if said.silent:
        told.append(
            _("Not in the model, because they do not say it so: %(names)s.") % {"names": ", ".join(said.silent)}
        )
    if fit.k < _FEWEST_FOR_A_LINE:
        told.append(_("With fewer than ten trials a moderator can hardly be told from chance."))
    told.append(_("Trials were not allocated to it at random: what explains differences may not cause them."))
    return told


def _drawing(said: Explained, measure: Measure) -> Svg:
    bubbles = [
        Bubble(
            label=each.effect.comparison.label,
            value=_shown(each.value),
            effect=shown(each.effect.estimate, measure),
            weight=each.weight,
            is_provisional=each.effect.comparison.is_provisional,
        )
        for each in said.placed
    ]
    levels = [
        Level(
            value=_shown(each.value),
            effect=shown(each.estimate, measure),
            lower=shown(each.lower, measure),
            upper=shown(each.upper, measure),
        )
        for each in said.line
    ]
    words = {"value_label": _axis(said), "effect_label": str(MEASURES[measure]), "is_ratio": measure.is_ratio}
    wide, narrow = (
        render(bubble_chart(bubbles, levels, **words, narrow=each), title=_axis(said), alt=_finding(said))
        for each in (False, True)
    )
    return Svg(f'<div class="is-wide">{wide}</div><div class="is-narrow">{narrow}</div>')


def _shown(value: float | str) -> float | str:
    return value if isinstance(value, float) else group_words(value)
