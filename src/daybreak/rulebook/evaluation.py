"""Whether a patient may be treated: criteria against facts, three-valued, with the reason for every answer.

A missing, stale, impossible or unreadable fact is unknown. An unknown never lets a dose start.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from daybreak.kernel.truth import Truth, all_of, any_of, not_of, truth_of
from daybreak.rulebook.course import Report
from daybreak.rulebook.facts import Fact, FactDefinition, FactValue, trouble_with
from daybreak.rulebook.gate import SESSIONS, Criterion, Gate
from daybreak.rulebook.gate_tests import TESTS, age_allowed, day_of_course, words_of_age
from daybreak.rulebook.protocol import Protocol, Stage


class Decision(StrEnum):
    """What follows from a set of criteria. Only ALLOW lets a dose start."""

    ALLOW = "allow"
    REVIEW = "review"
    ASK = "ask"
    POSTPONE = "postpone"
    REFUSE = "refuse"
    STOP = "stop"


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
    """The answer to one gate: a leaf of the tree that explains a verdict."""

    truth: Truth
    reason: str
    used: UsedFact | None
    missing: Missing | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one criterion.

    Why, from which facts, by whose authority, and what follows where it is not met. `parts` are its gates, joined by
    `group`: one, all, any or none.
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
    group: str = "one"
    parts: tuple[Part, ...] = ()

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

    The gravest answer wins: stop, refuse, postpone, ask, review, allow. This function will return a Verdict
    and never raise for a missing or unusable fact; that is an unknown.
    """
    definitions = protocol.facts_by_name
    answers = tuple(answer_to(criterion, definitions, facts, at=at) for criterion in protocol.criteria(stage))
    decision = max((decision_of(answer) for answer in answers), key=_WEIGHT.__getitem__, default=Decision.ASK)
    return Verdict(decision, answers, stage, protocol.id, protocol.version, protocol.fingerprint)


def decision_of(answer: Answer) -> Decision:
    """Return what one answer asks for by itself."""
    return decision_for(answer.truth, answer.otherwise)


def decision_for(truth: Truth, otherwise: str) -> Decision:
    """Return what a truth asks for, where not met means `otherwise`."""
    if truth is Truth.UNKNOWN:
        return Decision.ASK
    return Decision.ALLOW if truth is Truth.MET or otherwise == "inform" else Decision(otherwise)


def answer_to(
    criterion: Criterion, definitions: Mapping[str, FactDefinition], facts: Mapping[str, Fact], *, at: datetime
) -> Answer:
    """Answer one criterion from `facts` as they stand at the moment `at`."""
    parts = _parts(criterion, definitions, facts, at)
    truth = JOINS[criterion.group]([part.truth for part in parts])
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
        group=criterion.group,
        parts=tuple(parts),
    )


def _parts(
    criterion: Criterion, definitions: Mapping[str, FactDefinition], facts: Mapping[str, Fact], at: datetime
) -> list[Part]:
    """Return one part for each gate; one alone where the day of the course decides that none is asked."""
    if criterion.period is not None:
        today = standing_in(criterion.period, definitions[SESSIONS], facts.get(SESSIONS), at)
        if today is not None:
            inside_out = today.truth is Truth.MET and criterion.group == "none"
            return [replace(today, truth=Truth.NOT_MET) if inside_out else today for _ in criterion.gates]
    return [part_of(gate, definitions[gate.ask], facts.get(gate.ask), at) for gate in criterion.gates]


def standing_in(
    period: tuple[int, int | None], definition: FactDefinition, sessions: Fact | None, at: datetime
) -> Part | None:
    """Return MET outside a period of the course, UNKNOWN where nobody knows the day, None where the gates decide."""
    trouble = _trouble_with_fact(definition, sessions, at)
    if trouble or sessions is None:
        return _unknown(definition, sessions, trouble or "")
    reason = _outside(period, day_of_course(sessions, at))
    return Part(Truth.MET, reason, _used(definition, sessions), None) if reason else None


def _outside(period: tuple[int, int | None], today: int) -> str:
    first, last = period
    if today < first:
        return f"It applies from day {first} of the course; this is day {today}."
    return f"It applied until day {last} of the course; this is day {today}." if last and today > last else ""


JOINS: dict[str, Callable[[Sequence[Truth]], Truth]] = {
    "one": all_of,
    "all": all_of,
    "any": any_of,
    "none": lambda truths: not_of(any_of(truths)),
}


def _tells(group: str, part: Truth, whole: Truth) -> bool:
    return not_of(part) is whole if group == "none" else part is whole


def is_owed(protocol: Protocol, report: Report, facts: Mapping[str, Fact], *, at: datetime) -> Truth:
    """Return whether a session owes a report: by its gate, and always where it has none. An unknown is no “no”."""
    if report.gate is None:
        return Truth.MET
    return part_of(report.gate, protocol.facts_by_name[report.gate.ask], facts.get(report.gate.ask), at).truth


def part_of(gate: Gate, definition: FactDefinition, fact: Fact | None, at: datetime) -> Part:
    """Answer one gate from its fact."""
    trouble = _trouble_with_fact(definition, fact, at) or _trouble_with_gate(gate, fact, at)
    if trouble or fact is None:
        return _unknown(definition, fact, trouble or "")
    passed, reason = TESTS[gate.test](gate, fact, at)
    return Part(truth_of(passed), reason, _used(definition, fact), None)


def _unknown(definition: FactDefinition, fact: Fact | None, trouble: str) -> Part:
    missing = Missing(definition.id, definition.question, definition.supplied_by, trouble)
    return Part(Truth.UNKNOWN, trouble, _used(definition, fact) if fact else None, missing)


def _trouble_with_fact(definition: FactDefinition, fact: Fact | None, at: datetime) -> str | None:
    """Why the fact cannot be used now, or None."""
    if fact is None:
        return "Not known yet."
    late = fact.at is not None and fact.at > at
    return trouble_with(definition, fact) or ("The fact is dated in the future." if late else None)


def _trouble_with_gate(gate: Gate, fact: Fact | None, at: datetime) -> str | None:
    if gate.blanks:
        return f"The definition leaves “{gate.blanks[0]}” blank: nobody can answer this yet."
    return None if fact is None else _trouble_with_age(gate, fact, at)


def _trouble_with_age(gate: Gate, fact: Fact, at: datetime) -> str | None:
    if not (gate.within_days or gate.within_minutes):
        return None
    if fact.at is None:
        return "It is not known when this was true."
    if gate.test != "within" and at - fact.at > age_allowed(gate):
        return f"The last value is older than {words_of_age(gate)}: ask or measure again."
    return None


def _used(definition: FactDefinition, fact: Fact) -> UsedFact:
    return UsedFact(definition.id, definition.question, fact.value, fact.unit, fact.at, fact.source)
