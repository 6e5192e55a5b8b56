"""The library of definitions as this installation has it, loaded once; and each site's licensed wording beside it."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from daybreak.rulebook.public import (
    Bookcase,
    FactDefinition,
    Instrument,
    Library,
    Licensed,
    Protocol,
    UnknownDefinition,
    Vocabulary,
    licensed,
    pack_folder,
    shipped_folder,
)


def _folders() -> tuple[Path, ...]:
    """The shipped definitions, the packs that are on, and, where one is set, the site's own folder."""
    own = settings.DAYBREAK_SITE_DEFINITIONS
    packs = [pack_folder(name) for name in settings.DAYBREAK_PACKS]
    return (shipped_folder(), *packs, *([Path(own)] if own else []))


def _last_good() -> Path | None:
    return settings.DAYBREAK_LAST_GOOD_DEFINITIONS if settings.DAYBREAK_SITE_DEFINITIONS else None


library = Bookcase(_folders, _last_good)


@lru_cache(maxsize=64)
def licensed_at(site: str) -> Licensed:
    """Return the instruments that a site shows under its own licence. No other site ever sees them."""
    folder = Path(settings.DAYBREAK_LICENSED) / site if settings.DAYBREAK_LICENSED else None
    return licensed(folder, library()) if folder and folder.is_dir() else Licensed({})


def instrument_at(site: str, name: str, version: int | None = None, *, on: date) -> Instrument:
    """Return an instrument as a site may score it: a shared one, or one of its own licence; raise UnknownDefinition."""
    try:
        return library().instrument(name, version)
    except UnknownDefinition:
        own = licensed_at(site).instrument(name, version, on=on)
        if own is None:
            raise
        return own


def shown_at(site: str, instrument: Instrument, *, on: date) -> Instrument:
    """Return the instrument in the words that this site may show on a day."""
    if instrument.wording == "shipped":
        return instrument
    return licensed_at(site).instrument(instrument.id, instrument.version, on=on) or instrument


def words_wait(site: str, instrument: Instrument) -> int | None:
    """Return the version for which a site holds licensed words, where it holds none for this one; else nothing."""
    mine = licensed_at(site).behind(library()).get(instrument.id)
    return mine[0] if mine and mine[1] == instrument.version else None


def instruments_at(site: str, *, on: date) -> tuple[Instrument, ...]:
    """Return every instrument that a site may record on a day, by title."""
    shared: Iterable[Instrument] = [i for i in library().active("instruments") if isinstance(i, Instrument)]
    every = [*shared, *licensed_at(site).of_its_own(library(), on=on)]
    return tuple(sorted(every, key=lambda each: each.title.casefold()))


def fact_definition(held: Library, name: str) -> FactDefinition | None:
    """Return what the vocabularies say about the fact `name`, else a protocol that brings it, or nothing."""
    asking = [each for kind in ("facts", "protocols") for each in held.active(kind)]
    known = [each for each in asking if isinstance(each, Vocabulary | Protocol)]
    return next((fact for each in known for fact in each.facts if fact.id == name), None)


def lab_tests(held: Library) -> tuple[FactDefinition, ...]:
    """Return the laboratory tests that can be recorded, in the order of their vocabulary."""
    vocabularies = [v for v in held.active("facts") if isinstance(v, Vocabulary)]
    return tuple(fact for v in vocabularies for fact in v.facts if fact.id.startswith("lab_"))


def house_unit(held: Library, sign: str) -> str | None:
    """Return the unit in which the house keeps a sign, or nothing for a sign that no definition knows."""
    known = fact_definition(held, sign)
    if known and known.unit:
        return known.unit
    codes = held.codelist("vital_signs").codes_for(sign)
    return next((code.unit for code in codes if code.unit), None)
