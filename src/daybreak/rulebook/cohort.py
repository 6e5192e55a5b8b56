"""The form of a cohort: which people of the register it is about, and the lines of its table."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt, model_validator

from daybreak.rulebook.dosing import Route
from daybreak.rulebook.form import Definition, Form, Number, Sentence, Sourced, Word, demand
from daybreak.rulebook.gate import Whole
from daybreak.rulebook.published_trial import Mark

Days = Annotated[StrictInt, Field(ge=0)]
# Why somebody is not in a cohort, in the order in which it is asked.
REASONS = (
    "not_treated", "other_route", "too_few_infusions", "too_many_infusions", "too_short", "too_long", "no_baseline",
    "no_outcome",
)  # fmt: skip


class Induction(Sourced):
    """Which people, by their first course: so many sessions begun within so many days of the first one, the last of
    them so many days after it. `routes` are those that all of these sessions may have; without it any.
    """

    within_days: Whole
    sessions_at_least: Whole
    sessions_at_most: Whole
    span_at_least_days: Days
    span_at_most_days: Days
    routes: tuple[Route, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> "Induction":
        demand(self.sessions_at_least <= self.sessions_at_most, "sessions_at_least is not above sessions_at_most")
        demand(self.span_at_least_days <= self.span_at_most_days, "span_at_least_days is not above span_at_most_days")
        return self


class OutcomeScore(Sourced):
    """Which score is compared with the baseline: the first one from `from_day` up to and with `until_day` after the
    last session of the induction. The baseline is the last score of at most so many days before the first session; it
    lies above 0.
    """

    instrument: Word
    score: Word
    baseline_within_days: Whole
    from_day: Days
    until_day: Days

    @model_validator(mode="after")
    def _whole(self) -> "OutcomeScore":
        demand(self.from_day <= self.until_day, "from_day is not above until_day")
        return self


class PublishedFigure(Form):
    """What a paper found for the line, with how far that was checked."""

    value: Annotated[Number, Field(ge=0, le=1)]
    mark: Mark
    reference: Sentence
    note: str = ""


class CohortLine(Sourced):
    """One line of the table.

    `response`: a fall from the baseline of at least so many per cent. `remission`: a score below a number, or at most
    one. `worse`: a rise of at least so many points. `still_well`: of those in response, the share without a later score
    that has lost it, so many days after the score that showed it (Kaplan and Meier).
    """

    id: Word
    title: Sentence
    kind: Literal["response", "remission", "worse", "still_well"]
    fall_percent: Annotated[Number, Field(gt=0, le=100)] | None = None
    below: Number | None = None
    at_most: Number | None = None
    rise_at_least: Annotated[Number, Field(gt=0)] | None = None
    after_days: Whole | None = None
    published: PublishedFigure | None = None

    @model_validator(mode="after")
    def _whole(self) -> "CohortLine":
        falls = self.kind in ("response", "still_well")
        demand((self.fall_percent is not None) == falls, "response and still_well, and nothing else, take fall_percent")
        cut_offs = (self.below is not None) + (self.at_most is not None)
        demand(cut_offs == int(self.kind == "remission"), "remission, and nothing else, takes below or at_most")
        demand((self.rise_at_least is not None) == (self.kind == "worse"), "worse alone takes rise_at_least")
        demand((self.after_days is not None) == (self.kind == "still_well"), "still_well alone takes after_days")
        return self


class CohortExample(Form):
    """One person: the days of their sessions and of their scores, counted from the first session, and what follows.

    `because` says why the person is not in the cohort, and is left out where they are; `met` gives each line that is a
    share; `well_for_days` until when somebody in response was seen to stay so, `relapsed` whether it was lost then.
    """

    name: Sentence
    sessions: tuple[Number, ...]
    route: Route = "intravenous"
    days: tuple[Number, ...] = ()
    scores: tuple[Number, ...] = ()
    because: str = ""
    met: dict[Word, StrictBool] = Field(default_factory=dict)
    well_for_days: Days | None = None
    relapsed: StrictBool | None = None

    @model_validator(mode="after")
    def _whole(self) -> "CohortExample":
        demand(len(self.days) == len(self.scores), "each score has its day")
        demand(self.because in ("", *REASONS), f"because is one of {', '.join(REASONS)}")
        demand((self.well_for_days is None) == (self.relapsed is None), "well_for_days goes with relapsed")
        return self


class Cohort(Definition):
    """People of the register chosen by one rule, and the table about them."""

    induction: Induction
    outcome: OutcomeScore
    lines: tuple[CohortLine, ...] = Field(min_length=1)
    examples: tuple[CohortExample, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _holds_together(self) -> "Cohort":
        ids = [line.id for line in self.lines]
        demand(len(set(ids)) == len(ids), "each line has an id of its own")
        demand(
            len({line.fall_percent for line in self.lines if line.fall_percent is not None}) <= 1,
            "response and still_well are about one fall_percent",
        )
        return self

    @property
    def fall_percent(self) -> float | None:
        """Return the fall that is response, where a line is about it."""
        return next((float(line.fall_percent) for line in self.lines if line.fall_percent is not None), None)
