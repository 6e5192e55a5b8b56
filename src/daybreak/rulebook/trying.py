"""A protocol tried on a table of cases: what it would decide for each, and what another version decides otherwise."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from daybreak.kernel.refusal import Refusal
from daybreak.rulebook.deciding import decide_all
from daybreak.rulebook.evaluation import Decision
from daybreak.rulebook.facts import Fact, FactDefinition, FactValue, trouble_with
from daybreak.rulebook.faults import did_you_mean
from daybreak.rulebook.protocol import Protocol, Stage

LABEL = "case"
_YES_NO = {"yes": True, "true": True, "no": False, "false": False}
_NONE_OF_THEM = "none"


class NotACase(Refusal):
    """A table of cases that cannot be read; the sentence names line and column."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What was decided for each case, in the order of the table, and by another version, if one was asked."""

    cases: tuple[str, ...]
    decisions: tuple[Decision, ...]
    before: tuple[Decision, ...] = ()

    @property
    def counts(self) -> dict[Decision, int]:
        """How many cases each decision has; the decisions that none has are there too."""
        found = Counter(self.decisions)
        return {decision: found[decision] for decision in Decision}

    @property
    def changed(self) -> list[tuple[str, Decision, Decision]]:
        """Which cases the other version decides otherwise: its decision, then this one's."""
        both = zip(self.cases, self.before, self.decisions, strict=True) if self.before else ()
        return [(case, was, now) for case, was, now in both if was is not now]


def try_out(
    protocol: Protocol,
    stage: Stage,
    rows: Iterable[Mapping[str, str]],
    *,
    at: datetime,
    against: Protocol | None = None,
) -> Tried:
    """Decide every case of `rows`, whose columns are facts of `protocol` (an empty cell is unknown) and perhaps `case`.

    What a cell says is true at `at`. Raises NotACase.
    """
    read = list(rows)
    known = {**(against.facts_by_name if against else {}), **protocol.facts_by_name}
    cases = _facts_of(read, known, at)
    labels = tuple(row.get(LABEL) or str(number) for number, row in enumerate(read, start=1))
    before = tuple(decide_all(against, stage, cases, at=at)) if against else ()
    return Tried(labels, tuple(decide_all(protocol, stage, cases, at=at)), before)


def _facts_of(
    rows: Sequence[Mapping[str, str]], known: Mapping[str, FactDefinition], at: datetime
) -> list[dict[str, Fact]]:
    columns = [name for name in (rows[0] if rows else ()) if name != LABEL]
    for name in columns:
        if name not in known:
            raise NotACase(f"column “{name}”: the protocol asks no such fact{did_you_mean(name, known)}")
    cases = []
    for number, row in enumerate(rows, start=2):
        case = {}
        for name in columns:
            if said := (row.get(name) or "").strip():
                try:
                    case[name] = _fact(known[name], said, at)
                except NotACase as wrong:
                    raise NotACase(f"line {number}, column “{name}”: {wrong}") from None
        cases.append(case)
    return cases


def _fact(definition: FactDefinition, said: str, at: datetime) -> Fact:
    try:
        value = _READ[definition.kind](said)
    except (KeyError, ValueError, InvalidOperation):
        raise NotACase(f"“{said}” is not {_WANTED[definition.kind]}") from None
    fact = Fact(value, definition.unit, at)
    if trouble := trouble_with(definition, fact):
        raise NotACase(trouble)
    return fact


def _words(said: str) -> tuple[str, ...]:
    return () if said == _NONE_OF_THEM else tuple(word.strip() for word in said.split("|"))


_READ: dict[str, Callable[[str], FactValue]] = {
    "yes_no": lambda said: _YES_NO[said.lower()],
    "number": Decimal,
    "choice": str,
    "words": _words,
    "date": date.fromisoformat,
    "moments": _words,
}
_WANTED = {
    "yes_no": "yes or no",
    "number": "a number with a decimal point",
    "choice": "one of the choices",
    "words": "a list of words with | between them, or none",
    "date": "a day such as 2026-05-31",
    "moments": "a list of moments with | between them, or none",
}
