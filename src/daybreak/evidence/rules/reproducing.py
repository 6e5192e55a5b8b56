"""A published review tried again with the trials that are here, by its own list and method, as near as can be."""

from collections.abc import Sequence
from dataclasses import dataclass

from daybreak.evidence.rules.comparing import Choices, NotPooled, compare
from daybreak.evidence.rules.synthesis import Asked, Synthesis, synthesise
from daybreak.rulebook.public import PublishedReview, PublishedTrial, ReviewTarget
from daybreak.stats.public import Measure, Method

# Where a review says “random effects” and nothing more, this is taken: it is what nearly all of them used.
USUAL_METHOD = Method.DL


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One pooled effect of a review, tried again; `found` is None, and `because` says why, where nothing can be pooled.

    `choices` and `asked` are what was done here.
    """

    target: ReviewTarget
    choices: Choices
    asked: Asked
    found: Synthesis | None
    because: str = ""


def try_again(review: PublishedReview, trials: Sequence[PublishedTrial]) -> list[Tried]:
    """Return each of the review's effects beside what the trials here give."""
    taken = [each for each in trials if is_taken(review, each)]
    return [_tried(review, target, taken) for target in review.targets]


def is_taken(review: PublishedReview, trial: PublishedTrial) -> bool:
    """Return whether the review took the trial: by its list, or, where nobody has read that, by its own words."""
    if review.included:
        return trial.id in review.included
    routes = {arm.route for arm in trial.arms if arm.is_treated}
    return (
        trial.year <= review.until
        and (not review.routes or bool(routes.intersection(review.routes)))
        and not set(trial.diagnoses).intersection(review.without)
    )


def _tried(review: PublishedReview, target: ReviewTarget, trials: Sequence[PublishedTrial]) -> Tried:
    choices = Choices(
        kind=target.kind,
        window=target.window,
        drug=review.drug,
        control=review.control,
        crossover="paired" if review.crossover == "paired" else "parallel",
    )
    method = USUAL_METHOD if review.method == "random" else Method(review.method)
    asked = Asked(measure=Measure(target.measure), method=method)
    comparisons, _left_out = compare(trials, choices)
    try:
        found = synthesise(comparisons, asked)
    except NotPooled as no:
        return Tried(target=target, choices=choices, asked=asked, found=None, because=str(no))
    return Tried(target=target, choices=choices, asked=asked, found=found)
