"""The library.

Every definition that can be used, and the faults of those that cannot. A broken file never takes it
down.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from daybreak.rulebook.activity import LearningActivity
from daybreak.rulebook.calling import Calling
from daybreak.rulebook.codelist import CodeList
from daybreak.rulebook.cohort import Cohort
from daybreak.rulebook.consent import Consent
from daybreak.rulebook.continuation import Continuation
from daybreak.rulebook.crossing import NoVocabulary, Shelf, crossed, vocabulary_facts
from daybreak.rulebook.disclosure import Disclosure
from daybreak.rulebook.facts import FactDefinition, Vocabulary
from daybreak.rulebook.faults import BrokenDefinition, Fault, UnknownDefinition, did_you_mean
from daybreak.rulebook.form import Definition
from daybreak.rulebook.instrument import Instrument
from daybreak.rulebook.lock import NAME, lock_faults, read_lock
from daybreak.rulebook.measure import Measure
from daybreak.rulebook.profile import Profile
from daybreak.rulebook.protocol import Protocol
from daybreak.rulebook.quality import Quality
from daybreak.rulebook.question import Question
from daybreak.rulebook.reading import KINDS, Source, read
from daybreak.rulebook.reporting import Reporting
from daybreak.rulebook.safety import Safety
from daybreak.rulebook.staging import Adequacy
from daybreak.rulebook.surveillance import Surveillance
from daybreak.rulebook.tightening import Tightened, Tightening, loosened, tightened

Key = tuple[str, str, int]
_D = TypeVar("_D", bound=Definition)


class Library:
    """Definitions by kind, id and version; frozen once loaded."""

    def __init__(self, held: Mapping[Key, Definition], faults: Iterable[Fault]) -> None:
        self._held = dict(held)
        self._found: dict[tuple[str, str, int | None], Definition] = {}
        self._active: dict[str, tuple[Definition, ...]] = {}
        self.faults = tuple(sorted(set(faults)))

    @classmethod
    def load(cls, *folders: Path, previous: "Library | None" = None, once_good: bool = False) -> "Library":
        """Read every definition of `folders` (the shipped one first, a site's after it).

        A site's folder may add ids, never take one of an earlier folder. A definition with a fault is
        left out; where `previous` holds a good copy of that version, it stays. This function will raise
        nothing for a broken file: see `faults`.

        `once_good` says that every file of the last folder held when it was kept. One that a stricter check would not
        take any more is retired: nobody new is treated by it, and what was recorded under it can still be read.
        """
        sources: dict[Key, Source] = {}
        remembered: set[Key] = set()
        faults: list[Fault] = []
        for folder in folders:
            if not folder.is_dir():
                faults.append(Fault(folder.name, 1, f"the folder of definitions, {folder}, is not there"))
            read_here, found = _read_folder(folder)
            faults += found
            faults += [*_granting(read_here), *_loosening(read_here, sources)] if sources else []
            taken = {key[:2] for key in sources}
            for key, source in read_here.items():
                if key[:2] in taken:
                    message = f"“{key[1]}” is a shared definition: a site adds its own under another id"
                    faults.append(source.fault(("id",), message))
                else:
                    sources[key] = source
                    if once_good and folder == folders[-1]:
                        remembered.add(key)
        kept = {} if previous is None else {k: d for k, d in previous._held.items() if d.status != "draft"}
        held, found = _settled(sources, kept, remembered)
        return cls(held, [*faults, *found])

    def protocol(self, name: str, version: int | None = None) -> Protocol:
        """Return a protocol: the version asked for, or the highest active one; raise UnknownDefinition."""
        return self._get("protocols", name, version, Protocol)

    def latest_protocol(self, name: str) -> Protocol:
        """Return the highest active version of a protocol, and where none is active any more, the highest of all: whom
        it was meant for can still be read about. Raise UnknownDefinition.
        """
        held = [each for each in self.every("protocols") if each.id == name]
        in_use = any(each.status == "active" for each in held)
        return self.protocol(name, None if in_use or not held else held[-1].version)

    def instrument(self, name: str, version: int | None = None) -> Instrument:
        """Return an instrument: the version asked for, or the highest active one; raise UnknownDefinition."""
        return self._get("instruments", name, version, Instrument)

    def consent(self, name: str, version: int | None = None) -> Consent:
        """Return a consent: the version asked for, or the highest active one; raise UnknownDefinition."""
        return self._get("consents", name, version, Consent)

    def codelist(self, name: str, version: int | None = None) -> CodeList:
        """Return a code list: the version asked for, or the highest active one; raise UnknownDefinition."""
        return self._get("codelists", name, version, CodeList)

    def measure(self, name: str, version: int | None = None) -> Measure:
        """Return a measure: the version asked for, or the highest active one; raise UnknownDefinition."""
        return self._get("measures", name, version, Measure)

    def adequacy(self, name: str, version: int | None = None) -> Adequacy:
        """Return what an adequate trial is: the version asked for, or the highest active; raise UnknownDefinition."""
        return self._get("adequacy", name, version, Adequacy)

    def calling(self, name: str, version: int | None = None) -> Calling:
        """Return how alarms call: the version asked for, or the highest active one; raise UnknownDefinition."""
        return self._get("alarms", name, version, Calling)

    def safety(self, name: str, version: int | None = None) -> Safety:
        """Return how calls are passed on: the version asked for, or the highest active one; raise UnknownDefinition."""
        return self._get("safety", name, version, Safety)

    def reporting(self, name: str, version: int | None = None) -> Reporting:
        """Return who is told of a serious event: the version, or the highest active; raise UnknownDefinition."""
        return self._get("reporting", name, version, Reporting)

    def activity(self, name: str, version: int | None = None) -> LearningActivity:
        """Return a course: the version asked for, or the highest active one; raise UnknownDefinition."""
        return self._get("courses", name, version, LearningActivity)

    def surveillance(self, name: str, version: int | None = None) -> Surveillance:
        """Return what is watched from week to week: the version, or the highest active; raise UnknownDefinition."""
        return self._get("surveillance", name, version, Surveillance)

    def disclosure(self, name: str, version: int | None = None) -> Disclosure:
        """Return the disclosure policy: the version asked for, or the highest active one; raise UnknownDefinition."""
        return self._get("disclosure", name, version, Disclosure)

    def quality(self, name: str, version: int | None = None) -> Quality:
        """Return what is asked of data: the version asked for, or the highest active one; raise UnknownDefinition."""
        return self._get("quality", name, version, Quality)

    def profile(self, name: str, version: int | None = None) -> Profile:
        """Return a privacy profile: the version asked for, or the highest active one; raise UnknownDefinition."""
        return self._get("profiles", name, version, Profile)

    def cohort(self, name: str, version: int | None = None) -> Cohort:
        """Return a cohort: the version asked for, or the highest active one; raise UnknownDefinition."""
        return self._get("cohorts", name, version, Cohort)

    def question(self, name: str, version: int | None = None) -> Question:
        """Return an open question: the version asked for, or the highest active one; raise UnknownDefinition."""
        return self._get("questions", name, version, Question)

    def continuation_of(self, protocol: str) -> Continuation | None:
        """Return what a long course of a protocol asks for, by its active definition, or None where there is none."""
        every = (each for each in self.active("continuation") if isinstance(each, Continuation))
        return next((each for each in every if protocol in each.protocols), None)

    def vocabulary(self, name: str, version: int | None = None) -> Vocabulary:
        """Return a vocabulary of facts.

        The version asked for, or the highest active one; raise UnknownDefinition.
        """
        return self._get("facts", name, version, Vocabulary)

    def definition(self, name: str, version: int | None = None) -> Definition:
        """Return a definition of any kind, by its id or by “kind/id”; raise UnknownDefinition.

        Where two kinds share an id, the first of KINDS is meant. Without a version: the highest active one, else the
        highest.
        """
        kind, _, short = name.rpartition("/")
        kinds = [each for each in KINDS if kind in ("", each) and any(key[:2] == (each, short) for key in self._held)]
        held = [d for key, d in sorted(self._held.items()) if kinds and key[:2] == (kinds[0], short)]
        if not held:
            near = did_you_mean(short, {key[1] for key in self._held})
            raise UnknownDefinition(f"The library holds no definition “{name}”{near or '.'}")
        if version is None:
            return next((d for d in reversed(held) if d.status == "active"), held[-1])
        found = next((d for d in held if d.version == version), None)
        if found is None:
            there = ", ".join(str(d.version) for d in held)
            raise UnknownDefinition(f"“{name}” has no version {version}. It has: {there}.")
        return found

    def outcome_measures(self, instrument: str | None = None) -> tuple[Measure, ...]:
        """Return the active measures of one instrument: without a name, of the one that most protocols ask in follow-up
        and that response is measured on.
        """
        measures = [each for each in self.active("measures") if isinstance(each, Measure)]
        if instrument is None:
            asked = Counter(
                rule.instrument for each in self.active("protocols") if isinstance(each, Protocol)
                for rule in each.follow_up
            )  # fmt: skip
            told = [each.instrument for each in measures if each.rule.kind == "response"]
            instrument = max(told, key=lambda name: asked[name], default=None)
        return tuple(each for each in measures if each.instrument == instrument)

    def every(self, kind: str) -> tuple[Definition, ...]:
        """Return every version of every definition of `kind` (a folder's name), by id and version."""
        return tuple(self._held[key] for key in sorted(self._held) if key[0] == kind)

    def active(self, kind: str) -> tuple[Definition, ...]:
        """Return the highest active version of each definition of `kind`, by id.

        A shared protocol that the site tightens is left out: the tightened one stands in its place.
        """
        if kind not in self._active:
            newest = {each.id: each for each in self.every(kind) if each.status == "active"}
            tightened = {each.tightens.partition("/")[0] for each in newest.values() if isinstance(each, Tightened)}
            self._active[kind] = tuple(each for each in newest.values() if each.id not in tightened)
        return self._active[kind]

    def counts(self) -> dict[str, int]:
        """Return how many versions of each kind can be used."""
        return {kind: len(self.every(kind)) for kind in KINDS}

    def _get(self, kind: str, name: str, version: int | None, wanted: type[_D]) -> _D:
        found = self._found.get((kind, name, version)) or _find(self._held, kind, name, version)
        if isinstance(found, wanted):
            self._found[kind, name, version] = found
            return found
        there = [each.version for each in self.every(kind) if each.id == name]
        if version is not None and there:
            raise UnknownDefinition(f"“{name}” has no version {version}. It has: {', '.join(map(str, there))}.")
        broken = next((fault for fault in self.faults if f"/{kind}/{name}/" in fault.file), None)
        if broken is not None:
            raise UnknownDefinition(f"“{name}” cannot be used as it is. {broken}")
        near = did_you_mean(name, {each.id for each in self.every(kind)})
        which = "active version" if version is None else f"version {version}"
        raise UnknownDefinition(f"The library holds no {which} of “{name}” among its {kind}{near or '.'}")


def read_folder(folder: Path) -> tuple[dict[Key, Source], list[Fault]]:
    """Read every file of one definitions folder.

    Return what parses and the faults of the rest, the lock left aside.
    """
    sources: dict[Key, Source] = {}
    faults: list[Fault] = []
    for path in sorted(folder.rglob("*.*")):
        if path.suffix != ".toml":
            faults += _misnamed(path, folder)
            continue
        if path.name == NAME and path.parent == folder:
            continue
        try:
            source = read(path, folder)
        except BrokenDefinition as broken:
            faults += broken.faults
        else:
            sources[source.kind, source.definition.id, source.definition.version] = source
    return sources, faults


def _granting(read_here: dict[Key, Source]) -> list[Fault]:
    """Leave out, and name, each course of a site's own that would open a gate that all sites share."""
    faults = []
    for key, source in list(read_here.items()):
        if isinstance(source.definition, LearningActivity) and source.definition.grants:
            message = "a site's own course opens no shared gate: leave grants out"
            faults.append(source.fault(("grants",), message))
            del read_here[key]
    return faults


def _loosening(read_here: dict[Key, Source], shared: Mapping[Key, Source]) -> list[Fault]:
    """Leave out, and name, each protocol of a site's own that is for the drug and the route of a shared one and has a
    gate, limit or sign of it in a looser form: what a tightening may not do, a copy may not do either.
    """
    held: dict[Key, Definition] = {key: source.definition for key, source in shared.items()}
    newest: dict[tuple[str, str], Protocol] = {}
    for each in sorted((each for each in held.values() if isinstance(each, Protocol)), key=lambda each: each.version):
        if each.status == "active":
            newest[each.dose.drug, each.dose.route] = each
    faults = []
    for key, source in list(read_here.items()):
        mine = source.definition
        alike = newest.get((mine.dose.drug, mine.dose.route)) if isinstance(mine, Protocol) else None
        if isinstance(mine, Protocol) and alike is not None:
            facts = {fact.id: fact for fact in _with_facts_of(alike, held)}
            found = [source.fault(path, message) for path, message in loosened(mine, alike, facts)]
            if found:
                faults += found
                del read_here[key]
    return faults


def _misnamed(path: Path, folder: Path) -> list[Fault]:
    """Say that a file is not read though it is meant to be: an editor put an ending of its own behind its name."""
    if ".toml" not in path.name.lower() or path.name.startswith("."):
        return []
    name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
    return [Fault(name, 1, "this file is not read: its name has to end in .toml")]


def _read_folder(folder: Path) -> tuple[dict[Key, Source], list[Fault]]:
    """As `read_folder`, without the versions that break the folder's lock."""
    sources, faults = read_folder(folder)
    try:
        locked = read_lock(folder)
    except BrokenDefinition as broken:
        return sources, [*faults, *broken.faults]
    broken_locks = list(lock_faults(folder, locked, sources.values()))
    files = {fault.file for fault in broken_locks}
    return {k: s for k, s in sources.items() if s.file not in files}, [*faults, *broken_locks]


def _settled(
    sources: Mapping[Key, Source], kept: Mapping[Key, Definition], remembered: Collection[Key]
) -> tuple[dict[Key, Definition], list[Fault]]:
    """Leave out what does not hold together until the rest does; retire what is `remembered`.

    Then give each protocol the facts it may ask.
    """
    faults: list[Fault] = []
    left, retired = dict(sources), dict[Key, Definition]()
    while True:
        held: dict[Key, Definition] = {
            **kept,
            **retired,
            **{key: source.definition for key, source in left.items()},
        }
        made = {key: _composed(source, held) for key, source in left.items()}
        held |= {key: each for key, (each, _) in made.items() if each is not None}
        found = {key: [*made[key][1], *_crossed(source, held)] for key, source in left.items()}
        broken = {key: each for key, each in found.items() if each}
        if not broken:
            return {key: _with_facts(each, held) for key, each in held.items()}, faults
        for key, each in broken.items():
            faults += each
            del left[key]
            if key in remembered and not isinstance(held[key], Tightening):
                retired[key] = held[key].model_copy(update={"status": "retired"})


def _composed(source: Source, held: Mapping[Key, Definition]) -> tuple[Tightened | None, list[Fault]]:
    """Return the protocol that a tightening makes of the shared one, or why it makes none; nothing for the rest."""
    mine = source.definition
    if not isinstance(mine, Tightening):
        return None, []
    name, _, version = mine.tightens.partition("/")
    shared = held.get(("protocols", name, int(version)))
    if not isinstance(shared, Protocol) or isinstance(shared, Tightened):
        names = {f"{key[1]}/{key[2]}" for key, each in held.items() if isinstance(each, Protocol)}
        near = did_you_mean(mine.tightens, names)
        return None, [source.fault(("tightens",), f"there is no shared protocol “{mine.tightens}”{near}")]
    if mine.status == "active" and shared.status == "draft":
        return None, [source.fault(("tightens",), f"“{mine.tightens}” is a draft: it cannot be tightened yet")]
    facts = {fact.id: fact for fact in (*_with_facts_of(shared, held), *mine.facts)}
    faults = [source.fault(path, message) for path, message in loosened(mine, shared, facts)]
    return tightened(mine, shared), faults


def _with_facts_of(protocol: Protocol, held: Mapping[Key, Definition]) -> tuple[FactDefinition, ...]:
    known = _with_facts(protocol, held)
    return known.facts if isinstance(known, Protocol) else ()


def _crossed(source: Source, held: Mapping[Key, Definition]) -> list[Fault]:
    """Check the file by itself; and where it is composed with another one, the whole that they make."""
    key = (source.kind, source.definition.id, source.definition.version)
    whole = held[key]
    faults = _crossed_alone(source, held)
    if isinstance(source.definition, Tightening) and isinstance(whole, Tightened):
        faults += _crossed_alone(replace(source, definition=whole), held)
    return faults


def _crossed_alone(source: Source, held: Mapping[Key, Definition]) -> list[Fault]:
    shelf = Shelf(
        find=lambda kind, name, version: _find(held, kind, name, version),
        names=lambda kind: sorted({key[1] for key in held if key[0] == kind}),
    )
    return crossed(source, shelf)


def _with_facts(definition: Definition, held: Mapping[Key, Definition]) -> Definition:
    if not isinstance(definition, Protocol):
        return definition
    try:
        facts = vocabulary_facts(definition, lambda kind, name, version: _find(held, kind, name, version))
    except NoVocabulary:  # kept from a library that had it: its facts are already there
        return definition
    copy = definition.model_copy(update={"facts": facts})
    copy.__dict__.pop("facts_by_name", None)
    return copy


def _find(held: Mapping[Key, Definition], kind: str, name: str, version: int | None) -> Definition | None:
    if version is not None:
        return held.get((kind, name, version))
    active = [key for key, each in held.items() if key[:2] == (kind, name) and each.status == "active"]
    return held[max(active)] if active else None
