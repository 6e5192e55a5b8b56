"""The form of how a patient's call for someone is passed on: who takes it, in which time, and what is a sharp
worsening. A site's own definition has the site's code as its id; else “house” holds.
"""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, StrictBool, StrictInt, model_validator

from daybreak.rulebook.bedside import Priority
from daybreak.rulebook.form import Definition, Form, Number, Role, Sentence, Sourced, Word, demand
from daybreak.rulebook.gate import Whole
from daybreak.rulebook.outcomes import DatedScore


class PassedOn(Sourced):
    """Who is asked to take a task of a priority: the first role of `to` at once, and one role more after each
    `every_minutes` in which nobody took it. `by_message`: those who are asked, and who is on duty, get a message.
    """

    priority: Priority
    every_minutes: Whole
    to: tuple[Role, ...] = Field(min_length=1)
    by_message: StrictBool = False


class SharpWorsening(Sourced):
    """A score that is at least `rises_by` above the last one, where that is at most `within_days` old, calls for
    someone.
    """

    instrument: Word
    score: Word
    rises_by: Annotated[Number, Field(gt=0)]
    within_days: Whole
    priority: Priority
    text: Sentence


class TakingExample(Form):
    """A task of a priority that nobody takes for so many minutes, and the roles that were asked by then."""

    name: Sentence
    priority: Priority
    after_minutes: Annotated[StrictInt, Field(ge=0)]
    asked: tuple[Role, ...]


class WorseningExample(Form):
    """The score now and the one before it (none: there is none), and whether that is a sharp worsening."""

    name: Sentence
    instrument: Word
    before: Number | None = None
    days_before: StrictInt = 0
    now: Number
    sharp: StrictBool


class Safety(Definition):
    """How a patient's call for someone is passed on at a site."""

    passed_on: tuple[PassedOn, ...]
    worsening: tuple[SharpWorsening, ...] = ()
    examples: tuple[TakingExample, ...] = Field(min_length=1)
    worsening_examples: tuple[WorseningExample, ...] = ()

    def passes_on(self, priority: str) -> PassedOn:
        """Return who is asked to take a task of this priority."""
        return next(each for each in self.passed_on if each.priority == priority)

    @model_validator(mode="after")
    def _whole(self) -> "Safety":
        priorities = sorted(each.priority for each in self.passed_on)
        demand(priorities == ["high", "low", "medium"], "“passed_on” says once who is asked: high, medium, low")
        watched = [each.instrument for each in self.worsening]
        demand(len(set(watched)) == len(watched), "“worsening” says one thing of an instrument")
        return self


def asked_by(passed_on: PassedOn, waited_minutes: float) -> tuple[str, ...]:
    """Return the roles that have been asked to take a task that nobody took for so many minutes."""
    return passed_on.to[: 1 + max(0, int(waited_minutes // passed_on.every_minutes))]


def sharp_worsening(
    safety: Safety, instrument: str, *, score: DatedScore, earlier: Sequence[DatedScore]
) -> SharpWorsening | None:
    """Return the rule by which a score is a sharp worsening against the last one before it, or None.

    Without an earlier score, or where that is too old, nothing is said: what was not measured is never carried forward.
    """
    rule = next((each for each in safety.worsening if each.instrument == instrument), None)
    last = max((each for each in earlier if each.at < score.at), key=lambda each: each.at, default=None)
    if rule is None or last is None or (score.at - last.at).total_seconds() > rule.within_days * 86_400:
        return None
    return rule if score.value - last.value >= rule.rises_by else None
