"""The decision of a stage for many patients at once: the same answer as `evaluate`, without its reasons."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from daybreak.kernel.truth import Truth
from daybreak.rulebook.evaluation import JOINS, Decision, decision_for, part_of, standing_in
from daybreak.rulebook.facts import Fact, FactDefinition
from daybreak.rulebook.gate import NUMERIC_TESTS, SESSIONS, Criterion, Gate
from daybreak.rulebook.gate_tests import age_allowed
from daybreak.rulebook.protocol import Protocol, Stage

_ENDLESS = Decimal("Infinity")
Facts = Mapping[str, Fact]
_Ask = Callable[[Facts], Truth]
_WEIGHT = {decision: weight for weight, decision in enumerate(Decision)}
_MET, _NOT_MET, _UNKNOWN = Truth.MET, Truth.NOT_MET, Truth.UNKNOWN


def decide_all(protocol: Protocol, stage: Stage, patients: Iterable[Facts], *, at: datetime) -> list[Decision]:
    """Return what `evaluate` decides for each of `patients`, in their order.

    The criteria are made ready once; a common answer (a number in its own unit, a yes, a word) is compared at once,
    and whatever is out of the ordinary goes the long way of `evaluate`.
    """
    rules = [
        (_ready(criterion, protocol.facts_by_name, at), _weights(criterion)) for criterion in protocol.criteria(stage)
    ]
    decisions = list(Decision)
    if not rules:
        return [Decision.ASK for _ in patients]
    return [decisions[max([weights[ask(facts)] for ask, weights in rules])] for facts in patients]


def _weights(criterion: Criterion) -> dict[Truth, int]:
    return {truth: _WEIGHT[decision_for(truth, criterion.otherwise)] for truth in Truth}


def _ready(criterion: Criterion, definitions: Mapping[str, FactDefinition], at: datetime) -> _Ask:
    ways = [_short_way(gate, definitions[gate.ask], at) for gate in criterion.gates]
    ask = ways[0] if criterion.group == "one" else _joined(criterion.group, ways)
    period = criterion.period
    if period is None:
        return ask
    sessions = definitions[SESSIONS]

    def today(fact: Fact | None) -> Truth | None:
        part = standing_in(period, sessions, fact, at)
        return None if part is None else part.truth

    known = _remembered(today)

    def in_period(facts: Facts) -> Truth:
        return known(facts.get(SESSIONS)) or ask(facts)

    return in_period


def _remembered(answer: Callable[[Fact | None], Truth | None]) -> Callable[[Fact | None], Truth | None]:
    """Return `answer` with what it said before about the same fact: lists of sessions are slow to read."""
    said: dict[tuple[object, str, datetime | None], Truth | None] = {}

    def ask(fact: Fact | None) -> Truth | None:
        if fact is None or not isinstance(fact.value, tuple):
            return answer(fact)
        key = (fact.value, fact.unit, fact.at)
        if key not in said:
            said[key] = answer(fact)
        return said[key]

    return ask


def _joined(group: str, ways: list[_Ask]) -> _Ask:
    join = JOINS[group]
    return lambda facts: join([way(facts) for way in ways])


def _short_way(gate: Gate, definition: FactDefinition, at: datetime) -> _Ask:
    """Return the quick comparison for one gate; it hands over what it is not sure of."""
    name, passes = gate.ask, None if gate.blanks else _passes(gate, definition)
    long_way = _remembered(lambda fact: part_of(gate, definition, fact, at).truth)
    oldest = at - age_allowed(gate) if gate.within_days or gate.within_minutes else None
    too_old = _NOT_MET if gate.test == "within" else _UNKNOWN

    def ask(facts: Facts) -> Truth:
        fact = facts.get(name)
        if fact is None:
            return _UNKNOWN
        passed = None if passes is None else passes(fact)
        if passed is None:
            return long_way(fact) or _UNKNOWN
        moment = fact.at
        if moment is None:
            return _UNKNOWN if oldest is not None else _MET if passed else _NOT_MET
        if moment > at:
            return _UNKNOWN
        if oldest is not None and moment < oldest:
            return too_old
        return _MET if passed else _NOT_MET

    return ask


def _passes(gate: Gate, definition: FactDefinition) -> Callable[[Fact], bool | None] | None:
    """Return a test of a plain value, None where it is not plain; None where the gate has no quick test."""
    if gate.test in ("is_", "one_of"):
        return _word_passes(gate, definition)
    if gate.test in NUMERIC_TESTS and definition.unit == gate.unit:
        return _number_passes(gate, definition)
    if gate.test == "within" and definition.kind == "number":
        return _number_passes(gate.model_copy(update={"unit": definition.unit}), definition)
    if gate.test in ("consented_to", "certified_in"):
        wanted = gate.consented_to or gate.certified_in
        return lambda fact: wanted in fact.value if isinstance(fact.value, tuple) else None
    return _count_passes(gate) if gate.test == "count_of" else None


def _count_passes(gate: Gate) -> Callable[[Fact], bool | None]:
    word, (low, high) = gate.count_of or "", _ends(gate.at_least, gate.at_most)
    return lambda fact: low <= fact.value.count(word) <= high if isinstance(fact.value, tuple) else None


def _word_passes(gate: Gate, definition: FactDefinition) -> Callable[[Fact], bool | None] | None:
    accepted: tuple[object, ...] = (gate.is_,) if gate.test == "is_" else gate.one_of or ()
    if definition.kind == "yes_no":
        wanted = gate.is_
        return lambda fact: fact.value is wanted if isinstance(fact.value, bool) else None
    if definition.kind != "choice":
        return None
    answers = {choice: choice in accepted for choice in definition.choices}
    return lambda fact: answers.get(fact.value) if isinstance(fact.value, str) else None


def _number_passes(gate: Gate, definition: FactDefinition) -> Callable[[Fact], bool | None]:
    unit, below = gate.unit, gate.below if gate.below is not None else _ENDLESS
    low, high = gate.between or (gate.at_least, gate.at_most)
    lowest, highest = _ends(definition.lowest, definition.highest)
    from_, to = _ends(low, high)

    def passes(fact: Fact) -> bool | None:
        value = fact.value
        if not isinstance(value, Decimal) or not value.is_finite() or fact.unit != unit:
            return None
        return from_ <= value <= to and value < below if lowest <= value <= highest else None

    return passes


def _ends(low: Decimal | None, high: Decimal | None) -> tuple[Decimal, Decimal]:
    return -_ENDLESS if low is None else low, _ENDLESS if high is None else high
