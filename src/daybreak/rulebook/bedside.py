"""The form of what is read at the bedside, and of the values that call for someone."""

from functools import cached_property
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StrictInt, model_validator

from daybreak.rulebook.form import Blankable, Form, Number, Sentence, Sourced, Word, demand
from daybreak.rulebook.gate import Whole

Priority = Literal["high", "medium", "low"]
LIMIT_TESTS = ("above", "at_least", "below", "at_most", "rise_above", "fall_above")


class Sign(Sourced, Blankable):
    """How often a sign is read.

    Every so many minutes, or at named minutes after the start, with some grace before overdue. Overdue, it is an
    alarm: of `missing_priority` where the protocol gives one, else of the priority in the site's `alarms`.
    """

    may_be_blank: ClassVar[frozenset[str]] = frozenset({"every_minutes"})

    sign: Word
    unit: Sentence
    every_minutes: Whole | None = None
    at_minutes: tuple[Whole, ...] = ()
    grace_minutes: Annotated[StrictInt, Field(ge=0)]
    missing_priority: Priority | None = None
    missing_advise: Sentence | None = None

    @model_validator(mode="after")
    def _one_plan(self) -> "Sign":
        demand(
            self.says("every_minutes") != bool(self.at_minutes),
            "a sign has either every_minutes or at_minutes",
        )
        demand(
            (self.missing_priority is None) == (self.missing_advise is None),
            "missing_priority and missing_advise stand together",
        )
        return self


class Limit(Sourced, Blankable):
    """A value of a sign, or a change from the baseline, that calls for someone.

    `then` is what it asks for beside the advice: inform, a review, or that the dose is stopped.
    """

    may_be_blank: ClassVar[frozenset[str]] = frozenset(LIMIT_TESTS)

    id: Word
    sign: Word
    unit: Sentence
    above: Number | None = None
    at_least: Number | None = None
    below: Number | None = None
    at_most: Number | None = None
    rise_above: Number | None = None
    fall_above: Number | None = None
    priority: Priority
    then: Literal["inform", "review", "stop"] | None = None
    advise: Sentence

    @cached_property
    def test(self) -> str:
        """The name of its one test."""
        return next(name for name in LIMIT_TESTS if self.says(name))

    @model_validator(mode="after")
    def _one_test(self) -> "Limit":
        demand(sum(self.says(name) for name in LIMIT_TESTS) == 1, "a limit has exactly one test")
        return self


class Watch(Form):
    """What is read, and what calls for someone, in one stage of a session."""

    signs: tuple[Sign, ...] = Field(min_length=1)
    limits: tuple[Limit, ...] = ()


class Recovery(Watch, Sourced, Blankable):
    """After the dose.

    The watch goes on, for at least `minimum_observation_minutes` from the end of the dose, or from its start.
    """

    may_be_blank: ClassVar[frozenset[str]] = frozenset({"minimum_observation_minutes"})

    minimum_observation_minutes: Whole | None = None
    counted_from: Literal["end", "start"] = "end"

    @model_validator(mode="after")
    def _said(self) -> "Recovery":
        demand(self.says("minimum_observation_minutes"), "“minimum_observation_minutes” is missing")
        return self
