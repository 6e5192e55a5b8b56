"""The form of what the monitor watches from week to week, against what, and how sure it must be before it calls.

A house's own definition has the id of its choice; else “house” holds. What is counted is a closed vocabulary: the words
of the calendar that each snapshot holds.
"""

from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt, model_validator

from daybreak.rulebook.form import Definition, Form, Number, Sentence, Sourced, Word, demand
from daybreak.rulebook.gate import Whole

Counted = Literal["any_event", "severe_event", "serious_event", "mostly_missed", "term"]
Chance = Annotated[Number, Field(gt=0, lt=0.5)]


class WatchedHarm(Sourced):
    """One kind of session that is counted: with any event, a severe or a serious one, one of a `term`, or with
    more of the readings asked for missed than read. `odds_ratio` is the worsening that the tests look for.
    """

    id: Word
    title: Sentence
    counts: Counted
    term: Word | None = None
    odds_ratio: Annotated[Number, Field(gt=1)]

    @model_validator(mode="after")
    def _whole(self) -> "WatchedHarm":
        demand((self.term is not None) == (self.counts == "term"), "“term”, and nothing else, names a term")
        return self


class Sureness(Sourced):
    """How sure the tests are before they call.

    A site's chart reaches its limit, where nothing is wrong, once in `false_alarm_years` on average. Wald's test errs
    with `alpha` and `beta`. The test of rates compares with the register's first `reference_weeks`, which need
    `least_reference` events, and errs with `maxsprt_alpha` over `surveillance_weeks`, calling from `least_events` on.
    The funnel's limits hold `funnel_inner_percent` and `funnel_outer_percent` of sites.
    """

    false_alarm_years: Annotated[Number, Field(gt=0)]
    alpha: Chance
    beta: Chance
    maxsprt_alpha: Chance
    reference_weeks: Whole
    least_reference: Whole
    surveillance_weeks: Whole
    least_events: Whole
    funnel_inner_percent: Annotated[Number, Field(gt=50, lt=100)]
    funnel_outer_percent: Annotated[Number, Field(gt=50, lt=100)]

    @model_validator(mode="after")
    def _whole(self) -> "Sureness":
        demand(self.funnel_inner_percent < self.funnel_outer_percent, "the funnel's inner limits lie inside the outer")
        return self


class CaseMix(Sourced):
    """The bands of the score before the first session by which outcomes of sites are adjusted, each from its number."""

    bands_from: tuple[StrictInt, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> "CaseMix":
        demand(list(self.bands_from) == sorted(set(self.bands_from)), "bands rise")
        return self


class CumulativeExposure(Sourced):
    """By what harm is looked at against cumulative exposure: bands of sessions from each number on, the pressures from
    which a session counts as severe, the terms and the long-term checks.
    """

    from_sessions: tuple[StrictInt, ...] = Field(min_length=1)
    systolic_at_least: Whole
    diastolic_at_least: Whole
    terms: tuple[Word, ...] = ()
    checked: tuple[Word, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> "CumulativeExposure":
        rising = list(self.from_sessions) == sorted(set(self.from_sessions)) and self.from_sessions[0] > 1
        demand(rising, "bands of sessions rise, the first from a number above 1")
        return self


class WatchedExample(Form):
    """A session's events (terms; whether one was severe, serious) and whether most readings were missed, and which
    kinds count it.
    """

    name: Sentence
    terms: tuple[Word, ...] = ()
    severe: StrictBool = False
    serious: StrictBool = False
    mostly_missed: StrictBool = False
    counted_by: tuple[Word, ...]


class Surveillance(Definition):
    """What the monitor watches from week to week, and how sure it must be."""

    watched: tuple[WatchedHarm, ...] = Field(min_length=1)
    sureness: Sureness
    case_mix: CaseMix
    exposure: CumulativeExposure | None = None
    examples: tuple[WatchedExample, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> "Surveillance":
        ids = [each.id for each in self.watched]
        demand(len(set(ids)) == len(ids), "each kind that is watched has an id of its own")
        return self


def counted_by(
    surveillance: Surveillance, *, terms: Collection[str], severe: bool, serious: bool, mostly_missed: bool
) -> tuple[str, ...]:
    """Return the kinds that count a session with these events."""
    holds = {
        "any_event": bool(terms),
        "severe_event": severe,
        "serious_event": serious,
        "mostly_missed": mostly_missed,
    }
    return tuple(each.id for each in surveillance.watched if holds.get(each.counts, each.term in terms))
