"""From published trials to comparisons that can be pooled, by the choices of a reader; what is left out says why."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from daybreak.kernel.refusal import Refusal
from daybreak.rulebook.public import Arm, PublishedTrial, TrialContrast, TrialCounts, TrialMean, TrialOutcome


class NotPooled(Refusal):
    """Comparisons that a measure or a method cannot be asked about."""


Kind = Literal["response", "remission", "relapse", "suicidal_ideation_response", "depression_score"]
Policy = Literal["paired", "parallel", "out"]
POOLED = ("read", "rebuilt", "provisional")
# Hours after the first dose in which an outcome counts for a window, half-open, and where its middle lies. Our own.
WINDOWS = {"day": (12, 73, 24), "week": (120, 241, 168), "month": (480, 1441, 672)}
CONTROLS = {
    "placebo": ("saline", "midazolam", "nasal_placebo", "anaesthesia_without_ketamine"),
    "inactive": ("saline", "nasal_placebo", "anaesthesia_without_ketamine"),
    "midazolam": ("midazolam",),
    "treatment": ("electroconvulsive_therapy", "quetiapine"),
}
_Z = 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a reader asks: an outcome in a window of time, for which drug, against what, and how crossovers count.

    Crossover trials report each period's people together. `parallel` takes the two conditions as two groups, `paired`
    takes off the covariance that the assumed `correlation` gives, `out` leaves them out. Their first period alone is
    not published for the trials here.
    """

    kind: Kind = "response"
    window: str = "day"
    drug: Literal["any", "ketamine", "esketamine"] = "any"
    control: str = "placebo"
    crossover: Policy = "parallel"
    correlation: float = 0.5
    provisional: bool = True

    @property
    def of_means(self) -> bool:
        """Return whether the outcome is a score and not a count."""
        return self.kind == "depression_score"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a comparison: events of total, or a mean with its deviation."""

    total: int
    events: int | None = None
    mean: float | None = None
    sd: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One trial's treated people against its control, with the outcome that was taken and how far it was checked.

    `difference` with its standard error stands where the paper gives only that. `treated_arms` are those whose numbers
    were taken, each with how many people it counts for.
    """

    trial: PublishedTrial
    outcome: TrialOutcome
    treated: Side | None
    control: Side | None
    difference: tuple[float, float] | None
    is_provisional: bool
    correlation: float
    drug: str
    against: str
    put_together: bool
    treated_arms: tuple[tuple[Arm, int], ...]

    @property
    def label(self) -> str:
        """Return the trial's name."""
        return self.trial.title


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A trial that the choices leave out, and why in a sentence."""

    trial: PublishedTrial
    because: str


def compare(trials: Iterable[PublishedTrial], choices: Choices) -> tuple[list[Comparison], list[LeftOut]]:
    """Return the comparisons that can be pooled, the oldest trial first, and the trials left out with the reason."""
    found: list[Comparison] = []
    out: list[LeftOut] = []
    for trial in trials:
        made = _compared(trial, choices)
        if isinstance(made, Comparison):
            found.append(made)
        else:
            out.append(LeftOut(trial, made))
    return found, out


def _compared(trial: PublishedTrial, choices: Choices) -> Comparison | str:
    """Return the comparison of one trial, or why there is none."""
    treated = [arm for arm in trial.arms if arm.is_treated and choices.drug in ("any", arm.drug)]
    control = next((arm for arm in trial.arms if arm.drug in CONTROLS[choices.control]), None)
    outcomes = sorted(_in_window(trial, choices), key=lambda each: _away(each, choices))
    if trial.design == "crossover" and choices.crossover == "out":
        return "A crossover, left out by choice."
    if not treated or control is None:
        return "Another drug." if not treated else "Another kind of control."
    made = (_numbers(trial, outcome, treated, control, choices) for outcome in outcomes)
    return next((each for each in made if each is not None), None) or _why(trial, outcomes, choices)


def _why(trial: PublishedTrial, outcomes: list[TrialOutcome], choices: Choices) -> str:
    if not outcomes:
        return "It gives no such outcome at that time, or nobody has read it."
    if not choices.provisional and any(each.mark == "provisional" for each in trial.counts):
        return "Its counts are provisional, left out by choice."
    return "Its numbers are not complete enough to be pooled."


def _in_window(trial: PublishedTrial, choices: Choices) -> Iterator[TrialOutcome]:
    start, end, _middle = WINDOWS[choices.window]
    for outcome in trial.outcomes:
        if outcome.kind != choices.kind:
            continue
        if outcome.after_hours is None:
            if choices.window == "month":
                yield outcome
        elif start <= outcome.after_hours < end:
            yield outcome


def _away(outcome: TrialOutcome, choices: Choices) -> int:
    middle = WINDOWS[choices.window][2]
    return abs((outcome.after_hours if outcome.after_hours is not None else middle) - middle)


def _numbers(
    trial: PublishedTrial, outcome: TrialOutcome, treated: list[Arm], control: Arm, choices: Choices
) -> Comparison | None:
    usable = [each for each in POOLED if choices.provisional or each != "provisional"]
    taken: list[TrialCounts] | list[TrialMean]
    if choices.of_means:
        taken = [each for each in trial.means if each.outcome == outcome.id and each.mark in usable and _whole(each)]
    else:
        taken = [each for each in trial.counts if each.outcome == outcome.id and each.mark in usable]
    arms = {arm.id for arm in treated}
    ours = [each for each in taken if each.arm in arms]
    theirs = [each for each in taken if each.arm == control.id]
    contrast = _contrast(trial, outcome, arms, control, usable) if choices.of_means else None
    if not (ours and theirs) and contrast is None:
        return None
    marks = {each.mark for each in (*ours, *theirs)} | ({contrast.mark} if contrast else set())
    return Comparison(
        trial=trial,
        outcome=outcome,
        treated=_side(ours) if ours and theirs else None,
        control=_side(theirs) if ours and theirs else None,
        difference=_difference(contrast) if contrast else None,
        is_provisional="provisional" in marks,
        correlation=choices.correlation if trial.design == "crossover" and choices.crossover == "paired" else 0.0,
        drug="esketamine" if all(arm.drug == "esketamine" for arm in treated) else "ketamine",
        against=control.drug,
        put_together=len(ours) > 1,
        treated_arms=_arms(trial, ours) if ours and theirs else ((trial.arm(contrast.arm), 1),) if contrast else (),
    )


def _arms(trial: PublishedTrial, taken: Sequence[TrialCounts | TrialMean]) -> tuple[tuple[Arm, int], ...]:
    return tuple((trial.arm(each.arm), each.total or 0) for each in taken)


def _whole(mean: TrialMean) -> bool:
    return mean.total is not None and (mean.sd is not None or mean.standard_error is not None)


def _contrast(
    trial: PublishedTrial, outcome: TrialOutcome, arms: set[str], control: Arm, usable: list[str]
) -> TrialContrast | None:
    fitting = (each for each in trial.contrasts if each.outcome == outcome.id and each.mark in usable)
    return next((each for each in fitting if each.arm in arms and each.against == control.id), None)


def _difference(contrast: TrialContrast) -> tuple[float, float]:
    return float(contrast.estimate), (float(contrast.upper) - float(contrast.lower)) / 2 / _Z


def _side(results: Sequence[TrialCounts | TrialMean]) -> Side:
    """Return the arms of one side put together, so that a shared control counts once.

    Means by the formula of the Cochrane Handbook (chapter 6.5.2.10), arm by arm; a standard error is a deviation
    divided by the root of the number of people.
    """
    first, *others = [_one(each) for each in results]
    for other in others:
        first = _together(first, other)
    return first


def _one(result: TrialCounts | TrialMean) -> Side:
    if isinstance(result, TrialCounts):
        return Side(total=result.total, events=result.events)
    total = result.total or 0
    sd = float(result.sd) if result.sd is not None else float(result.standard_error or 0) * sqrt(total)
    return Side(total=total, mean=float(result.mean), sd=sd)


def _together(one: Side, other: Side) -> Side:
    total = one.total + other.total
    if one.events is not None and other.events is not None:
        return Side(total=total, events=one.events + other.events)
    a, b, s, u = one.mean or 0.0, other.mean or 0.0, one.sd or 0.0, other.sd or 0.0
    squares = (one.total - 1) * s**2 + (other.total - 1) * u**2
    apart = one.total * other.total / total * (a - b) ** 2
    return Side(total=total, mean=(one.total * a + other.total * b) / total, sd=sqrt((squares + apart) / (total - 1)))
