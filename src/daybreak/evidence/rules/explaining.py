"""What may explain why trials differ: meta-regression of their effects on one thing that they were planned with."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from daybreak.evidence.rules.comparing import Comparison, NotPooled
from daybreak.evidence.rules.synthesis import Asked, Effect
from daybreak.stats.public import ImpossibleCounts, Method, Regression, regress

HOURS_OF_A_DAY = 24
STEPS_OF_DOSE = {"mg/kg": 0.1, "mg": 10.0}  # a coefficient for a whole mg/kg would lie outside what any trial gave


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An effect beside its moderator: a number, or the name of a group; `weight` is its share in percent."""

    effect: Effect
    value: float | str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """What the model says at one value of the moderator, on the scale of the analysis."""

    value: float | str
    estimate: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A meta-regression on one moderator.

    `terms` name the columns of the model: for numbers the level at 0 and the change for each `step`, for groups the
    first one's level and what each other differs by. `silent` are the trials that do not say their value.
    """

    moderator: str
    step: float
    placed: tuple[Placed, ...]
    terms: tuple[str, ...]
    fit: Regression
    line: tuple[Fitted, ...]
    silent: tuple[str, ...]

    @property
    def is_of_numbers(self) -> bool:
        """Return whether the moderator is a number, so that the trials lie along a line."""
        return isinstance(self.placed[0].value, float)


def dose_in(unit: str) -> Callable[[Comparison], float | None]:
    """Return the function that gives a comparison's dose in a unit, on average over the arms put together; what was
    dosed in another unit, or by need, has none.
    """

    def dose_of(comparison: Comparison) -> float | None:
        arms = comparison.treated_arms
        people = sum(each for _, each in arms)
        if not people or any(arm.unit != unit for arm, _ in arms):
            return None
        return sum(float(arm.dose or 0) * each for arm, each in arms) / people

    return dose_of


def days_of(comparison: Comparison) -> float | None:
    """Return the days from the first dose to the outcome, where the paper gives hours."""
    hours = comparison.outcome.after_hours
    return None if hours is None else hours / HOURS_OF_A_DAY


def route_of(comparison: Comparison) -> str | None:
    """Return how the drug was given; several ways in one trial are a group of their own."""
    routes = {arm.route for arm, _ in comparison.treated_arms}
    return None if "not_read" in routes or not routes else next(iter(routes)) if len(routes) == 1 else "several"


MODERATORS: dict[str, tuple[Callable[[Comparison], float | str | None], float]] = {
    "dose": (dose_in("mg/kg"), STEPS_OF_DOSE["mg/kg"]),
    "dose_mg": (dose_in("mg"), STEPS_OF_DOSE["mg"]),
    "route": (route_of, 1),
    "control": (lambda each: each.against, 1),
    "diagnosis": (lambda each: " ".join(sorted(each.trial.diagnoses)), 1),
    "time": (days_of, 1),
}


def explain(effects: Sequence[Effect], asked: Asked, moderator: str) -> Explained:
    """Return the meta-regression of `effects` on a moderator; raise NotPooled with the reason where there is none."""
    if asked.method in (Method.MH, Method.PETO):
        raise NotPooled("This method knows no moderators: take a fixed effect by inverse variance, or random effects.")
    value_of, step = MODERATORS[moderator]
    told = [(each, value) for each in effects if (value := value_of(each.comparison)) is not None]
    silent = tuple(each.comparison.label for each in effects if value_of(each.comparison) is None)
    values = [value for _, value in told]
    if len(set(values)) < 2:
        raise NotPooled("The trials that say it do not differ in it.")
    groups, design = _design(values, step)
    estimates, variances = [e.estimate for e, _ in told], [e.variance for e, _ in told]
    try:
        fit = regress(estimates, variances, design, method=asked.method, interval=asked.interval)
    except ImpossibleCounts as no:
        raise NotPooled(str(no)) from no
    weights = 1 / (np.array(variances) + (fit.tau2 or 0.0))
    shares = (100 * weights / weights.sum()).tolist()
    placed = [Placed(effect=e, value=v, weight=share) for (e, v), share in zip(told, shares, strict=True)]
    return Explained(
        moderator=moderator,
        step=step,
        placed=tuple(placed),
        terms=("level", "change") if groups is None else groups,
        fit=fit,
        line=tuple(_fitted(fit, at, row) for at, row in _looks(values, groups, step)),
        silent=silent,
    )


def _design(values: Sequence[float | str], step: float) -> tuple[tuple[str, ...] | None, np.ndarray]:
    """Return the names of the groups, the one with most trials first, or None for numbers; and the model's columns."""
    if all(isinstance(value, float) for value in values):
        return None, np.array([[1.0, float(value) / step] for value in values])
    counted = Counter(str(value) for value in values)
    groups = tuple(sorted(counted, key=lambda name: (-counted[name], name)))
    columns = [[1.0, *(float(value == name) for name in groups[1:])] for value in values]
    return groups, np.array(columns)


def _looks(
    values: Sequence[float | str], groups: tuple[str, ...] | None, step: float
) -> list[tuple[float | str, np.ndarray]]:
    """Return where the fitted model is shown: at each group, or along the numbers that occurred and not beyond."""
    if groups is not None:
        return [(name, np.array([1.0, *(float(name == other) for other in groups[1:])])) for name in groups]
    numbers = [float(value) for value in values]
    return [(float(at), np.array([1.0, at / step])) for at in np.linspace(min(numbers), max(numbers), 41)]


def _fitted(fit: Regression, at: float | str, row: np.ndarray) -> Fitted:
    estimate, lower, upper = fit.at(row)
    return Fitted(value=at, estimate=estimate, lower=lower, upper=upper)
