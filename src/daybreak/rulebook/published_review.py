"""The form of a published review: which trials it took, how it pooled them, and what it found, so that it can be tried
again.
"""

from collections.abc import Iterator
from decimal import Decimal
from math import log
from typing import Annotated, Literal

from pydantic import Field, StrictInt, model_validator

from daybreak.rulebook.form import Definition, Number, Sentence, Word, demand
from daybreak.rulebook.published_trial import Diagnosis, Published

Route = Literal["intravenous", "intranasal", "intramuscular", "subcutaneous", "oral"]


class ReviewTarget(Published):
    """One pooled effect as the review gives it, with its 95 % interval and how many trials and people it rests on.

    A ratio stands as a ratio. What nobody has read is left out.
    """

    id: Word
    kind: Literal["response", "remission", "relapse", "depression_score"]
    window: Literal["day", "week", "month"]
    measure: Literal["OR", "RR", "RD", "MD", "SMD"]
    estimate: Number
    lower: Number | None = None
    upper: Number | None = None
    trials: Annotated[StrictInt, Field(ge=1)] | None = None
    people: Annotated[StrictInt, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "ReviewTarget":
        demand((self.lower is None) == (self.upper is None), "an interval has both its ends")
        if self.lower is not None and self.upper is not None:
            demand(self.lower < self.estimate < self.upper, "the estimate lies inside its interval")
        of_score = self.kind == "depression_score"
        demand(of_score == (self.measure in ("MD", "SMD")), "a score takes MD or SMD; what is counted OR, RR or RD")
        return self


class PublishedReview(Definition):
    """A review of trials of ketamine or esketamine in depression.

    `included` lists the trials that it took, where its list was read. Where it was not, the trials taken here are
    those that fit what the review says of itself: published by `until`, of the `drug` and `control`, by `routes` where
    it names some, in nobody of `without`. `cannot` says why its figures cannot come out exactly.
    """

    year: Annotated[StrictInt, Field(ge=2010, le=2100)]
    trials: Annotated[StrictInt, Field(ge=1)]
    people: Annotated[StrictInt, Field(ge=1)] | None = None
    included: tuple[Word, ...] = ()
    until: Annotated[StrictInt, Field(ge=2000, le=2100)]
    drug: Literal["any", "ketamine", "esketamine"] = "any"
    control: Literal["placebo", "inactive", "midazolam", "treatment"] = "placebo"
    routes: tuple[Route, ...] = ()
    without: tuple[Diagnosis, ...] = ()
    crossover: Literal["first_period", "parallel", "paired", "not_read"]
    method: Literal["FE", "MH", "PETO", "DL", "PM", "REML", "random"]
    cannot: Sentence
    targets: tuple[ReviewTarget, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _named_once(self) -> "PublishedReview":
        names = [each.id for each in self.targets]
        demand(len(names) == len(set(names)), "two targets have the same id")
        demand(self.until <= self.year, "a review cannot take trials that came after it")
        return self


def review_wrongs(review: PublishedReview) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield where an estimate does not lie in the middle of its interval (of a ratio, of its logarithm), as far as the
    digits that are written can tell: a slip of the pen.
    """
    for index, target in enumerate(review.targets):
        if target.lower is None or target.upper is None:
            continue
        scale = log if target.measure in ("OR", "RR") else float
        low, middle, high = (_as_written(each) for each in (target.lower, target.estimate, target.upper))
        least, most = ((scale(low[end]) + scale(high[end])) / 2 for end in (0, 1))
        if least > scale(middle[1]) or most < scale(middle[0]):
            yield ("targets", index), f"{target.id}: {target.estimate} is not in the middle of its interval"


def _as_written(number: Decimal) -> tuple[float, float]:
    """Return between which two numbers lies what is rounded to this one."""
    exponent = number.as_tuple().exponent
    half = float(Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0) / 2)
    return float(number) - half, float(number) + half
