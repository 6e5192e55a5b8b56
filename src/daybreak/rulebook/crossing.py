"""Checks that need more than one table.

References, units, facts, instruments, consents, the numbers of duties.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from daybreak.kernel.refusal import Refusal
from daybreak.kernel.units import known_units
from daybreak.rulebook.facts import FactDefinition
from daybreak.rulebook.faults import Fault, did_you_mean
from daybreak.rulebook.form import Definition, Form
from daybreak.rulebook.instrument import Instrument
from daybreak.rulebook.lines import Path
from daybreak.rulebook.measure import Measure
from daybreak.rulebook.protocol import NUMERIC_TESTS, Criterion, Gate, Limit, Protocol, Sign
from daybreak.rulebook.reading import Source

Find = Callable[[str, str, int | None], Definition | None]
Names = Callable[[str], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Shelf:
    """What else there is: `find(kind, id, version)` gives one or None; `names(kind)` the ids of a kind."""

    find: Find
    names: Names


class NoVocabulary(Refusal):
    """A vocabulary that the library does not hold."""


def crossed(source: Source, shelf: Shelf) -> list[Fault]:
    """Return the faults of `source` against itself and the rest of the library."""
    faults = [*_references(source), *_twice(source), *_units(source)]
    if isinstance(source.definition, Protocol):
        faults += _protocol(source, source.definition, shelf)
    if isinstance(source.definition, Measure):
        faults += _measure(source, source.definition, shelf)
    return faults


def walk(form: Form, path: Path = ()) -> Iterator[tuple[Path, Form]]:
    """Yield every table of a definition with its path in the file."""
    yield path, form
    for name, field in type(form).model_fields.items():
        value = getattr(form, name)
        key = field.alias or name
        if isinstance(value, Form):
            yield from walk(value, (*path, key))
        elif isinstance(value, tuple):
            for index, each in enumerate(value):
                if isinstance(each, Form):
                    yield from walk(each, (*path, key, index))


def vocabulary_facts(protocol: Protocol, find: Find) -> tuple[FactDefinition, ...]:
    """Return the facts a protocol may ask: its own, then those of its vocabulary (“id/version”)."""
    name, _, version = protocol.vocabulary.partition("/")
    vocabulary = find("facts", name, int(version)) if version.isdigit() else None
    if vocabulary is None:
        raise NoVocabulary(f"there is no vocabulary “{protocol.vocabulary}”: write id/version")
    own = {fact.id for fact in protocol.facts}
    shared: tuple[FactDefinition, ...] = getattr(vocabulary, "facts", ())
    return (*protocol.facts, *(fact for fact in shared if fact.id not in own))


def _references(source: Source) -> Iterator[Fault]:
    known = {reference.id: reference for reference in source.definition.provenance.references}
    for path, form in walk(source.definition):
        reference = getattr(form, "reference", None)
        if reference is None:
            continue
        if reference not in known:
            message = f"reference “{reference}” is not in provenance.references{did_you_mean(reference, known)}"
            yield source.fault((*path, "reference"), message)
        elif not known[reference].numbers and _carries_number(form):
            message = f"“{known[reference].title}” names duties only: a number needs another source"
            yield source.fault((*path, "reference"), message)


def _carries_number(form: Form) -> bool:
    if isinstance(form, Criterion):
        return any(
            getattr(gate, test) is not None
            for gate in form.gates
            for test in (*NUMERIC_TESTS, "within_days", "within_minutes")
        )
    return "text" not in type(form).model_fields


def _twice(source: Source) -> Iterator[Fault]:
    seen: Counter[tuple[str, str]] = Counter()
    for path, form in walk(source.definition):
        name = getattr(form, "id", None) or getattr(form, "name", None)
        if not path or not isinstance(name, str) or not isinstance(path[-1], int):
            continue
        place = (str(path[:-1]), name)
        seen[place] += 1
        if seen[place] == 2:
            yield source.fault((*path, "id"), f"“{name}” stands twice")


def _units(source: Source) -> Iterator[Fault]:
    for path, form in walk(source.definition):
        unit = getattr(form, "unit", "")
        if unit and unit != "mg/kg" and unit not in known_units():
            yield source.fault((*path, "unit"), f"unit “{unit}” is not known{did_you_mean(unit, known_units())}")


def _protocol(source: Source, protocol: Protocol, shelf: Shelf) -> Iterator[Fault]:
    try:
        facts = {fact.id: fact for fact in vocabulary_facts(protocol, shelf.find)}
    except NoVocabulary as refusal:
        yield source.fault(("vocabulary",), str(refusal))
        return
    for path, form in walk(protocol):
        if isinstance(form, Gate):
            yield from _gate(source, path, form, facts, shelf)
        if isinstance(form, Sign | Limit):
            yield from _asked(source, (*path, "sign"), form.sign, form.unit, facts)
    if "weight" not in facts:
        yield source.fault(("vocabulary",), "the dose needs the fact “weight”")
    for index, rule in enumerate(protocol.follow_up):
        if shelf.find("instruments", rule.instrument, None) is None:
            near = did_you_mean(rule.instrument, shelf.names("instruments"))
            message = f"there is no active instrument “{rule.instrument}”{near}"
            yield source.fault(("follow_up", index, "instrument"), message)


def _gate(source: Source, path: Path, gate: Gate, facts: Mapping[str, FactDefinition], shelf: Shelf) -> Iterator[Fault]:
    yield from _asked(source, (*path, "ask"), gate.ask, gate.unit, facts)
    if gate.consented_to and shelf.find("consents", gate.consented_to, None) is None:
        near = did_you_mean(gate.consented_to, shelf.names("consents"))
        message = f"there is no active consent “{gate.consented_to}”{near}"
        yield source.fault((*path, "consented_to"), message)
    fact = facts.get(gate.ask)
    if fact is None:
        return
    if gate.test in _KINDS and fact.kind not in _KINDS[gate.test]:
        yield source.fault(path, f"“{gate.ask}” is a {fact.kind}: {gate.test.rstrip('_')} does not fit")
    for word in (gate.is_,) if isinstance(gate.is_, str) else gate.one_of or ():
        if fact.kind == "choice" and word not in fact.choices:
            message = f"“{word}” can never be the answer to “{gate.ask}”{did_you_mean(word, fact.choices)}"
            yield source.fault((*path, "is" if gate.is_ is not None else "one_of"), message)


_KINDS = {
    **dict.fromkeys(NUMERIC_TESTS, ("number",)),
    "is_": ("yes_no", "choice"),
    "one_of": ("choice",),
    "count_of": ("words",),
    "consented_to": ("words",),
    "certified_in": ("words",),
}


def _asked(source: Source, path: Path, name: str, unit: str, facts: Mapping[str, FactDefinition]) -> Iterator[Fault]:
    if name not in facts:
        yield source.fault(path, f"nobody knows the fact “{name}”{did_you_mean(name, facts)}")
    elif unit in known_units() and unit != facts[name].unit:
        message = f"“{name}” is kept in {facts[name].unit or 'no unit'}, not in {unit}"
        yield source.fault((*path[:-1], "unit"), message)


def _measure(source: Source, measure: Measure, shelf: Shelf) -> Iterator[Fault]:
    instrument = shelf.find("instruments", measure.instrument, None)
    if not isinstance(instrument, Instrument):
        near = did_you_mean(measure.instrument, shelf.names("instruments"))
        yield source.fault(("instrument",), f"there is no active instrument “{measure.instrument}”{near}")
        return
    scores = [score.id for score in instrument.scores]
    if measure.score not in scores:
        yield source.fault(
            ("score",),
            f"{instrument.title} has no score “{measure.score}”{did_you_mean(measure.score, scores)}",
        )
