"""Makes the known codes from definitions (code lists, instruments) and from the table of plausible limits
beside this module.
"""

import tomllib
from functools import cache
from importlib.resources import files

from daybreak.interop.fhir.known_codes import KnownCodes, KnownInstrument, Sign
from daybreak.interop.fhir.records import Code
from daybreak.rulebook.public import CodeList, Instrument, Library


def known_codes(library: Library) -> KnownCodes:
    """Return every code of the library's active code lists and instruments."""
    lists = [found for found in library.active("codelists") if isinstance(found, CodeList)]
    instruments = [found for found in library.active("instruments") if isinstance(found, Instrument)]
    return KnownCodes(
        means={(code.system, code.code): code.means for found in lists for code in found.codes},
        signs=plausible_signs(),
        instruments=tuple(known_instrument(instrument) for instrument in instruments),
    )


def known_instrument(instrument: Instrument) -> KnownInstrument:
    """Return what has to be known of an instrument to read its answers from FHIR."""
    system = instrument.code_system
    total = instrument.scores[0]
    choices = [choice for group in instrument.choices.values() for choice in group]
    items: dict[Code, str] = {("", item.id): item.id for item in instrument.items}
    return KnownInstrument(
        id=instrument.id,
        version=instrument.version,
        panels=frozenset({(system, instrument.code)} if instrument.code else ()),
        totals=frozenset({(system, total.code)} if total.code else ()),
        items=items | {(system, item.code): item.id for item in instrument.items if item.code},
        answers={(system, choice.code): choice.value for choice in choices if choice.code},
        allowed={
            item.id: frozenset(choice.value for choice in instrument.choices_of(item.id)) for item in instrument.items
        },
        summed=total.items if total.adds_answers_up else (),
        lowest_total=int(total.lowest),
        highest_total=int(total.highest),
    )


@cache
def plausible_signs() -> dict[str, Sign]:
    """Return the vital signs that are kept, each with its unit and the limits of what is possible."""
    table = tomllib.loads(files("daybreak.interop.fhir").joinpath("plausible.toml").read_text("utf-8"))
    return {name: Sign(row["unit"], row["lowest"], row["highest"]) for name, row in table.items()}
