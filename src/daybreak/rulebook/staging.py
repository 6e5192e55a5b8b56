"""The form of a definition of treatment resistance, and of one of an adequate trial.

There is no single definition: each file is one of them, and all are computed side by side from the same
history.
"""

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt, model_validator

from daybreak.rulebook.form import Definition, Form, Number, Sentence, Sourced, Word

Whole = Annotated[StrictInt, Field(ge=1)]
YesNo = StrictBool | None


class Trial(Form):
    """One antidepressant that was tried. What is left out, or empty, is not known.

    `group` is the class of the drug; `failed` says that it did not help enough although it was taken as asked.
    """

    drug: str = ""
    group: str = ""
    adequate: YesNo = None
    failed: YesNo = None
    present_episode: YesNo = None
    optimised: YesNo = None
    augmented: YesNo = None


class Electroconvulsive(Form):
    """One series of electroconvulsive treatments that was given."""

    failed: YesNo = None
    bilateral: YesNo = None


class History(Form):
    """What is known about the treatments that were tried; `complete` is somebody's word that nothing is left out."""

    trials: tuple[Trial, ...] = ()
    electroconvulsive: tuple[Electroconvulsive, ...] = ()
    complete: YesNo = None
    episode_months: Annotated[Number, Field(ge=0)] | None = None
    severity: str = ""


class Rung(Form):
    """One stage of a ladder; it is reached when its own demand and those of all stages below are met."""

    id: Sentence
    groups: Whole | None = None
    group: Word | None = None
    electroconvulsive: Literal["bilateral_failed"] | None = None

    @model_validator(mode="after")
    def _one_demand(self) -> "Rung":
        if sum(each is not None for each in (self.groups, self.group, self.electroconvulsive)) != 1:
            raise ValueError("a stage has exactly one of groups, group, electroconvulsive")
        return self


class Points(Form):
    """Points for each failed adequate trial, for its optimisation or augmentation, or once for
    electroconvulsive therapy.
    """

    each: Literal["failed_trial", "optimisation", "augmentation", "electroconvulsive"]
    points: Annotated[Number, Field(gt=0)]


class Level(Form):
    """One level of a dimension: a word, a yes or no, or numbers up to `at_most` (which the last level lacks)."""

    points: Annotated[Number, Field(ge=0)]
    at_most: Number | None = None
    is_: StrictBool | Word | None = Field(default=None, alias="is")


class Dimension(Form):
    """One dimension and its levels, the lightest first."""

    id: Literal["episode_months", "severity", "failed_trials", "augmentation", "electroconvulsive"]
    title: Sentence
    levels: tuple[Level, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _rising(self) -> "Dimension":
        points = [level.points for level in self.levels]
        limits = [level.at_most for level in self.levels if level.at_most is not None]
        if points != sorted(points) or limits != sorted(set(limits)):
            raise ValueError("the levels of a dimension rise")
        counted = self.id in ("episode_months", "failed_trials")
        if any((level.is_ is None) != counted for level in self.levels):
            raise ValueError("numbers have at_most, words and yes or no have is")
        if counted and [level.at_most is None for level in self.levels] != [False] * (len(self.levels) - 1) + [True]:
            raise ValueError("every level but the last has at_most")
        return self


class Grade(Form):
    """A word for totals from `lowest` to `highest`, both included."""

    id: Word
    lowest: Number
    highest: Number


class ResistanceExample(Form):
    """A history and the word of the answer: met, not met, unknown, a stage, points, not stageable."""

    name: Sentence
    given: History
    expect: Sentence
    grade: str = ""


class Resistance(Sourced, Definition):
    """One definition of treatment resistance.

    `count`: at least so many failed adequate trials. `ladder`: stages. `points`: a sum. `dimensions`: a sum of
    levels, undefined without a failed trial. `electroconvulsive_failed`: a series that did not help.
    """

    rule: Literal["count", "ladder", "points", "dimensions", "electroconvulsive_failed"]
    counts: Literal["any_episode", "present_episode"] = "any_episode"
    at_least: Whole | None = None
    codelist: Word | None = None
    rungs: tuple[Rung, ...] = ()
    points: tuple[Points, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    grades: tuple[Grade, ...] = ()
    examples: tuple[ResistanceExample, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> "Resistance":
        parts = {
            "count": self.at_least is not None,
            "ladder": bool(self.rungs),
            "points": bool(self.points),
            "dimensions": bool(self.dimensions),
        }
        if [name for name, there in parts.items() if there] != [name for name in parts if name == self.rule]:
            raise ValueError("count takes at_least, ladder rungs, points points, dimensions dimensions; nothing else")
        if (self.codelist is not None) != (self.rule == "ladder"):
            raise ValueError("a ladder names the code list of its groups, and nothing else does")
        return self


class AdequacyExample(Form):
    """What is known about a trial, and whether it was adequate."""

    name: Sentence
    weeks: Number | None = None
    dose_adequate: YesNo = None
    rating: Number | None = None
    expect: Literal["adequate", "not adequate", "unknown"]


class Adequacy(Sourced, Definition):
    """When a trial counts as adequate: long enough at an adequate dose, or rated highly enough.

    Which dose of a drug is adequate is not written here: a person says so.
    """

    weeks_at_least: Annotated[Number, Field(gt=0)]
    rating_at_least: Whole
    rating_highest: Whole
    examples: tuple[AdequacyExample, ...] = Field(min_length=1)
