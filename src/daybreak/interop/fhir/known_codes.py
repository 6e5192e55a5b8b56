"""The codes that are understood. They come from definitions and are handed in; this module knows none of
them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from daybreak.interop.fhir.element import Element
from daybreak.interop.fhir.records import Code

# The same code systems under the object identifiers that HL7 registered for them.
_OTHER_NAMES = {
    "urn:oid:2.16.840.1.113883.6.1": "http://loinc.org",
    "urn:oid:2.16.840.1.113883.6.96": "http://snomed.info/sct",
    "urn:oid:2.16.840.1.113883.6.88": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "urn:oid:2.16.840.1.113883.6.90": "http://hl7.org/fhir/sid/icd-10-cm",
}
_BLANKS = re.compile(r"[\s\u200b]+")
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Marks that turn the direction of what follows, beyond the end of the name they stand in."""


@dataclass(frozen=True, slots=True)
class KnownInstrument:
    """What has to be known of a questionnaire to read its answers. Codes may lead to items, answers and
    totals by several names.
    """

    id: str
    version: int
    panels: frozenset[Code]
    totals: frozenset[Code]
    items: Mapping[Code, str]
    answers: Mapping[Code, int]
    allowed: Mapping[str, frozenset[int]]
    summed: tuple[str, ...]
    highest_total: int
    lowest_total: int = 0


@dataclass(frozen=True, slots=True)
class Sign:
    """A vital sign: the unit it is kept in, and the limits outside which a value is a mistake and not a
    finding.
    """

    unit: str
    lowest: str
    highest: str


@dataclass(frozen=True, slots=True)
class KnownCodes:
    """Everything that gives a code a meaning. `means` maps a coding to a word; the words of `signs` are
    measured.
    """

    means: Mapping[Code, str]
    signs: Mapping[str, Sign]
    instruments: tuple[KnownInstrument, ...] = ()
    panels: frozenset[str] = frozenset({"blood_pressure_panel"})
    none_known: frozenset[str] = frozenset({"no_known_allergy"})


@dataclass(frozen=True, slots=True)
class Concept:
    """A CodeableConcept: the coding that is understood, or else the first; every coding; and the words."""

    system: str
    code: str
    display: str
    means: str
    codings: frozenset[Code] = field(default_factory=frozenset)


def concept(element: Element, known: KnownCodes) -> Concept:
    """Return what a CodeableConcept says. Raises Defect where it holds neither a coding nor a text."""
    choices = [(coding, coding_of(coding)) for coding in element.elements("coding")]
    choices = [(coding, code) for coding, code in choices if code[1]]
    words = plain(element.text("text"))
    if not choices:
        if not words:
            raise element.missing("coding")
        return Concept("", "", words, "")
    coding, code = next((choice for choice in choices if choice[1] in known.means), choices[0])
    display = plain(coding.text("display")) or words or code[1]
    return Concept(*code, display, known.means.get(code, ""), frozenset(code for _, code in choices))


def coding_of(element: Element) -> Code:
    """Return system and code of a Coding, the system under its usual name."""
    system = element.text("system")
    return _OTHER_NAMES.get(system, system), element.text("code")


def plain(text: str) -> str:
    """Return a text with single spaces, without invisible ones and without marks that turn its direction."""
    return _BLANKS.sub(lambda blank: "" if blank[0] == "\u200b" else " ", _TURNS.sub("", text)).strip()
