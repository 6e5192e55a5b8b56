"""What comparisons say together: pooled, without what is provisional, one trial at a time, and by kinds of trial."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from daybreak.evidence.rules.comparing import Comparison, NotPooled
from daybreak.stats.public import (
    Asymmetry,
    ImpossibleCounts,
    Measure,
    Method,
    Pooled,
    Tables,
    egger,
    of_events,
    of_means,
    pool,
    pool_events,
)

FEWEST_FOR_ASYMMETRY = 10  # the Cochrane Handbook, 13.3.5.4, advises no test of asymmetry with fewer trials


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How comparisons are pooled."""

    measure: Measure
    method: Method
    interval: str = "wald"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One comparison's effect on the scale of the analysis, with its variance."""

    comparison: Comparison
    estimate: float
    variance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The same for some of the comparisons; `pooled` is None where they cannot be pooled."""

    name: str
    pooled: Pooled | None
    k: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Synthesis:
    """The effects, their pooled effect, and how it depends on which of them are taken."""

    asked: Asked
    effects: tuple[Effect, ...]
    pooled: Pooled
    without_provisional: Part | None
    without_each: tuple[Part, ...]
    cumulative: tuple[Part, ...]
    subgroups: tuple[Part, ...]
    asymmetry: Asymmetry | None


def synthesise(comparisons: Sequence[Comparison], asked: Asked) -> Synthesis:
    """Return what `comparisons` (the oldest first) say together; raise NotPooled with the reason where they say
    nothing.
    """
    fitting = [each for each in comparisons if _fits(each, asked)]
    if not fitting:
        raise NotPooled("No trial here has numbers for this measure.")
    try:
        effects = tuple(_effect(each, asked.measure) for each in fitting)
        pooled = _pooled(effects, asked)
    except ImpossibleCounts as no:
        raise NotPooled(str(no)) from no
    firm = [each for each in effects if not each.comparison.is_provisional]
    several = len(effects) > 1
    return Synthesis(
        asked=asked,
        effects=effects,
        pooled=pooled,
        without_provisional=_part("", firm, asked) if len(firm) < len(effects) else None,
        without_each=tuple(
            _part(each.comparison.label, [other for other in effects if other is not each], asked) for each in effects
        )
        if several
        else (),
        cumulative=tuple(
            _part(each.comparison.label, effects[: number + 1], asked) for number, each in enumerate(effects)
        ),
        subgroups=_subgroups(effects, asked),
        asymmetry=_asymmetry(effects),
    )


def _fits(comparison: Comparison, asked: Asked) -> bool:
    if asked.measure.is_of_events:
        return comparison.treated is not None and comparison.treated.events is not None
    if asked.measure is Measure.SMD:
        return comparison.treated is not None and comparison.treated.mean is not None
    return comparison.difference is not None or (comparison.treated is not None and comparison.treated.mean is not None)


def _effect(comparison: Comparison, measure: Measure) -> Effect:
    """Return the effect; a published difference, which is adjusted, stands before one of plain means."""
    if measure is Measure.MD and comparison.difference is not None:
        estimate, error = comparison.difference
        return Effect(comparison=comparison, estimate=estimate, variance=error**2)
    treated, control = comparison.treated, comparison.control
    if treated is None or control is None:
        raise NotPooled(f"{comparison.label} has no numbers of its arms.")
    if measure.is_of_events:
        tables = Tables.of([treated.events or 0], [treated.total], [control.events or 0], [control.total])
        estimates, variances = of_events(measure, tables, comparison.correlation)
    else:
        estimates, variances = of_means(
            measure,
            mean_1=[treated.mean or 0.0],
            sd_1=[treated.sd or 0.0],
            n_1=[treated.total],
            mean_2=[control.mean or 0.0],
            sd_2=[control.sd or 0.0],
            n_2=[control.total],
            correlation=comparison.correlation,
        )
    return Effect(comparison=comparison, estimate=float(estimates[0]), variance=float(variances[0]))


def _pooled(effects: Sequence[Effect], asked: Asked) -> Pooled:
    interval = asked.interval if len(effects) > 1 else "wald"
    if asked.method not in (Method.MH, Method.PETO):
        estimates, variances = [e.estimate for e in effects], [e.variance for e in effects]
        return pool(estimates, variances, method=asked.method, interval=interval)
    if not asked.measure.is_of_events:
        raise NotPooled(f"{asked.method} needs the events of each trial.")
    if any(each.comparison.correlation for each in effects):
        raise NotPooled(f"{asked.method} takes the two conditions of a crossover as two groups, or leaves it out.")
    sides = [(each.comparison.treated, each.comparison.control) for each in effects]
    counted = np.array([[t.events, t.total, c.events, c.total] for t, c in sides if t is not None and c is not None])
    return pool_events(asked.measure, Tables.of(*counted.T), method=asked.method)


def _part(name: str, effects: Sequence[Effect], asked: Asked) -> Part:
    try:
        return Part(name=name, pooled=_pooled(effects, asked) if effects else None, k=len(effects))
    except (ImpossibleCounts, NotPooled):
        return Part(name=name, pooled=None, k=len(effects))


def _subgroups(effects: Sequence[Effect], asked: Asked) -> tuple[Part, ...]:
    """Return the same for each kind of control, drug and design, where there is more than one."""
    kinds: tuple[Callable[[Comparison], str], ...] = (
        lambda each: each.against,
        lambda each: each.drug,
        lambda each: each.trial.design,
    )
    found: list[Part] = []
    for kind in kinds:
        names = sorted({kind(each.comparison) for each in effects})
        if len(names) > 1:
            found += [_part(name, [e for e in effects if kind(e.comparison) == name], asked) for name in names]
    return tuple(found)


def _asymmetry(effects: Sequence[Effect]) -> Asymmetry | None:
    if len(effects) < FEWEST_FOR_ASYMMETRY:
        return None
    try:
        return egger([each.estimate for each in effects], [each.variance for each in effects])
    except ImpossibleCounts:
        return None
