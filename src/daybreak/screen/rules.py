"""Which decision may be taken on a verdict, and how facts come from what is recorded. Facts in, answer and
reason out.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from daybreak.kernel.refusal import Refusal
from daybreak.kernel.truth import Truth
from daybreak.rulebook.public import Answer, Fact, Verdict


class MayNotAccept(Refusal):
    """Acceptance is refused; the sentence names what stands against it."""


class OverrideRefused(Refusal):
    """An override that names nothing, gives no reason, or touches what nobody may set aside."""


@dataclass(frozen=True, slots=True)
class Override:
    """What a clinician sets aside, criterion by criterion, and why."""

    criteria: tuple[str, ...]
    reason: str


def standing_against(verdict: Verdict) -> tuple[Answer, ...]:
    """Return the answers that each keep a dose from starting: every unknown, and every unmet gate that does
    not only inform.
    """
    return tuple(answer for answer in verdict.criteria if answer.blocks)


def demand_acceptable(verdict: Verdict, override: Override | None) -> tuple[Answer, ...]:
    """Return the answers that `override` sets aside so that the patient may be accepted; raise MayNotAccept
    or OverrideRefused.

    An unmet or unknown criterion that is not named refuses acceptance. What nobody may override stays,
    whatever the reason.
    """
    against = {answer.id: answer for answer in standing_against(verdict)}
    if override is not None:
        _demand_sound(override, against)
    named = set(override.criteria) if override else set()
    left = [answer for name, answer in against.items() if name not in named]
    if left:
        raise MayNotAccept("This patient cannot be accepted yet. " + " ".join(_sentence(answer) for answer in left))
    return tuple(against[name] for name in against if name in named)


def needs_second(set_aside: Iterable[Answer]) -> bool:
    """Return whether the protocol asks for a second clinician's signature on an override of these answers."""
    return any(answer.override == "two_clinicians" for answer in set_aside)


# An acceptance stays while a criterion only asks to wait: a score ages between two sessions, and is asked again.
_OVERTAKES = frozenset({"review", "refuse", "stop"})


class Frozen(Protocol):
    """A decision as it was frozen: the answers of that moment, and the criteria that were set aside."""

    @property
    def answers(self) -> Sequence[Mapping[str, object]]:
        """The answers of that moment."""

    @property
    def overridden(self) -> Collection[str]:
        """The ids of the criteria that were set aside."""


def turned_against(verdict: Verdict, accepted: Frozen) -> tuple[Answer, ...]:
    """Return the answers that an acceptance no longer covers: not met now, and neither not met then nor set aside.

    What only asks to wait, and what only became unknown, is left to the gate before each dose.
    """
    then = {str(answer["id"]) for answer in accepted.answers if answer["truth"] == Truth.NOT_MET}
    covered = then | set(accepted.overridden)
    return tuple(
        answer
        for answer in verdict.criteria
        if answer.truth is Truth.NOT_MET and answer.otherwise in _OVERTAKES and answer.id not in covered
    )


def _demand_sound(override: Override, against: Mapping[str, Answer]) -> None:
    if not override.criteria:
        raise OverrideRefused("Name what the override sets aside: tick each criterion.")
    if not override.reason.strip():
        raise OverrideRefused("An override needs a reason, in words that another clinician would understand.")
    for name in override.criteria:
        if name not in against:
            raise OverrideRefused(f"“{name}” does not stand against acceptance, so there is nothing to override.")
        if against[name].override == "nobody":
            raise OverrideRefused(f"Nobody can override this: {against[name].question}")


def _sentence(answer: Answer) -> str:
    word = "Not known" if answer.truth is Truth.UNKNOWN else "Not met"
    return f"{word}: {answer.question}"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What cannot be right, and beside which field to say it."""

    field: str
    sentence: str


UNBORN = "The patient was not born yet on this day: check the date."
LONGEST_WEEKS = 100 * 52
SLACK_WEEKS = 1


def trouble_with_days(
    started_on: date | None, ended_on: date | None, *, today: date, unborn: Callable[[date], bool]
) -> Trouble | None:
    """Return why a treatment cannot have started and ended on these days, or None; `unborn` says of a day whether the
    patient was not born yet.
    """
    for field, day in (("started_on", started_on), ("ended_on", ended_on)):
        if day and day > today:
            return Trouble(field, "This day lies in the future: check it.")
        if day and unborn(day):
            return Trouble(field, UNBORN)
    if started_on and ended_on and ended_on < started_on:
        return Trouble("ended_on", "The treatment ends before it starts: check the two days.")
    return None


def trouble_with_weeks(weeks: Decimal, span: Decimal | None) -> str | None:
    """Return why a treatment cannot have lasted so many weeks, where its two days are `span` weeks apart, or None."""
    if not (weeks.is_finite() and 0 < weeks <= LONGEST_WEEKS):
        return "The number of weeks cannot be right: check it."
    if span is not None and weeks > span + SLACK_WEEKS:
        return f"{weeks.normalize():f} weeks do not fit between the two days, which are {round(span)} weeks apart."
    return None


SMALLEST_DOSE_MG, LARGEST_DOSE_MG = Decimal(1), Decimal(10_000)


def trouble_with_dose(dose_mg: Decimal, *, listed: bool) -> str | None:
    """Return why a daily dose cannot be right, or None. The bounds are no clinical limits: no antidepressant of the
    list (`listed`) is taken in doses beyond them, so outside them the unit was mistaken by a thousand.
    """
    if not (dose_mg.is_finite() and dose_mg > 0):
        return "This daily dose cannot be right: check the number and its unit."
    if listed and dose_mg < SMALLEST_DOSE_MG:
        return f"{_plain(dose_mg)} mg a day cannot be right: check the unit. {_plain(dose_mg * 1000)} mg may be meant."
    if dose_mg > LARGEST_DOSE_MG:
        return f"{_plain(dose_mg)} mg a day cannot be right: check the unit. {_plain(dose_mg / 1000)} mg may be meant."
    return None


def least_age(birth_year: int | None, at: datetime) -> int | None:
    """Return the age that someone born in `birth_year` has certainly reached, where no birth date is known."""
    return None if birth_year is None else at.year - birth_year - 1


def word_for_trial(adequate: bool | None, outcome: str) -> str:
    """Return the vocabulary's word for how a treatment went: only an adequate one whose outcome is known
    counts as failed or helpful.
    """
    if adequate is False:
        return "inadequate"
    if adequate is None:
        return "unsure"
    failed, helped = {"no response", "partial response"}, {"response"}
    return "adequate_failed" if outcome in failed else "adequate_helped" if outcome in helped else "unsure"


def fact_to_json(fact: Fact) -> dict[str, object]:
    """Return a fact as it is frozen with a decision."""
    return {
        "value": _plain(fact.value),
        "unit": fact.unit,
        "at": fact.at and fact.at.isoformat(),
        "source": fact.source,
    }


def answer_to_json(answer: Answer) -> dict[str, object]:
    """Return an answer with its reason, facts and source as it is frozen with a decision."""
    return {name: _plain(value) for name, value in asdict(answer).items()}


def _plain(value: object) -> object:
    """Return a value as JSON can hold it, and as it can be read again: no number loses a digit."""
    match value:
        case Decimal():
            return format(value.normalize(), "f")
        case date():
            return value.isoformat()
        case tuple() | list():
            return [_plain(each) for each in value]
        case dict():
            return {str(name): _plain(each) for name, each in value.items()}
        case StrEnum():
            return value.value
    return value
