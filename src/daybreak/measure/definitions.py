"""The library of definitions as this installation has it, loaded once."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from daybreak.rulebook.public import FactDefinition, Library, Vocabulary, shipped_folder


@lru_cache(maxsize=1)
def library() -> Library:
    """Return the shipped definitions and, where one is set, those of the site's own folder."""
    own = settings.DAYBREAK_SITE_DEFINITIONS
    return Library.load(shipped_folder(), *([Path(own)] if own else []))


def fact_definition(held: Library, name: str) -> FactDefinition | None:
    """Return what the vocabularies say about the fact `name`, or nothing."""
    vocabularies = [v for v in held.active("facts") if isinstance(v, Vocabulary)]
    return next((fact for v in vocabularies for fact in v.facts if fact.id == name), None)


def house_unit(held: Library, sign: str) -> str | None:
    """Return the unit in which the house keeps a sign, or nothing for a sign that no definition knows."""
    known = fact_definition(held, sign)
    if known and known.unit:
        return known.unit
    codes = held.codelist("vital_signs").codes_for(sign)
    return next((code.unit for code in codes if code.unit), None)
