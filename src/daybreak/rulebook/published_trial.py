"""The form of a published trial: design, arms, and what it reported, each number with how far it was checked."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt, model_validator

from daybreak.rulebook.form import Definition, Form, Number, Sentence, Word, demand

Mark = Literal["read", "secondary", "rebuilt", "provisional", "unverified"]
Diagnosis = Literal["major_depression", "treatment_resistant", "bipolar_depression", "with_suicidal_ideation"]
Drug = Literal[
    "ketamine",
    "esketamine",
    "saline",
    "midazolam",
    "nasal_placebo",
    "anaesthesia_without_ketamine",
    "electroconvulsive_therapy",
    "lanicemine",
    "quetiapine",
]
Domain = Literal["randomisation", "deviations", "missing_outcomes", "measurement", "reporting"]
OutcomeKind = Literal[
    "response", "remission", "relapse", "depression_score", "suicidal_ideation_score", "suicidal_ideation_response"
]
Judgement = Literal["low", "some_concerns", "high", "not_judged"]


class Published(Form):
    """A number that a paper gives. `mark` says how far it was checked.

    `read`: at the cited source. `rebuilt`: counts reconstructed, and checked by arithmetic against a published
    percentage or interval. `provisional`: rebuilt from a percentage that nobody has read at its source yet; drawn
    hatched, and every pooled result is given with and without it. `secondary`: read in another paper, and
    `unverified`: from general knowledge; both are shown and never pooled.
    """

    mark: Mark
    reference: Sentence
    note: str = ""


class Arm(Published):
    """What one group of a trial was given.

    `people` were randomised or analysed, as the source's table gives them; left out where nobody has read it. In a
    crossover everybody is in each arm.
    """

    id: Word
    title: Sentence
    drug: Drug
    route: Literal["intravenous", "intranasal", "intramuscular", "subcutaneous", "oral", "none", "several", "not_read"]
    dose: Number | None = None
    unit: Literal["mg/kg", "mg", ""] = ""
    minutes: Annotated[StrictInt, Field(ge=1)] | None = None
    sessions: Sentence = "one"
    people: Annotated[StrictInt, Field(ge=1)] | None = None

    @property
    def is_treated(self) -> bool:
        """Whether the arm was given ketamine or esketamine."""
        return self.drug in ("ketamine", "esketamine")

    @model_validator(mode="after")
    def _with_a_unit(self) -> "Arm":
        demand((self.dose is None) == (self.unit == ""), "a dose has a unit, and a unit a dose")
        return self


class TrialOutcome(Form):
    """What was measured, on which scale, and when: hours after the first dose, or in words where that is not so."""

    id: Word
    kind: Literal[
        "response", "remission", "relapse", "depression_score", "suicidal_ideation_score", "suicidal_ideation_response"
    ]
    scale: Sentence
    cut_off: str = ""
    after_hours: Annotated[StrictInt, Field(ge=0)] | None = None
    when: str = ""

    @model_validator(mode="after")
    def _once(self) -> "TrialOutcome":
        demand((self.after_hours is None) != (self.when == ""), "an outcome names after_hours, or says when in words")
        return self


class TrialResult(Published):
    """One arm's result for one outcome."""

    outcome: Word
    arm: Word


class TrialCounts(TrialResult):
    """How many of an arm had the outcome, of how many."""

    total: Annotated[StrictInt, Field(ge=1)]
    events: Annotated[StrictInt, Field(ge=0)]

    @model_validator(mode="after")
    def _fits(self) -> "TrialCounts":
        demand(self.events <= self.total, f"{self.events} of {self.total} is not possible")
        return self


class TrialMean(TrialResult):
    """An arm's mean score, or mean change from baseline where `is_change`, with its standard deviation or error.

    `total` or the spread are left out where nobody has read them: such a mean is shown and never pooled.
    """

    total: Annotated[StrictInt, Field(ge=1)] | None = None

    mean: Number
    sd: Annotated[Number, Field(gt=0)] | None = None
    standard_error: Annotated[Number, Field(gt=0)] | None = None
    is_change: StrictBool

    @model_validator(mode="after")
    def _with_one_spread(self) -> "TrialMean":
        demand(self.sd is None or self.standard_error is None, "a mean has sd or standard_error, not both")
        return self


class TrialContrast(Published):
    """A difference of means, the arm minus `against`, as the paper gives it with its 95 % interval."""

    outcome: Word
    arm: Word
    against: Word
    estimate: Number
    lower: Number
    upper: Number

    @model_validator(mode="after")
    def _in_order(self) -> "TrialContrast":
        demand(self.lower < self.estimate < self.upper, "the estimate lies inside its interval")
        return self


class Bias(Form):
    """A judgement on one domain of bias, by the domains of the revised Cochrane tool, with its reason."""

    domain: Domain
    judgement: Judgement
    because: Sentence
    reference: Sentence


class TrialExample(Form):
    """A published figure that the file's own numbers give again.

    `percent` of an arm with an outcome, `difference` of two means (the arm minus `against`), or the `people` of all
    arms together; equal after rounding to the digits that are written.
    """

    name: Sentence
    outcome: str = ""
    arm: str = ""
    against: str = ""
    percent: Number | None = None
    difference: Number | None = None
    people: Annotated[StrictInt, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _one_figure(self) -> "TrialExample":
        given = [each for each in (self.percent, self.difference, self.people) if each is not None]
        demand(len(given) == 1, "an example names one of percent, difference and people")
        return self


class PublishedTrial(Definition):
    """A randomised trial of ketamine or esketamine in depression."""

    year: Annotated[StrictInt, Field(ge=1990, le=2100)]
    pmid: str = ""
    population: Sentence
    people: Annotated[StrictInt, Field(ge=1)] | None = None
    diagnoses: tuple[Diagnosis, ...] = Field(min_length=1)
    design: Literal["parallel", "crossover", "sequential_parallel", "withdrawal"]
    masking: Literal["double", "anaesthesia", "open"]
    arms: tuple[Arm, ...] = Field(min_length=2)
    outcomes: tuple[TrialOutcome, ...] = ()
    counts: tuple[TrialCounts, ...] = ()
    means: tuple[TrialMean, ...] = ()
    contrasts: tuple[TrialContrast, ...] = ()
    bias: tuple[Bias, ...] = ()
    examples: tuple[TrialExample, ...] = ()

    def arm(self, arm_id: str) -> Arm:
        """Return the arm `arm_id`."""
        return next(arm for arm in self.arms if arm.id == arm_id)

    def outcome(self, outcome_id: str) -> TrialOutcome:
        """Return the outcome `outcome_id`."""
        return next(outcome for outcome in self.outcomes if outcome.id == outcome_id)

    @property
    def results(self) -> tuple[TrialCounts | TrialMean, ...]:
        """Return every result of an arm, in the file's order."""
        return (*self.counts, *self.means)

    @model_validator(mode="after")
    def _holds_together(self) -> "PublishedTrial":
        arms = {arm.id for arm in self.arms}
        outcomes = {outcome.id for outcome in self.outcomes}
        demand(any(arm.is_treated for arm in self.arms), "no arm is given ketamine or esketamine")
        seen: set[tuple[str, str, str]] = set()
        for arm, outcome, kind in self._named():
            demand(arm in arms, f"there is no arm “{arm}”")
            demand(outcome in outcomes, f"there is no outcome “{outcome}”")
            demand((arm, outcome, kind) not in seen, f"{outcome} of {arm} stands twice")
            seen.add((arm, outcome, kind))
        demand(bool(self.examples) or not self.counts, "counts need an example: a percentage that the source gives")
        return self

    def _named(self) -> Iterator[tuple[str, str, str]]:
        for result in self.results:
            yield result.arm, result.outcome, type(result).__name__
        for contrast in self.contrasts:
            yield contrast.arm, contrast.outcome, f"against {contrast.against}"
            yield contrast.against, contrast.outcome, f"and {contrast.arm}"


def trial_wrongs(trial: PublishedTrial) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield where an example of `trial` is not what its numbers give, with a sentence."""
    for index, example in enumerate(trial.examples):
        got = _figure(trial, example)
        wanted = next(x for x in (example.percent, example.difference, example.people) if x is not None)
        if got is None:
            yield ("examples", index), f"example “{example.name}”: the file has no numbers for it"
        elif round(got, _digits(wanted)) != wanted:
            yield ("examples", index), f"example “{example.name}”: it is {round(got, 3)}, not {wanted}"


def _figure(trial: PublishedTrial, example: TrialExample) -> Decimal | None:
    if example.people is not None:
        known = [arm.people for arm in trial.arms]
        return Decimal(sum(n for n in known if n is not None)) if None not in known else None
    if example.percent is not None:
        counted = next((c for c in trial.counts if (c.outcome, c.arm) == (example.outcome, example.arm)), None)
        return Decimal(100 * counted.events) / counted.total if counted else None
    means = {(m.outcome, m.arm): m.mean for m in trial.means}
    pair = means.get((example.outcome, example.arm)), means.get((example.outcome, example.against))
    return pair[0] - pair[1] if pair[0] is not None and pair[1] is not None else None


def _digits(number: Decimal | int) -> int:
    exponent = Decimal(number).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
