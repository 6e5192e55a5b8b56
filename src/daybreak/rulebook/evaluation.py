"""Whether a patient may be treated: criteria against facts, three-valued, with the reason for every answer.

A missing, stale, impossible or unreadable fact is unknown. An unknown never lets a dose start.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from daybreak.kernel.refusal import Refusal
from daybreak.kernel.truth import Truth, all_of, any_of, not_of, truth_of
from daybreak.rulebook.facts import Fact, FactDefinition, FactValue, number_in, trouble_with
from daybreak.rulebook.protocol import Criterion, Gate, Protocol, Stage


class Decision(StrEnum):
    """What follows from a set of criteria. Only ALLOW lets a dose start."""

    ALLOW = "allow"
    REVIEW = "review"
    ASK = "ask"
    POSTPONE = "postpone"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class UsedFact:
    """A fact that an answer rests on, with the words of its question."""

    name: str
    question: str
    value: FactValue
    unit: str
    at: datetime | None
    source: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that is absent, too old or unusable, and who can supply it."""

    name: str
    question: str
    who_can_supply: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Part:
    """The answer to one gate."""

    truth: Truth
    reason: str
    used: UsedFact | None
    missing: Missing | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one criterion.

    Why, from which facts, by whose authority, and what follows where it is not met.
    """

    id: str
    question: str
    truth: Truth
    reason: str
    used: tuple[UsedFact, ...]
    missing: tuple[Missing, ...]
    source: str
    reference: str
    verified: bool
    note: str
    otherwise: str
    override: str
    advice: str

    @property
    def blocks(self) -> bool:
        """Whether this answer alone keeps a dose from starting."""
        return self.truth is Truth.UNKNOWN or (self.truth is Truth.NOT_MET and self.otherwise != "inform")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict of a stage with every answer behind it, and the definition that gave it."""

    decision: Decision
    criteria: tuple[Answer, ...]
    stage: str
    protocol: str
    version: int
    fingerprint: str

    @property
    def decisive(self) -> tuple[Answer, ...]:
        """The answers that gave the verdict, in the file's order; empty where all is well."""
        return tuple(answer for answer in self.criteria if decision_of(answer) is self.decision is not Decision.ALLOW)

    @property
    def unknown(self) -> tuple[Answer, ...]:
        """The criteria that wait for a fact."""
        return tuple(answer for answer in self.criteria if answer.truth is Truth.UNKNOWN)

    @property
    def notices(self) -> tuple[Answer, ...]:
        """The criteria that are not met but only inform."""
        return tuple(a for a in self.criteria if a.truth is Truth.NOT_MET and a.otherwise == "inform")


_WEIGHT = {decision: weight for weight, decision in enumerate(Decision)}


def evaluate(protocol: Protocol, stage: Stage, facts: Mapping[str, Fact], *, at: datetime) -> Verdict:
    """Decide `stage` of `protocol` from `facts` (name to Fact) as they stand at the aware moment `at`.

    The gravest answer wins: refuse, postpone, ask, review, allow. This function will return a Verdict
    and never raise for a missing or unusable fact; that is an unknown.
    """
    definitions = protocol.facts_by_name
    answers = tuple(_answer(criterion, definitions, facts, at) for criterion in protocol.criteria(stage))
    decision = max((decision_of(answer) for answer in answers), key=_WEIGHT.__getitem__, default=Decision.ASK)
    return Verdict(decision, answers, stage, protocol.id, protocol.version, protocol.fingerprint)


def decision_of(answer: Answer) -> Decision:
    """Return what one answer asks for by itself."""
    if answer.truth is Truth.UNKNOWN:
        return Decision.ASK
    if answer.truth is Truth.MET or answer.otherwise == "inform":
        return Decision.ALLOW
    return Decision(answer.otherwise)


def _answer(
    criterion: Criterion, definitions: Mapping[str, FactDefinition], facts: Mapping[str, Fact], at: datetime
) -> Answer:
    parts = [_part(gate, definitions[gate.ask], facts.get(gate.ask), at) for gate in criterion.gates]
    truth = _JOINS[criterion.group]([part.truth for part in parts])
    telling = [part for part in parts if criterion.group == "one" or _tells(criterion.group, part.truth, truth)]
    return Answer(
        id=criterion.id,
        question=criterion.question,
        truth=truth,
        reason=" ".join(part.reason for part in telling or parts),
        used=tuple(part.used for part in parts if part.used),
        missing=tuple(part.missing for part in parts if part.missing) if truth is Truth.UNKNOWN else (),
        source=criterion.source,
        reference=criterion.reference,
        verified=criterion.verified,
        note=criterion.note,
        otherwise=criterion.otherwise,
        override=criterion.override,
        advice=criterion.advice,
    )


_JOINS: dict[str, Callable[[Sequence[Truth]], Truth]] = {
    "one": all_of,
    "all": all_of,
    "any": any_of,
    "none": lambda truths: not_of(any_of(truths)),
}


def _tells(group: str, part: Truth, whole: Truth) -> bool:
    return not_of(part) is whole if group == "none" else part is whole


def _part(gate: Gate, definition: FactDefinition, fact: Fact | None, at: datetime) -> Part:
    trouble = _trouble(gate, definition, fact, at)
    if trouble or fact is None:
        missing = Missing(definition.id, definition.question, definition.supplied_by, trouble or "")
        return Part(Truth.UNKNOWN, trouble or "", _used(definition, fact) if fact else None, missing)
    passed, reason = _TESTS[gate.test](gate, fact, at)
    return Part(truth_of(passed), reason, _used(definition, fact), None)


def _trouble(gate: Gate, definition: FactDefinition, fact: Fact | None, at: datetime) -> str | None:
    """Why the fact cannot be used now, or None."""
    if fact is None:
        return "Not known yet."
    return trouble_with(definition, fact) or _trouble_with_age(gate, fact, at)


def _trouble_with_age(gate: Gate, fact: Fact, at: datetime) -> str | None:
    if fact.at is not None and fact.at > at:
        return "The fact is dated in the future."
    if not (gate.within_days or gate.within_minutes):
        return None
    if fact.at is None:
        return "It is not known when this was true."
    if gate.test != "within" and at - fact.at > _age_allowed(gate):
        return f"The last value is older than {_words_of_age(gate)}: ask or measure again."
    return None


def _age_allowed(gate: Gate) -> timedelta:
    return timedelta(days=gate.within_days or 0, minutes=gate.within_minutes or 0)


def _words_of_age(gate: Gate) -> str:
    return f"{gate.within_days} days" if gate.within_days else f"{gate.within_minutes} minutes"


def _used(definition: FactDefinition, fact: Fact) -> UsedFact:
    return UsedFact(definition.id, definition.question, fact.value, fact.unit, fact.at, fact.source)


def words_of(value: FactValue) -> str:
    """Return a value as a reader says it: yes, no, a number without idle zeros, words joined by commas."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, tuple):
        return ", ".join(map(words_of, value)) or "none"
    return value.isoformat() if isinstance(value, date) else str(value).replace("_", " ")


_SPOKEN = {
    "a": "years",
    "mm[Hg]": "mmHg",
    "{score}": "points",
    "/min": "per minute",
    "min": "minutes",
    "Cel": "°C",
    "kg/m2": "kg/m²",
}


def _number_test(passes: Callable[[Gate, Decimal], bool], words: Callable[[Gate], str]) -> "_Test":
    def test(gate: Gate, fact: Fact, at: datetime) -> tuple[bool, str]:
        value = number_in(fact, gate.unit)
        passed = passes(gate, value)
        unit = _SPOKEN.get(gate.unit, gate.unit)
        return passed, f"{words_of(value)} {unit} is {'' if passed else 'not '}{words(gate)}."

    return test


def _is(gate: Gate, fact: Fact, at: datetime) -> tuple[bool, str]:
    wanted = gate.is_ if gate.is_ is not None else ""
    passed = type(fact.value) is type(wanted) and fact.value == wanted
    return passed, f"The answer is {words_of(fact.value)}" + ("." if passed else f"; {words_of(wanted)} is needed.")


def _one_of(gate: Gate, fact: Fact, at: datetime) -> tuple[bool, str]:
    passed = fact.value in (gate.one_of or ())
    wanted = words_of(gate.one_of or ())
    return passed, f"The answer is {words_of(fact.value)}" + ("." if passed else f"; one of these is needed: {wanted}.")


def _count_of(gate: Gate, fact: Fact, at: datetime) -> tuple[bool, str]:
    count = _words(fact).count(gate.count_of or "")
    if gate.at_least is not None:
        return count >= gate.at_least, f"{count} counted; at least {words_of(gate.at_least)} needed."
    at_most = gate.at_most if gate.at_most is not None else Decimal(0)
    return count <= at_most, f"{count} counted; at most {words_of(at_most)} allowed."


def _consented(gate: Gate, fact: Fact, at: datetime) -> tuple[bool, str]:
    passed = gate.consented_to in _words(fact)
    return passed, "A consent is in force." if passed else "No such consent is in force."


def _certified(gate: Gate, fact: Fact, at: datetime) -> tuple[bool, str]:
    passed = gate.certified_in in _words(fact)
    return passed, "The certificate is current." if passed else "No current certificate."


def _within(gate: Gate, fact: Fact, at: datetime) -> tuple[bool, str]:
    if fact.at is None:
        raise Undated("The fact has no moment.")
    passed = at - fact.at <= _age_allowed(gate)
    return passed, f"It is from {fact.at.date().isoformat()}; needed within {_words_of_age(gate)}."


class Undated(Refusal):
    """A fact without a moment where its age decides."""


def _words(fact: Fact) -> tuple[str, ...]:
    return fact.value if isinstance(fact.value, tuple) else (str(fact.value),)


def _limit(value: Decimal | None) -> Decimal:
    if value is None:
        raise Refusal("The gate carries no number.")
    return value


_Test = Callable[[Gate, Fact, datetime], tuple[bool, str]]

# The closed vocabulary: a definition may choose among these and nothing else.
_TESTS: dict[str, _Test] = {
    "below": _number_test(lambda g, v: v < _limit(g.below), lambda g: f"below {words_of(_limit(g.below))}"),
    "at_most": _number_test(lambda g, v: v <= _limit(g.at_most), lambda g: f"at most {words_of(_limit(g.at_most))}"),
    "at_least": _number_test(
        lambda g, v: v >= _limit(g.at_least), lambda g: f"at least {words_of(_limit(g.at_least))}"
    ),
    "between": _number_test(
        lambda g, v: g.between is not None and g.between[0] <= v <= g.between[1],
        lambda g: f"between {words_of(g.between[0])} and {words_of(g.between[1])}" if g.between else "",
    ),
    "is_": _is,
    "one_of": _one_of,
    "count_of": _count_of,
    "consented_to": _consented,
    "certified_in": _certified,
    "within": _within,
}
