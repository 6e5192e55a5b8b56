"""The form of what a long course asks for: the advice on the next interval, when a person must decide before the next
order, what is checked as exposure adds up (by patients and in the laboratory), and how patients are reminded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt, model_validator

from daybreak.kernel.truth import Truth
from daybreak.rulebook.course import FollowUp
from daybreak.rulebook.dosing import Route
from daybreak.rulebook.form import Definition, Form, Sentence, Sourced, Word, demand
from daybreak.rulebook.gate import Whole
from daybreak.rulebook.so_far import CourseSoFar

Advised = Literal["continue", "space_out", "taper", "stop", "measure"]
Told = Literal["met", "not_met", "unknown"]
OUTCOMES = ("response", "remission", "sustained", "worsening")


class AdviceRule(Sourced):
    """What is advised where everything that it names holds; the first rule that applies counts.

    Days are those of the course (1 is the first session's), `from_session` the sessions given so far.
    `closer_than_days` holds where the last interval, the planned one included, is shorter. With `decide`, a named
    clinician decides with a reason before the next order.
    """

    id: Word
    title: Sentence
    from_day: Whole | None = None
    until_day: Whole | None = None
    from_session: Whole | None = None
    closer_than_days: Whole | None = None
    response: Told | None = None
    remission: Told | None = None
    sustained: Told | None = None
    worsening: Told | None = None
    advise: Advised
    decide: StrictBool
    text: Sentence


class Asking(Sourced):
    """How a patient is asked again: so many hours after an invitation opened; and who counts as not reached: those with
    so many invitations in a row that ended without an answer.
    """

    remind_after_hours: tuple[Annotated[StrictInt, Field(ge=1)], ...]
    not_reached_after: Whole

    @model_validator(mode="after")
    def _whole(self) -> "Asking":
        rising = sorted(set(self.remind_after_hours))
        demand(list(self.remind_after_hours) == rising, "remind_after_hours rise, each once")
        return self


class LabCheck(Sourced):
    """Tests of the laboratory that are looked at together in a course whose drug is given by one of `routes`: before
    it, and again after so many weeks or sessions since the last time, whichever comes first, as long as sessions
    follow. It gives no limit: what the values mean, a person judges.
    """

    id: Word
    title: Sentence
    routes: tuple[Route, ...] = Field(min_length=1)
    tests: tuple[Word, ...] = Field(min_length=1)
    every_weeks: Whole
    every_sessions: Whole

    def due_from(self, *, opened_at: datetime, last: datetime | None, sessions: Sequence[datetime]) -> datetime | None:
        """Return from when the tests are due: from the opening of the course where they were never looked at, and never
        again (None) where no session followed the last time.
        """
        if last is None:
            return opened_at
        since = sorted(each for each in sessions if each > last)
        by_time = last + timedelta(weeks=self.every_weeks)
        by_exposure = since[self.every_sessions - 1 : self.every_sessions]
        return min([by_time, *by_exposure]) if since else None


class LabExample(Form):
    """Weeks since the tests were last looked at (without it: never), sessions since then, and whether they are due."""

    name: Sentence
    check: Word
    weeks_since: StrictInt | None = None
    sessions_since: StrictInt = 0
    due: StrictBool


class AdviceExample(Form):
    """What is known of a course, and the rule that applies. Outcomes that are not named are unknown."""

    name: Sentence
    day: StrictInt
    sessions: StrictInt
    last_interval_days: StrictInt | None = None
    response: Told = "unknown"
    remission: Told = "unknown"
    sustained: Told = "unknown"
    worsening: Told = "unknown"
    rule: Word
    advise: Advised
    decide: StrictBool


class Continuation(Definition):
    """What a long course of some protocols asks for."""

    protocols: tuple[Word, ...] = Field(min_length=1)
    advice: tuple[AdviceRule, ...] = Field(min_length=1)
    checks: tuple[FollowUp, ...] = ()
    laboratory: tuple[LabCheck, ...] = ()
    asking: Asking
    examples: tuple[AdviceExample, ...] = Field(min_length=1)
    laboratory_examples: tuple[LabExample, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> "Continuation":
        last = self.advice[-1]
        conditions = (*OUTCOMES, "from_day", "until_day", "from_session", "closer_than_days")
        demand(all(getattr(last, name) is None for name in conditions), "the last rule of advice always applies")
        used = {example.rule for example in self.examples} | {example.check for example in self.laboratory_examples}
        named = [*(rule.id for rule in self.advice), *(check.id for check in self.laboratory)]
        bare = [name for name in named if name not in used]
        demand(not bare, f"no example reaches {', '.join(bare)}")
        return self


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """What the advice rests on: the day of the course that is asked about, the sessions given before it, the days of
    the last interval (None with fewer than two sessions), and how the main instrument has gone.
    """

    day: int
    sessions: int
    last_interval_days: int | None
    outcomes: dict[str, Truth]


def outcomes_now(so_far: CourseSoFar | None) -> dict[str, Truth]:
    """Return what is known now of each outcome that rules of advice name; what was not measured is unknown."""
    told = {name: getattr(so_far, name, None) for name in OUTCOMES}
    return {name: outcome.truth if outcome is not None else Truth.UNKNOWN for name, outcome in told.items()}


def advised(continuation: Continuation, facts: CourseFacts) -> AdviceRule:
    """Return the first rule of advice that applies; the last one always does. A person decides."""
    return next(rule for rule in continuation.advice if _applies(rule, facts))


def _applies(rule: AdviceRule, facts: CourseFacts) -> bool:
    interval = facts.last_interval_days
    return (
        (rule.from_day is None or facts.day >= rule.from_day)
        and (rule.until_day is None or facts.day <= rule.until_day)
        and (rule.from_session is None or facts.sessions >= rule.from_session)
        and (rule.closer_than_days is None or (interval is not None and interval < rule.closer_than_days))
        and all(getattr(rule, name) in (None, str(facts.outcomes[name])) for name in OUTCOMES)
    )
