"""How what FHIR says is put into the rooms' words. Facts in, words out: no database, no clock.

What a room has no column for is not lost where there are sealed words beside it: a dose, a partial date, or
“unconfirmed” stand behind the name of the thing. They are written in figures and in FHIR's own words, so that
they say the same in every language.
"""

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from daybreak.identity.public import Person
from daybreak.interop.fhir.records import (
    AllergyRecord,
    ConditionRecord,
    MedicineRecord,
    PatientRecord,
    Precision,
    When,
)
from daybreak.rulebook.public import Instrument, score

FIRST_MIDNIGHT = timezone(timedelta(hours=14))
"""Where a day begins first on earth: a moment is said in it, so that no day that was stated elsewhere lies
after it.
"""

NOT_ASKED_FOR = frozenset({"SS", "DL", "PPN"})
"""Kinds of numbers (HL7 v2-0203) that a clinic does not ask for and that are not kept: social security,
driver's licence, passport.
"""

_DIAGNOSIS = {
    "active": "active",
    "recurrence": "active",
    "relapse": "active",
    # FHIR's “inactive” is the word above both “remission” and “resolved”; remission claims less.
    "inactive": "remission",
    "remission": "remission",
    "resolved": "resolved",
}
_ALLERGY = {"inactive": "inactive", "resolved": "inactive"}
_MEDICINE = {"active": "active", "in-progress": "active", "completed": "completed", "stopped": "stopped"}


def person_of(record: PatientRecord) -> Person:
    """Return who a patient is, with the numbers that are kept, each once and in order."""
    numbers = (each.value for each in record.identifiers if each.kind not in NOT_ASKED_FOR)
    return Person(
        given=record.given,
        family=record.family,
        birth_date=record.birth_date,
        language=record.language,
        telephone=record.phone,
        email=record.email,
        numbers=tuple(dict.fromkeys(numbers)),
    )


def birth_year(record: PatientRecord) -> int | None:
    """Return the year of birth, which may be all that was stated."""
    return int(record.birth_stated[:4]) if record.birth_stated else None


def may_be_the_same(known: Person, said: Person) -> bool:
    """Say whether two descriptions under one id may be of one person: equal birth dates, or, where one is not
    known, a name in common.
    """
    if known.birth_date and said.birth_date:
        return known.birth_date == said.birth_date
    return bool(_words(known.full_name) & _words(said.full_name))


def whole_day(when: When | None) -> date | None:
    """Return the day that was stated, in the zone it was stated in; None where only a month or a year was."""
    return when.day if when and when.precision in (Precision.DAY, Precision.MOMENT) else None


def first_day_without(last: When | None) -> date | None:
    """Return the day after the last one; None where it is not known, and for the last day there is, which
    means “without end”.
    """
    day = whole_day(last)
    return day + timedelta(days=1) if day and day < date.max else None


def noted(recorded: When | None, began: When | None, zone: ZoneInfo) -> datetime | None:
    """Return the moment a fact was noted: when it was recorded, else when it began; None where neither was
    stated.

    A record of which only the month or the year is known, and which holds the beginning, was made when it
    began or later.
    """
    when = recorded or began
    if recorded and began and began.stated.startswith(recorded.stated):
        when = began
    return when.start(zone).astimezone(FIRST_MIDNIGHT) if when else None


def diagnosis_status(record: ConditionRecord) -> str:
    """Return whether a diagnosis stands; an unsaid status is resolved once there is an end, else unknown."""
    return _DIAGNOSIS.get(record.status, "resolved" if record.ended else "unknown")


def diagnosis_words(record: ConditionRecord) -> str:
    """Return a diagnosis in words, with its end and an onset that is no whole day."""
    return _joined(record.display, _span(_partial(record.onset), record.ended))


def allergy_status(record: AllergyRecord) -> str:
    """Return whether an allergy stands; what does not say that it ended stands."""
    return _ALLERGY.get(record.status, "active")


def allergy_words(record: AllergyRecord) -> str:
    """Return a substance in words, with “unconfirmed” or “presumed” where it is that."""
    return _joined(record.display, record.verification if record.verification != "confirmed" else "")


def medicine_status(record: MedicineRecord) -> str:
    """Return how a medicine is taken; what is on hold may or may not be, so it is unknown."""
    return _MEDICINE.get(record.status, "unknown")


def medicine_words(record: MedicineRecord) -> str:
    """Return a medicine in words, with its dose as it was stated (a number without a unit says none) and
    partial dates.
    """
    has_dose = record.dose_value is not None and record.dose_unit
    dose = f"{record.dose_value:f} {record.dose_unit}" if has_dose else ""
    span = _span(_partial(record.started), _partial(record.ended))
    return _joined(record.display, dose, record.dose_text, span)


def rater(instrument: Instrument) -> str:
    """Return who gave the answers, as measure says it."""
    return "patient" if instrument.rater == "patient" else "staff"


def gives_total(instrument: Instrument, answers: Mapping[str, int]) -> bool:
    """Say whether the answers are enough for the instrument's total."""
    return score(instrument, answers).scores[0].value is not None


def _partial(when: When | None) -> When | None:
    """Return a date that is no whole day, and so has no column."""
    return None if whole_day(when) else when


def _span(start: When | None, end: When | None) -> str:
    """Return “2019 –” or “– 2021-03”; "" where neither is there."""
    return f"{start.stated if start else ''} – {end.stated if end else ''}".strip() if start or end else ""


def _joined(name: str, *more: str) -> str:
    """Return a name and what else is to be said of it."""
    said = [each for each in dict.fromkeys(more) if each]
    return f"{name} ({'; '.join(said)})" if said else name


def _words(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = (letter for letter in plain if not unicodedata.combining(letter))
    return set("".join(letter if letter.isalnum() else " " for letter in letters).split())
