"""What the observations of a message are as readings, by the codes of the monitor that sent them. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from daybreak.interop.hl7.message import Observation, moment_in, number_in
from daybreak.kernel.keys import key_from
from daybreak.rulebook.public import Code, CodeList
from daybreak.treat.public import NewReading

# The names that HL7 has for coding systems (table 0396), as definitions write them.
SYSTEMS = {"MDC": "urn:iso:std:iso:11073:10101", "LN": "http://loinc.org", "UCUM": "unit"}
UNIT = "unit"
# Table 0085: final, corrected, preliminary, as entered, revised, and what monitors leave empty.
_TELLS = frozenset({"", "F", "C", "P", "R", "S", "U", "N"})
_NOTHING = frozenset({"X", "O", "I"})
_WITHDRAWN = frozenset({"D", "W"})
# Table 0078 and IHE PCD-01: what makes a number no measurement.
_DOUBTS = {
    "INV": "The monitor marks the value as invalid.",
    "QUES": "The monitor marks the value as questionable.",
    "NAV": "The monitor says that no value is available.",
    "CALIB": "The monitor was being calibrated.",
    "CALIB-ONGOING": "The monitor was being calibrated.",
    "TEST": "The monitor was being tested.",
    "TEST-DATA": "The monitor was being tested.",
    "DEMO": "The monitor was showing a demonstration.",
    "DEMO-DATA": "The monitor was showing a demonstration.",
    "NOS": "The monitor has no sensor on the patient.",
    "MSMT-ONGOING": "The measurement was not finished.",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """An observation that is a reading."""

    observation: Observation
    reading: NewReading


@dataclass(frozen=True, slots=True)
class Doubted:
    """An observation of a sign that cannot be taken for a reading, and why."""

    observation: Observation
    sign: str
    why: str


@dataclass(frozen=True, slots=True)
class Unused:
    """An observation that is not read: an unknown code, no value, or a sign that the message tells better elsewhere."""

    observation: Observation
    is_known: bool = False


Sorted = Taken | Doubted | Unused


def sorted_out(
    observations: Sequence[Observation],
    *,
    codes: CodeList,
    sender: UUID,
    site: str,
    session: UUID | None,
    zone: ZoneInfo,
    at: datetime,
) -> Iterator[Sorted]:
    """Yield what each observation is. The key of a reading says who measured what and when, so that a message which is
    sent again, under whatever control id, holds the same readings.
    """
    known = [_Known(each, _meaning(codes, each), _says_nothing(each), _doubt(each)) for each in observations]
    first: dict[tuple[str, str], Code] = {}
    told: dict[tuple[str, str], set[str]] = {}
    for each, code, says_nothing, doubt in known:
        if code and not says_nothing and not doubt:
            named = (each.at, code.means)
            best = first.setdefault(named, code)
            if best is not code and codes.place_of(code) < codes.place_of(best):
                first[named], told[named] = code, set()
            if first[named] is code:
                told.setdefault(named, set()).add(each.value)
    taken: set[tuple[str, str]] = set()
    moments = {text: moment_in(text, zone=zone, near=at) for text in {each.at for each in observations}}
    for each, code, says_nothing, doubt in known:
        if code is None or code.means == UNIT or says_nothing:
            yield Unused(each, is_known=code is not None)
        elif doubt:
            yield Doubted(each, code.means, doubt)
        elif first[each.at, code.means] is not code or (each.at, code.means) in taken:
            yield Unused(each, is_known=True)
        elif len(told[each.at, code.means]) > 1:
            yield Doubted(each, code.means, "The message tells several values of one moment.")
        else:
            taken.add((each.at, code.means))
            yield _reading(each, code, codes, sender=sender, site=site, session=session, moment=moments[each.at])


class _Known(NamedTuple):
    """An observation, what it means, whether it holds no value, and what makes it doubtful."""

    observation: Observation
    code: Code | None
    says_nothing: bool
    doubt: str


def _meaning(codes: CodeList, each: Observation) -> Code | None:
    """Return what an observation means by its code, else by its alternate one."""
    return _find(codes, each.system, each.code) or (_find(codes, each.also[1], each.also[0]) if each.also[0] else None)


def _says_nothing(each: Observation) -> bool:
    """Whether an observation holds no value, and takes none back."""
    return each.status in _NOTHING or (each.value in ("", '""') and each.status not in _WITHDRAWN)


def _unit(codes: CodeList, each: Observation) -> Code | None:
    """Return the unit of an observation: by its code, else by its alternate one, else by its words. What UCUM writes in
    braces is a remark and changes no unit.
    """
    found = _find(codes, each.unit_system, each.unit) or codes.find(UNIT, each.unit)
    found = found or codes.find(UNIT, re.sub(r"\{[^}]*\}", "", each.unit))
    if found is None and any(each.unit_also):
        code, system, words = each.unit_also
        found = (_find(codes, system, code) if code else None) or (codes.find(UNIT, words) if words else None)
    return found


def _find(codes: CodeList, system: str, code: str) -> Code | None:
    return codes.find(SYSTEMS.get(system, system or "local"), code)


def _doubt(each: Observation) -> str:
    if each.status in _WITHDRAWN:
        return "The monitor takes an earlier value back."
    if each.status not in _TELLS:
        return f"“{each.status[:10]}” is no status of a result."
    return next((_DOUBTS[flag] for flag in each.flags if flag in _DOUBTS), "")


def _reading(
    each: Observation,
    code: Code,
    codes: CodeList,
    *,
    sender: UUID,
    site: str,
    session: UUID | None,
    moment: datetime | None,
) -> Sorted:
    value = number_in(each) if each.kind in ("NM", "SN", "ST", "") else None
    if value is None:
        return Doubted(each, code.means, "The value is not a number.")
    if not each.at:
        return Doubted(each, code.means, "The message does not say when it was measured.")
    if moment is None:
        return Doubted(each, code.means, "The time of the measurement is no date and time.")
    unit = _unit(codes, each)
    if each.unit and (unit is None or unit.means != UNIT):
        return Doubted(each, code.means, f"“{each.unit[:20]}” is no unit that is known here.")
    key = key_from("hl7", site, str(sender), each.system, each.code, each.part, moment.isoformat())
    return Taken(each, NewReading(key, code.means, value, unit.unit if unit else code.unit, moment, session))
