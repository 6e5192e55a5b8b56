"""When an answer is one: enough, not enough, or not to be answered without a trial. Facts in, a verdict out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt

from daybreak.rulebook.form import Form, Number, Sentence, Sourced
from daybreak.rulebook.gate import Whole
from daybreak.rulebook.lines import Path

QuestionVerdict = Literal["enough", "not_enough", "needs_trial"]
Reason = Literal[
    "design", "not_recorded", "nobody", "one_group", "too_few_people", "too_few_sites", "too_few_outcomes",
    "too_much_missing", "no_overlap", "not_alike", "control_differs", "too_wide",
]  # fmt: skip
VERDICTS: tuple[QuestionVerdict, ...] = ("enough", "not_enough", "needs_trial")
Share = Annotated[Number, Field(ge=0, le=100)]
Count = Annotated[StrictInt, Field(ge=0)]


class Enough(Sourced):
    """What an answer needs at least: people in each group, with and without the outcome among them; sites in each
    group; at most so much missing; groups that differ by at most so many standard deviations after weighting; and an
    interval no wider than so many percentage points.
    """

    people_at_least: Whole
    outcomes_at_least: Whole
    sites_at_least: Whole = 1
    missing_at_most_percent: Share
    difference_at_most: Annotated[Number, Field(gt=0, lt=1)]
    interval_at_most_points: Annotated[Number, Field(gt=0, le=100)]


@dataclass(frozen=True, slots=True)
class Seen:
    """What an analysis saw. Counts are of the smaller group. `unrecorded` names a variable that nobody recorded; None
    stands for what could not be worked out.
    """

    needs_trial: bool = False
    unrecorded: str = ""
    people: int = 0
    groups_empty: bool = False
    sites: int = 0
    outcomes: int = 0
    missing_percent: float = 0.0
    overlaps: bool = True
    largest_difference: float | None = None
    control_holds: bool | None = None
    interval_points: float | None = None


class VerdictExample(Form):
    """What an analysis could see, and the verdict that follows, with the first of its reasons (none where it is
    enough).
    """

    name: Sentence
    unrecorded: str = ""
    people: Count = 0
    groups_empty: StrictBool = False
    sites: Count = 0
    outcomes: Count = 0
    missing_percent: Share = Decimal(0)
    overlaps: StrictBool = True
    largest_difference: Number | None = None
    control_holds: StrictBool | None = None
    interval_points: Number | None = None
    verdict: QuestionVerdict
    because: Reason | None = None


def verdict_on(enough: Enough, seen: Seen) -> tuple[QuestionVerdict, tuple[Reason, ...]]:
    """Return the verdict and every reason for it, the first the weightiest.

    What no register can answer stays so however many people it holds. After that: was it recorded, are there people,
    are the groups alike. An interval that is too wide comes last, since time mends it.
    """
    if seen.needs_trial:
        return "needs_trial", ("design",)
    lacking = tuple(_lacking(enough, seen))
    if lacking:
        return "not_enough", lacking
    unlike = tuple(_unlike(enough, seen))
    if unlike:
        return "needs_trial", unlike
    if seen.interval_points is None or seen.interval_points > float(enough.interval_at_most_points):
        return "not_enough", ("too_wide",)
    return "enough", ()


def _lacking(enough: Enough, seen: Seen) -> Iterator[Reason]:
    if seen.unrecorded:
        yield "not_recorded"
        return
    if not seen.people and not seen.groups_empty:
        yield "nobody"
        return
    if seen.groups_empty:
        yield "one_group"
        return
    if seen.people < enough.people_at_least:
        yield "too_few_people"
    if seen.sites < enough.sites_at_least:
        yield "too_few_sites"
    if seen.outcomes < enough.outcomes_at_least:
        yield "too_few_outcomes"
    if seen.missing_percent > float(enough.missing_at_most_percent):
        yield "too_much_missing"


def _unlike(enough: Enough, seen: Seen) -> Iterator[Reason]:
    if not seen.overlaps:
        yield "no_overlap"
    if seen.largest_difference is not None and seen.largest_difference > float(enough.difference_at_most):
        yield "not_alike"
    if seen.control_holds is False:
        yield "control_differs"


def verdict_wrongs(
    enough: Enough, examples: Sequence[VerdictExample], *, needs_trial: bool
) -> Iterator[tuple[Path, str]]:
    """Yield where a worked example is not what the thresholds say."""
    for index, example in enumerate(examples):
        told = example.model_dump(exclude={"name", "verdict", "because"})
        floats = ("missing_percent", "largest_difference", "interval_points")
        told |= {name: None if told[name] is None else float(told[name]) for name in floats}
        verdict, reasons = verdict_on(enough, Seen(needs_trial=needs_trial, **told))
        if (verdict, reasons[0] if reasons else None) != (example.verdict, example.because):
            said = f"{verdict}{f', {reasons[0]}' if reasons else ''}"
            yield ("examples", index), f"example “{example.name}”: the verdict is {said}"
