"""Which medicines call for a second look, by code lists. Pure: medicines and lists in, flags out. A flag informs."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from daybreak.rulebook.public import Code, CodeList

BY_NAME = "urn:daybreak:medicine-name"
OPIOIDS = "opioids"
LISTS = ("effect_dampening", "blood_pressure_raising", OPIOIDS)


@dataclass(frozen=True, slots=True)
class Taken:
    """A medicine that is taken, as it was recorded."""

    display: str
    code: str
    system: str


@dataclass(frozen=True, slots=True)
class MedicineFlag:
    """A medicine that a list holds: which list and version, which drug and class, and how it was found."""

    codelist: str
    version: int
    fingerprint: str
    title: str
    drug: str
    group: str
    by_name: bool
    verified: bool


def flags_of(lists: Iterable[CodeList], taken: Iterable[Taken]) -> list[MedicineFlag]:
    """Return what the lists say about the medicines, each drug once in each list, in the lists' order."""
    medicines = list(taken)
    found = {
        (held.id, code.means, code.display): _flag(held, code)
        for held in lists
        for medicine in medicines
        for code in _codes(held, medicine)
    }
    return list(found.values())


def _codes(held: CodeList, medicine: Taken) -> list[Code]:
    """By its code where the list has it, else by the words of its name."""
    coded = held.find(medicine.system, medicine.code)
    if coded is not None:
        return [coded]
    words = set(re.findall(r"[^\W\d_]+", medicine.display.casefold()))
    return [code for code in held.codes if code.display.casefold() in words]


def _flag(held: CodeList, code: Code) -> MedicineFlag:
    by_name = code.system == BY_NAME
    return MedicineFlag(
        held.id, held.version, held.fingerprint, held.title, code.display, code.means, by_name, code.verified
    )
