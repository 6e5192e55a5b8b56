"""Instruments that a site shows under a licence of its own.

They lie in a folder of that site alone, in the form of `definitions/`, each with its `[licence_record]`. What is read
here never enters the shared library, so that no other site, snapshot or export can meet a licensed word. Where a
score-only instrument ships, the site's file adds words to it and changes nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from daybreak.rulebook.checking import CheckReport
from daybreak.rulebook.examples import example_faults
from daybreak.rulebook.faults import Fault
from daybreak.rulebook.instrument import Instrument
from daybreak.rulebook.library import Library, read_folder
from daybreak.rulebook.reading import Source

_Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Licensed:
    """A site's licensed instruments by id and version, and the faults of those that cannot be used."""

    held: Mapping[_Key, Instrument]
    faults: tuple[Fault, ...] = ()

    def instrument(self, name: str, version: int | None, *, on: date) -> Instrument | None:
        """Return an instrument whose licence stands on a day: the version asked for, or the highest active one."""
        fit = [each for (each_id, _), each in sorted(self.held.items()) if each_id == name and _stands(each, on)]
        if version is None:
            return next((each for each in reversed(fit) if each.status == "active"), None)
        return next((each for each in fit if each.version == version), None)

    def behind(self, shared: Library) -> dict[str, tuple[int, int]]:
        """Return the instruments whose words are not for the version in use: its newest words, and that version."""
        newest = dict(sorted(self.held))
        found = {}
        for name, version in newest.items():
            if any(each.id == name for each in shared.every("instruments")):
                in_use = shared.instrument(name).version
                if (name, in_use) not in self.held:
                    found[name] = (version, in_use)
        return found

    def of_its_own(self, shared: Library, *, on: date) -> tuple[Instrument, ...]:
        """Return the newest version of each instrument that the shared library does not have."""
        known = {each.id for each in shared.every("instruments")}
        names = sorted({name for name, _ in self.held} - known)
        found = [self.instrument(name, None, on=on) for name in names]
        return tuple(each for each in found if each is not None)


def licensed(folder: Path, shared: Library) -> Licensed:
    """Read one site's folder beside the shared library. This function will raise nothing for a broken file."""
    sources, faults = read_folder(folder)
    held: dict[_Key, Instrument] = {}
    for source in sources.values():
        own = source.definition
        if trouble := _trouble(source, shared):
            faults.append(trouble)
        elif isinstance(own, Instrument):
            held[own.id, own.version] = _as_shared(own, shared)
    return Licensed(held, tuple(faults))


def check_licensed(folder: Path, shared: Library) -> CheckReport:
    """Read one site's folder beside the shared library and run every worked example in it.

    This function will raise nothing for a fault.
    """
    read = licensed(folder, shared)
    errors, examples = list(read.faults), 0
    for source in read_folder(folder)[0].values():
        own = source.definition
        if isinstance(own, Instrument) and (own.id, own.version) in read.held:
            examples += len(own.examples)
            errors += example_faults(source, own)
    sources = {(each.definition.id, each.definition.version): each for each in read_folder(folder)[0].values()}
    for name, (mine, in_use) in read.behind(shared).items():
        errors.append(sources[name, mine].fault(("version",), words_behind(name, mine, in_use)))
    return CheckReport({"instruments": len(read.held)}, examples, sorted(set(errors)))


def words_behind(name: str, mine: int, in_use: int) -> str:
    """Return what a site is told whose words are for another version than the one in use."""
    return (
        f"these words are for version {mine} of “{name}”, and version {in_use} is in use: bring its words as "
        f"{in_use}.toml; until then it is asked by number"
    )


def _trouble(source: Source, shared: Library) -> Fault | None:
    own = source.definition
    if not isinstance(own, Instrument):
        return source.fault((), "a folder of licensed instruments holds instruments only")
    if own.licence_record is None:
        return source.fault(
            (), "a licensed instrument needs a [licence_record]: holder, granted_by, number, valid_from"
        )
    there = _shared(own, shared)
    if there is None and own.id in {each.id for each in shared.every("instruments")}:
        return source.fault(("version",), f"“{own.id}” has no version {own.version}: words are added to one that ships")
    if there is not None and there.wording != "licensed":
        return source.fault(("id",), f"the words of “{own.id}” ship: a site adds its own under another id")
    if there is not None and (parts := _differing(own, there)):
        return source.fault((parts[0],), f"only words may be added to “{own.id}”: its {', '.join(parts)} differ")
    return None


def _shared(own: Instrument, shared: Library) -> Instrument | None:
    every = [each for each in shared.every("instruments") if isinstance(each, Instrument)]
    return next((each for each in every if (each.id, each.version) == (own.id, own.version)), None)


def _as_shared(own: Instrument, shared: Library) -> Instrument:
    """Return the site's words under the fingerprint of the definition that scores the answers."""
    there = _shared(own, shared)
    return own if there is None else own.model_copy(update={"fingerprint": there.fingerprint, "status": there.status})


def _differing(own: Instrument, there: Instrument) -> list[str]:
    mine, theirs = _bones(own), _bones(there)
    return [name for name in mine if mine[name] != theirs[name]]


def _bones(instrument: Instrument) -> dict[str, object]:
    """Everything that decides a score, without a word that is shown."""
    words = {"text", "title", "note"}
    return {
        "rater": instrument.rater,
        "look_back_days": (instrument.look_back_days, instrument.other_look_back_days),
        "items": [
            (each.id, each.code, each.optional, each.asked_when, instrument.values_of(each.id))
            for each in instrument.items
        ],
        "scores": [
            (each.model_dump(exclude={*words, "bands"}), [(band.at_least, band.name) for band in each.bands])
            for each in instrument.scores
        ],
        "flags": [each.model_dump(exclude=words) for each in instrument.flags],
        "cut_offs": [each.model_dump(exclude=words) for each in instrument.cut_offs],
    }


def _stands(instrument: Instrument, on: date) -> bool:
    return instrument.licence_record is not None and instrument.licence_record.holds_on(on)
