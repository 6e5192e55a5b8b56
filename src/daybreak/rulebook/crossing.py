"""Checks that need more than one table.

References, units, facts, instruments, consents, the numbers of duties.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from daybreak.kernel.refusal import Refusal
from daybreak.kernel.units import known_units
from daybreak.rulebook.activity import LearningActivity, QuizItem
from daybreak.rulebook.activity_text import text_wrongs
from daybreak.rulebook.bedside import Limit, Sign
from daybreak.rulebook.cohort import Cohort, OutcomeScore
from daybreak.rulebook.continuation import Continuation
from daybreak.rulebook.contradictions import contradictions
from daybreak.rulebook.course import TASK_SET, Phase, ReportField
from daybreak.rulebook.dosing import CoMedication, DoseRule
from daybreak.rulebook.facts import FactDefinition, Vocabulary
from daybreak.rulebook.faults import Fault, did_you_mean
from daybreak.rulebook.form import Blankable, Definition, Form, Sourced
from daybreak.rulebook.gate import NUMERIC_TESTS, SESSIONS, TIME_TESTS, Gate
from daybreak.rulebook.instrument import Instrument
from daybreak.rulebook.kinetics import Parameter
from daybreak.rulebook.lines import Path
from daybreak.rulebook.measure import Measure
from daybreak.rulebook.protocol import Protocol
from daybreak.rulebook.published_trial import Arm
from daybreak.rulebook.quality import Quality
from daybreak.rulebook.question import Question
from daybreak.rulebook.question_crossing import question_wrongs
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
    faults = [*_references(source), *_exceptions(source), *_twice(source), *_units(source), *_blanks(source)]
    if isinstance(source.definition, Protocol):
        faults += _protocol(source, source.definition, shelf)
    if isinstance(source.definition, Measure):
        faults += _score(source, (), source.definition, shelf)
    if isinstance(source.definition, Cohort):
        faults += _score(source, ("outcome",), source.definition.outcome, shelf)
    if isinstance(source.definition, Continuation):
        faults += _continuation(source, source.definition, shelf)
    if isinstance(source.definition, Question):
        faults += [source.fault(*wrong) for wrong in question_wrongs(source.definition, shelf.find, shelf.names)]
    if isinstance(source.definition, Quality):
        faults += _quality(source, source.definition, shelf)
    if isinstance(source.definition, LearningActivity):
        faults += _activity(source, source.definition, shelf)
    return faults


def _activity(source: Source, activity: LearningActivity, shelf: Shelf) -> Iterator[Fault]:
    objectives = {each.id for each in activity.objectives}
    sections = {each.id for each in activity.sections}
    asked = {item.objective for item in activity.items}
    for index, each in enumerate(activity.objectives):
        if each.id not in asked:
            yield source.fault(("objectives", index), f"no item asks for the objective “{each.id}”")
    named = [(("items", n, "objective"), item.objective, objectives) for n, item in enumerate(activity.items)]
    named += [(("items", n, "section"), item.section, sections) for n, item in enumerate(activity.items)]
    named += [
        (("sections", n, "objectives"), name, objectives)
        for n, section in enumerate(activity.sections)
        for name in section.objectives
    ]
    for path, name, known in named:
        if name not in known:
            yield source.fault(path, f"there is no “{name}” in this course{did_you_mean(name, known)}")
    folder = source.file.removesuffix(".toml")
    for section in activity.sections:
        for line, message in text_wrongs(activity, section.text, shelf.find):
            yield Fault(f"{folder}/{section.file}", line, message)


def _continuation(source: Source, continuation: Continuation, shelf: Shelf) -> Iterator[Fault]:
    named: list[tuple[Path, str, str]] = [
        (("checks", index, "instrument"), "instruments", each.instrument)
        for index, each in enumerate(continuation.checks)
        if each.instrument != TASK_SET
    ]
    named += [(("protocols",), "protocols", name) for name in continuation.protocols]
    for path, kind, name in named:
        if name not in set(shelf.names(kind)):
            yield source.fault(path, f"there is no “{name}” among the {kind}{_near(shelf, kind, name)}")
    vocabularies = [shelf.find("facts", name, None) for name in shelf.names("facts")]
    known = [fact.id for each in vocabularies if isinstance(each, Vocabulary) for fact in each.facts]
    for index, check in enumerate(continuation.laboratory):
        for name in check.tests:
            if name not in known:
                message = f"no vocabulary has the test “{name}”{did_you_mean(name, known)}"
                yield source.fault(("laboratory", index, "tests"), message)


def _quality(source: Source, quality: Quality, shelf: Shelf) -> Iterator[Fault]:
    for index, check in enumerate(quality.checks):
        if check.measure is None:
            continue
        measure = shelf.find("measures", check.measure, None)
        if not isinstance(measure, Measure):
            near = _near(shelf, "measures", check.measure)
            yield source.fault(("checks", index, "measure"), f"no active measure is called “{check.measure}”{near}")
        elif check.window not in (None, *(window.id for window in measure.windows)):
            yield source.fault(("checks", index, "window"), f"“{check.measure}” has no window “{check.window}”")


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
    """Return the facts a protocol may ask: its own, then those of its vocabularies (“id/version”), the first first."""
    facts = {fact.id: fact for fact in protocol.facts}
    for named in protocol.vocabulary:
        for fact in _vocabulary(named, find).facts:
            facts.setdefault(fact.id, fact)
    return tuple(facts.values())


def _vocabulary(named: str, find: Find) -> Vocabulary:
    name, _, version = named.partition("/")
    found = find("facts", name, int(version)) if version.isdecimal() else None
    if not isinstance(found, Vocabulary):
        raise NoVocabulary(f"there is no vocabulary “{named}”: write id/version")
    return found


def _references(source: Source) -> Iterator[Fault]:
    known = {reference.id: reference for reference in source.definition.provenance.references}
    for path, form in walk(source.definition):
        reference = getattr(form, "reference", None)
        if reference is None:
            continue
        if reference not in known:
            message = f"reference “{reference}” is not in provenance.references{did_you_mean(reference, known)}"
            yield source.fault((*path, "reference"), message)
        elif isinstance(form, QuizItem):
            continue  # the number of the right answer is no figure
        elif not known[reference].numbers and _id(form) not in known[reference].but_for and _carries_number(form):
            message = f"“{known[reference].title}” names duties only: a number needs another source"
            yield source.fault((*path, "reference"), message)


def _id(form: Form) -> str:
    return str(getattr(form, "id", ""))


def _carries_number(form: Form) -> bool:
    """Whether a rule says a number of its own; what has a source of its own inside it answers for itself."""
    for name in type(form).model_fields:
        value = getattr(form, name)
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, int | Decimal) and not isinstance(each, bool):
                return True
            if isinstance(each, Form) and not isinstance(each, Sourced) and _carries_number(each):
                return True
    return False


def _blanks(source: Source) -> Iterator[Fault]:
    """A blank is for drafts: what the source does not give has to be found, or set by the site, before it is active."""
    if source.definition.status == "draft":
        return
    for path, form in walk(source.definition):
        for name in form.blanks if isinstance(form, Blankable) else ():
            message = f"“{name}” is blank, and a blank blocks activation: find its source, or let the site set it"
            yield source.fault((*path, name), message)


def _exceptions(source: Source) -> Iterator[Fault]:
    ids = {_id(form) for _, form in walk(source.definition)}
    for index, reference in enumerate(source.definition.provenance.references):
        for name in reference.but_for:
            if name not in ids:
                message = f"there is no rule “{name}” in this file{did_you_mean(name, ids)}"
                yield source.fault(("provenance", "references", index, "but_for"), message)


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
        if unit and not isinstance(form, DoseRule | CoMedication | Arm | Parameter) and unit not in known_units():
            near = did_you_mean(unit, known_units()) or f"; known are {', '.join(sorted(known_units()))}"
            yield source.fault((*path, "unit"), f"unit “{unit}” is not known{near}")


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
        if isinstance(form, ReportField) and form.fact and form.fact not in facts:
            yield source.fault((*path, "fact"), f"nobody knows the fact “{form.fact}”{did_you_mean(form.fact, facts)}")
    for path, message in contradictions(protocol, facts):
        yield source.fault(path, message)
    yield from _needed(source, protocol, facts)
    yield from _vocabulary_status(source, protocol, shelf)
    for index, rule in enumerate(protocol.follow_up):
        if shelf.find("instruments", rule.instrument, None) is None:
            message = f"there is no active instrument “{rule.instrument}”{_near(shelf, 'instruments', rule.instrument)}"
            yield source.fault(("follow_up", index, "instrument"), message)


def _needed(source: Source, protocol: Protocol, facts: Mapping[str, FactDefinition]) -> Iterator[Fault]:
    """Facts that a rule needs without asking them by name, and the consent that no treatment goes without."""
    if not any(gate.consented_to for each in protocol.before_each_dose for gate in each.gates):
        message = "no criterion before each dose asks for a consent to this treatment (`consented_to`)"
        yield source.fault(("before_each_dose",), message)
    if protocol.dose.rule != "fixed" and "weight" not in facts:
        yield source.fault(("vocabulary",), "the dose needs the fact “weight”")
    for name in ("height", "sex") if protocol.dose.ideal_weight else ():
        if name not in facts:
            yield source.fault(("dose", "ideal_weight"), f"the ideal weight needs the fact “{name}”")
    timed = [path for path, form in walk(protocol) if isinstance(form, Phase) or getattr(form, "period", None)]
    if timed and SESSIONS not in facts:
        yield source.fault(timed[0], f"days of the course are counted by the fact “{SESSIONS}”, which nobody knows")


def _vocabulary_status(source: Source, protocol: Protocol, shelf: Shelf) -> Iterator[Fault]:
    for named in protocol.vocabulary if protocol.status == "active" else ():
        if _vocabulary(named, shelf.find).status == "draft":
            yield source.fault(("vocabulary",), f"an active protocol cannot ask the draft “{named}”")


def _gate(source: Source, path: Path, gate: Gate, facts: Mapping[str, FactDefinition], shelf: Shelf) -> Iterator[Fault]:
    yield from _asked(source, (*path, "ask"), gate.ask, gate.unit, facts)
    if gate.consented_to and not _can_be_signed(source, gate.consented_to, shelf):
        message = f"there is no active consent “{gate.consented_to}”{_near(shelf, 'consents', gate.consented_to)}"
        yield source.fault((*path, "consented_to"), message)
    fact = facts.get(gate.ask)
    if fact is None:
        return
    if gate.test in _KINDS and fact.kind not in _KINDS[gate.test]:
        yield source.fault(path, f"“{gate.ask}” is a {fact.kind}: {gate.test.rstrip('_')} does not fit")
    if (
        gate.is_ is not None
        and fact.kind in ("yes_no", "choice")
        and isinstance(gate.is_, bool) != (fact.kind == "yes_no")
    ):
        wanted = "true or false" if fact.kind == "yes_no" else f"one of {', '.join(fact.choices)}"
        yield source.fault((*path, "is"), f"“{gate.ask}” is answered by {wanted}, without a yes or no in quotes")
        return
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
    **dict.fromkeys(TIME_TESTS, ("moments",)),
}


def _near(shelf: Shelf, kind: str, name: str) -> str:
    """Say that a definition is there and not in use, or which other one is meant."""
    names = list(shelf.names(kind))
    return ": its versions are drafts or retired" if name in names else did_you_mean(name, names)


def _can_be_signed(source: Source, consent: str, shelf: Shelf) -> bool:
    """Whether there is an active text of the consent; a draft of a protocol may go with a draft of its consent."""
    if source.definition.status == "draft":
        return consent in shelf.names("consents")
    return shelf.find("consents", consent, None) is not None


def _asked(source: Source, path: Path, name: str, unit: str, facts: Mapping[str, FactDefinition]) -> Iterator[Fault]:
    if name not in facts:
        yield source.fault(path, f"nobody knows the fact “{name}”{did_you_mean(name, facts)}")
    elif unit in known_units() and unit != facts[name].unit:
        message = f"“{name}” is kept in {facts[name].unit or 'no unit'}, not in {unit}"
        yield source.fault((*path[:-1], "unit"), message)


def _score(source: Source, place: tuple[str, ...], measure: Measure | OutcomeScore, shelf: Shelf) -> Iterator[Fault]:
    instrument = shelf.find("instruments", measure.instrument, None)
    if not isinstance(instrument, Instrument):
        near = _near(shelf, "instruments", measure.instrument)
        yield source.fault((*place, "instrument"), f"there is no active instrument “{measure.instrument}”{near}")
        return
    scores = [score.id for score in instrument.scores]
    if measure.score not in scores:
        yield source.fault(
            (*place, "score"),
            f"{instrument.title} has no score “{measure.score}”{did_you_mean(measure.score, scores)}",
        )
