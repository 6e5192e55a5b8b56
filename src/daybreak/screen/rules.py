"""Which decision may be taken on a verdict, and how facts come from what is recorded. Facts in, answer and
reason out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

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
    said = asdict(answer)
    return {
        **said,
        "truth": answer.truth.value,
        "used": [{**asdict(u), "value": _plain(u.value), "at": u.at and u.at.isoformat()} for u in answer.used],
        "missing": [asdict(missing) for missing in answer.missing],
    }


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
