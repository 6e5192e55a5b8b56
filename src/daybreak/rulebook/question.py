"""The form of an open question: what is asked of the register, how, and when an answer would be one.

What can be compared is a closed vocabulary: a variable is computed by code, and a file says which, with which numbers.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from daybreak.rulebook.dosing import Route
from daybreak.rulebook.form import Definition, Form, Number, Sentence, Sourced, Word, demand
from daybreak.rulebook.gate import Whole
from daybreak.rulebook.question_verdict import Enough, VerdictExample

Rows = Literal["induction", "first_sessions", "checks", "maintenance", "lasting"]
ExposureVariable = Literal[
    "baseline_score", "failed_treatments", "dose_mg_per_kg", "infusion_minutes", "route", "dampened_share_percent",
    "sessions_before", "days_between_sessions", "site_in_time_percent",
]  # fmt: skip
OutcomeVariable = Literal["line", "worse_than_first_check", "event_reported", "relapse", "pressure_before"]
_NAMES_MEDICINES = "dampened_share_percent, and nothing else, names a list of medicines"
Adjusted = Literal["age", "sex", "baseline_score", "site", "dose_mg_per_kg", "dampened_share_percent", "first_check"]
Analysis = Literal[
    "unadjusted", "inverse_weights", "trimmed", "missing_as_no", "missing_against", "other_line", "interval_censored",
    "until_treated_again",
]  # fmt: skip
# Which variables the rows of a question can have.
EXPOSURES: dict[str, frozenset[str]] = {
    "induction": frozenset({
        "baseline_score", "failed_treatments", "dose_mg_per_kg", "infusion_minutes", "route", "dampened_share_percent",
        "site_in_time_percent",
    }),
    "first_sessions": frozenset({"dose_mg_per_kg", "infusion_minutes", "route", "site_in_time_percent"}),
    "checks": frozenset({"sessions_before"}),
    "maintenance": frozenset({"days_between_sessions"}),
    "lasting": frozenset(),
}  # fmt: skip
OUTCOMES: dict[str, frozenset[str]] = {
    "induction": frozenset({"line"}),
    "first_sessions": frozenset({"event_reported"}),
    "checks": frozenset({"worse_than_first_check"}),
    "maintenance": frozenset({"relapse"}),
    "lasting": frozenset({"relapse"}),
}


class WhyOpen(Sourced):
    """Why nobody knows yet, in the words of a reader of the commentary."""

    because: Sentence


class People(Sourced):
    """Who is asked about. `rows` says what one row is: a person after the `induction` or with their `first_sessions`,
    a long-term check, a person in `maintenance` at the landmark, or a person in response (`lasting`). `cohort`
    (“id/version”) chooses the people; without it everybody who was treated.
    """

    words: Sentence
    rows: Rows
    cohort: str = ""
    landmark_days: Whole | None = None
    within_days: Whole | None = None

    @model_validator(mode="after")
    def _whole(self) -> "People":
        demand(bool(self.cohort) == (self.rows in ("induction", "maintenance", "lasting")),
               "induction, maintenance and lasting, and nothing else, take a cohort")  # fmt: skip
        demand(
            (self.landmark_days is not None) == (self.rows == "maintenance"), "maintenance alone takes landmark_days"
        )
        demand((self.within_days is not None) == (self.rows == "first_sessions"),
               "first_sessions alone takes within_days")  # fmt: skip
        return self


class ComparedGroup(Form):
    """One of the two groups: a value from a number on, below another, or one of some words."""

    title: Sentence
    from_: Annotated[Number | None, Field(alias="from")] = None
    below: Number | None = None
    one_of: tuple[Route, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> "ComparedGroup":
        numbers = self.from_ is not None or self.below is not None
        demand(numbers != bool(self.one_of), "a group is a range (from, below), or one of some words")
        ends = self.from_ is None or self.below is None or self.from_ < self.below
        demand(ends, "from lies under below")
        return self


class Exposure(Sourced):
    """What differs between the two groups; who is in neither is counted and left out."""

    variable: ExposureVariable
    medicines: Word | None = None
    group: ComparedGroup
    compared_with: ComparedGroup

    @model_validator(mode="after")
    def _whole(self) -> "Exposure":
        demand((self.medicines is not None) == (self.variable == "dampened_share_percent"),
               "dampened_share_percent, and nothing else, names a list of medicines")  # fmt: skip
        words = self.variable == "route"
        for each in (self.group, self.compared_with):
            demand(bool(each.one_of) == words, "route takes words, the rest a range")
        return self


class AskedOutcome(Sourced):
    """What is counted. `line` is one of the cohort's (response, remission); `worse_than_first_check` a long-term check
    against the person's own first, as the measure says; `event_reported` an adverse event, or one of a `term`;
    `relapse` the loss of response within `within_days` of the landmark or of the response.
    """

    variable: OutcomeVariable
    title: Sentence
    short: Sentence
    line: Word | None = None
    measure: Word | None = None
    checked: Word | None = None
    term: Word | None = None
    within_days: Whole | None = None
    from_: Annotated[Number | None, Field(alias="from")] = None

    @model_validator(mode="after")
    def _whole(self) -> "AskedOutcome":
        takes = {"line": ("line",), "worse_than_first_check": ("measure", "checked"), "relapse": ("within_days",),
                 "pressure_before": ("from_",)}  # fmt: skip
        for name in ("line", "measure", "checked", "within_days", "from_"):
            wanted = name in takes.get(self.variable, ())
            there = getattr(self, name) is not None
            said = name.rstrip("_")
            demand(there == wanted, f"{self.variable} {'needs' if wanted else 'takes no'} {said}")
        demand(self.term is None or self.variable == "event_reported", "term goes with event_reported")
        return self


class NegativeControl(AskedOutcome):
    """An outcome that the exposure cannot change: where the groups differ in it, they differ in something unseen."""

    because: Sentence

    @model_validator(mode="after")
    def _before(self) -> "NegativeControl":
        demand(self.variable == "pressure_before", "a negative control is pressure_before: it lies before any dose")
        return self


class Intercurrent(Form):
    """What may happen on the way, and how it is handled."""

    event: Sentence
    handled: Sentence


class Estimand(Sourced):
    """What is estimated, before any number is seen (ICH E9(R1))."""

    population: Sentence
    contrast: Sentence
    outcome: Sentence
    time: Sentence
    intercurrent: tuple[Intercurrent, ...] = Field(min_length=1)


class Method(Sourced):
    """How the groups are made alike. `overlap` weights speak of people for whom either was a real choice, `inverse`
    ones of everybody; `curve` compares nobody and draws how long something lasts. Rows of a `cluster` belong together.
    """

    kind: Literal["overlap", "inverse", "curve"]
    cluster: Literal["person", "site"] = "person"
    words: Sentence


class Confounder(Form):
    """What may make the groups differ before anything was done; a number is taken in bands, each from its number."""

    variable: Adjusted
    medicines: Word | None = None
    bands_from: tuple[Number, ...] = ()
    because: Sentence

    @model_validator(mode="after")
    def _whole(self) -> "Confounder":
        demand(list(self.bands_from) == sorted(set(self.bands_from)), "bands rise")
        demand((self.medicines is not None) == (self.variable == "dampened_share_percent"), _NAMES_MEDICINES)
        demand(bool(self.bands_from) == (self.variable not in ("sex", "site")), "numbers, and nothing else, take bands")
        return self


class Sensitivity(Form):
    """The same question with one choice made otherwise."""

    analysis: Analysis
    line: Word | None = None
    because: Sentence

    @model_validator(mode="after")
    def _whole(self) -> "Sensitivity":
        demand((self.line is not None) == (self.analysis == "other_line"), "other_line, and nothing else, names a line")
        return self


class NeedsTrial(Form):
    """Why no register can answer this, however large it grows."""

    because: Sentence


class Published(Form):
    """What published trials say, by the ids of their files here; `words` says how they bear on the question."""

    words: Sentence
    trials: tuple[Word, ...] = ()
    reviews: tuple[Word, ...] = ()


class Question(Definition):
    """A question that the field leaves open, as the monitor asks it of each snapshot."""

    question: Sentence
    open_: Annotated[WhyOpen, Field(alias="open")]
    people: People
    exposure: Exposure | None = None
    outcome: AskedOutcome
    estimand: Estimand
    method: Method
    confounders: tuple[Confounder, ...] = ()
    not_measured: tuple[Sentence, ...] = ()
    sensitivity: tuple[Sensitivity, ...] = Field(min_length=1)
    negative_control: NegativeControl | None = None
    enough: Enough
    needs_trial: NeedsTrial | None = None
    published: Published
    changes_our_mind: tuple[Sentence, ...] = Field(min_length=1)
    examples: tuple[VerdictExample, ...] = Field(min_length=1)

    @property
    def compares(self) -> bool:
        """Return whether two groups are compared."""
        return self.method.kind != "curve"

    @model_validator(mode="after")
    def _holds_together(self) -> "Question":
        rows = self.people.rows
        demand((self.exposure is not None) == self.compares, "a comparison has an exposure, and a curve none")
        demand((rows == "lasting") != self.compares, "lasting is drawn as a curve, and nothing else is")
        demand(self.compares == bool(self.confounders), "a comparison has confounders, and a curve none")
        demand(self.compares == (self.negative_control is not None), "a comparison has a negative control")
        if self.exposure is not None:
            demand(self.exposure.variable in EXPOSURES[rows], f"{self.exposure.variable} is nothing that {rows} has")
        demand(self.outcome.variable in OUTCOMES[rows], f"{self.outcome.variable} is nothing that {rows} has")
        names = [each.variable for each in self.confounders]
        demand(len(set(names)) == len(names), "each confounder stands once")
        demand("baseline_score" not in names or bool(self.people.cohort), "baseline_score is what a cohort says")
        demand("first_check" not in names or rows == "checks", "first_check is something that checks alone have")
        lasting = {"interval_censored", "until_treated_again"}
        for each in self.sensitivity:
            demand((each.analysis in lasting) != self.compares, f"{each.analysis} does not fit the method")
        kinds = [(each.analysis, each.line) for each in self.sensitivity]
        demand(len(set(kinds)) == len(kinds), "each sensitivity analysis stands once")
        return self
