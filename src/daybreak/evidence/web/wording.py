"""How the evidence is said: outcomes, effects with their intervals, what was done, and what it cannot say."""

from math import exp

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from daybreak.design.public import number, percent
from daybreak.evidence.rules.comparing import Choices, Comparison
from daybreak.evidence.rules.synthesis import Asked, Effect, Synthesis
from daybreak.stats.public import Measure, Method, Pooled

KINDS = {
    "response": gettext_lazy("Response"),
    "remission": gettext_lazy("Remission"),
    "relapse": gettext_lazy("Relapse"),
    "suicidal_ideation_response": gettext_lazy("Response of suicidal ideation"),
    "depression_score": gettext_lazy("Score of depression"),
}
WINDOWS = {
    "day": gettext_lazy("after a day"),
    "week": gettext_lazy("after a week"),
    "month": gettext_lazy("after some weeks"),
}
CONTROLS = {
    "placebo": gettext_lazy("a placebo or midazolam"),
    "inactive": gettext_lazy("an inactive placebo"),
    "midazolam": gettext_lazy("midazolam"),
    "treatment": gettext_lazy("another treatment"),
}
_SPANS = {
    "day": gettext_lazy("“After a day”: the outcome nearest to 24 hours, 12 hours to 3 days after the first dose."),
    "week": gettext_lazy("“After a week”: the outcome nearest to 7 days, 5 to 10 days after the first dose."),
    "month": gettext_lazy("“After some weeks”: the outcome nearest to 4 weeks, 20 to 60 days, or at the end."),
}
MEASURES = {
    Measure.OR: gettext_lazy("Odds ratio"),
    Measure.RR: gettext_lazy("Risk ratio"),
    Measure.RD: gettext_lazy("Risk difference"),
    Measure.MD: gettext_lazy("Difference in points"),
    Measure.SMD: gettext_lazy("Hedges' g"),
}
METHODS = {
    Method.REML: gettext_lazy("Random, REML"),
    Method.PM: gettext_lazy("Random, Paule–Mandel"),
    Method.DL: gettext_lazy("Random, DerSimonian–Laird"),
    Method.FE: gettext_lazy("Fixed, inverse variance"),
    Method.MH: gettext_lazy("Fixed, Mantel–Haenszel"),
    Method.PETO: gettext_lazy("Fixed, Peto"),
}
MODERATORS = {
    "": gettext_lazy("not asked"),
    "dose": gettext_lazy("Dose by weight"),
    "dose_mg": gettext_lazy("Dose in mg"),
    "route": gettext_lazy("Route"),
    "control": gettext_lazy("Control"),
    "diagnosis": gettext_lazy("Diagnosis"),
    "time": gettext_lazy("Time of the outcome"),
}
_FAR = 1000
_FEW = 4
_SMALLEST_P = 0.001
_GROUPS = {
    "saline": gettext_lazy("against saline"),
    "midazolam": gettext_lazy("against midazolam"),
    "nasal_placebo": gettext_lazy("against a nasal placebo"),
    "anaesthesia_without_ketamine": gettext_lazy("against anaesthesia alone"),
    "electroconvulsive_therapy": gettext_lazy("against electroconvulsive therapy"),
    "quetiapine": gettext_lazy("against quetiapine"),
    "ketamine": gettext_lazy("ketamine"),
    "esketamine": gettext_lazy("esketamine"),
    "parallel": gettext_lazy("parallel groups"),
    "crossover": gettext_lazy("crossover"),
    "sequential_parallel": gettext_lazy("sequential parallel"),
    "withdrawal": gettext_lazy("withdrawal"),
    "intravenous": gettext_lazy("into a vein"),
    "intranasal": gettext_lazy("into the nose"),
    "intramuscular": gettext_lazy("into a muscle"),
    "subcutaneous": gettext_lazy("under the skin"),
    "oral": gettext_lazy("by mouth"),
    "several": gettext_lazy("in several ways"),
    "treatment_resistant": gettext_lazy("treatment-resistant"),
    "major_depression": gettext_lazy("major depression"),
    "bipolar_depression": gettext_lazy("bipolar depression"),
    "with_suicidal_ideation": gettext_lazy("with suicidal ideation"),
}


def shown(value: float, measure: Measure) -> float:
    """Return an effect on the scale on which it is read: ratios as ratios."""
    return exp(value) if measure.is_ratio else value


def group_words(name: str) -> str:
    """Return the name of a subgroup; one of several words is said word by word."""
    if name not in _GROUPS and " " in name:
        return ", ".join(group_words(each) for each in name.split())
    return str(_GROUPS.get(name, name.replace("_", " ")))


def effect_words(estimate: float, lower: float, upper: float, measure: Measure) -> str:
    """Return an effect with its interval, such as “2.85 (1.14–7.15)”."""
    middle, low, high = (_read(each, measure) for each in (estimate, lower, upper))
    return f"{middle} ({low} … {high})"


def _read(effect: float, measure: Measure) -> str:
    """Return an effect as it is read: a difference of risks in percent, anything else with two digits; a ratio that is
    far from any effect says only that.
    """
    if measure is Measure.RD:
        return percent(effect)
    value = shown(effect, measure)
    if measure.is_ratio and value > _FAR:
        return f"> {_FAR}"
    return f"< {1 / _FAR:g}" if measure.is_ratio and value < 1 / _FAR else number(value, 2)


def p_words(p: float) -> str:
    """Return a probability; a very small one says only that."""
    return "< 0.001" if p < _SMALLEST_P else number(p, 3)


def trials_words(k: int) -> str:
    """Return how many trials, in words."""
    return ngettext("%(k)s trial", "%(k)s trials", k) % {"k": k}


def pooled_words(pooled: Pooled, measure: Measure) -> str:
    """Return a pooled effect with its interval."""
    return effect_words(pooled.estimate, pooled.lower, pooled.upper, measure)


def side_words(comparison: Comparison) -> str:
    """Return the numbers of both sides, or that only their difference is published."""
    treated, control = comparison.treated, comparison.control
    if treated is None or control is None or comparison.difference is not None:
        return _("difference as published")
    if treated.events is not None:
        words = {"a": treated.events, "n": treated.total, "c": control.events, "m": control.total}
        return _("%(a)s of %(n)s and %(c)s of %(m)s") % words
    words = {"a": number(treated.mean, 1), "n": treated.total, "c": number(control.mean, 1), "m": control.total}
    return _("%(a)s (%(n)s) and %(c)s (%(m)s)") % words


def question_words(choices: Choices) -> str:
    """Return the question that the choices ask."""
    drug = {"any": _("Ketamine or esketamine"), "ketamine": _("Ketamine"), "esketamine": _("Esketamine")}[choices.drug]
    words = {
        "drug": drug,
        "control": CONTROLS[choices.control],
        "kind": str(KINDS[choices.kind]).lower(),
        "window": WINDOWS[choices.window],
    }
    return _("%(drug)s against %(control)s: %(kind)s %(window)s") % words


def finding(found: Synthesis) -> str:
    """Return the pooled effect as a title."""
    measure = found.asked.measure
    words = {"measure": MEASURES[measure], "effect": pooled_words(found.pooled, measure), "k": found.pooled.k}
    if found.pooled.k == 1:
        return _("One trial: %(measure)s %(effect)s") % words
    return _("%(measure)s %(effect)s in %(k)s trials") % words


def spread_words(pooled: Pooled, measure: Measure) -> str:
    """Return in a sentence how far the trials differ."""
    if pooled.k == 1:
        return _("One trial cannot say how far trials differ.")
    said = ngettext(
        "Cochran's Q %(q)s on %(df)s degree of freedom; I² %(i2)s %%.",
        "Cochran's Q %(q)s on %(df)s degrees of freedom; I² %(i2)s %%.",
        pooled.q_freedom,
    ) % {
        "q": number(pooled.q, 2),
        "df": pooled.q_freedom,
        "i2": number(pooled.i2 or 0, 0),
    }
    if pooled.prediction_lower is None or pooled.prediction_upper is None:
        return said
    low, high = (_read(each, measure) for each in (pooled.prediction_lower, pooled.prediction_upper))
    ahead = _("A further trial of this kind would find an effect between %(low)s and %(high)s in 95 of 100 cases.")
    return f"{said} {ahead % {'low': low, 'high': high}}"


def method_words(asked: Asked, choices: Choices, effects: tuple[Effect, ...]) -> list[str]:
    """Return what was done, a sentence for each choice."""
    said = [
        f"{MEASURES[asked.measure]}. {METHODS[asked.method]}."
        + (_(" Interval by Knapp and Hartung.") if asked.interval == "hk" else _(" Wald's interval.")),
        str(_SPANS[choices.window]),
    ]
    if asked.interval == "hk" and len(effects) < _FEW:
        said.append(_("With so few trials this interval is very wide; that is what so few trials can say."))
    if asked.measure.is_of_events and asked.method not in (Method.MH, Method.PETO):
        said.append(_("A half is added to each cell of a trial that has an empty one."))
    if any(each.comparison.put_together for each in effects):
        said.append(_("Arms of one trial that were given the drug are put together, so that its control counts once."))
    if any(each.comparison.trial.design == "crossover" for each in effects):
        said.append(
            _("Crossover trials: both conditions as if they were two groups.")
            if choices.crossover == "parallel"
            else _("Crossover trials: paired, with an assumed correlation of %(r)s.") % {"r": choices.correlation}
        )
        said.append(_("The first period alone of a crossover is published for none of the trials here."))
    if asked.measure is Measure.MD:
        said.append(_("Points on the scale of each trial; a difference that the paper adjusted stands before ours."))
    return said
