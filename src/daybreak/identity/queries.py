"""Every read of a name; each is recorded as a look."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from daybreak.identity.models import Look, Particulars, PersonKey, SearchToken
from daybreak.identity.vault import search_tokens, unwrap
from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import age_on, day_of
from daybreak.kernel.scope import Scope
from daybreak.kernel.sealing import open_sealed
from daybreak.ledger.public import record_one, standing
from daybreak.people.public import merged_records, patient, site_named

FORGOTTEN = "(forgotten)"


@dataclass(frozen=True, slots=True)
class Person:
    """Who a patient is."""

    given: str
    family: str
    birth_date: date | None
    language: str = ""
    telephone: str = ""
    email: str = ""
    numbers: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """Return the name in the order it is spoken."""
        return f"{self.given} {self.family}".strip()


def persons(scope: Scope, keys: Iterable[UUID], *, at: datetime) -> dict[UUID, Person]:
    """Return who the patients are and record the look. A forgotten person has the name “(forgotten)”."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    _note_look(scope, wanted, at)
    data_keys = {k.patient_key: k for k in PersonKey.objects.filter(site=scope.site, patient_key__in=wanted)}
    newest: dict[UUID, Particulars] = {}
    for row in standing(Particulars).filter(site=scope.site, patient_key__in=wanted).order_by("noted_at", "key"):
        newest[row.patient_key] = row
    return {key: _opened(scope, newest.get(key), data_keys.get(key)) for key in wanted}


def person(scope: Scope, key: UUID, *, at: datetime) -> Person:
    """Return who one patient is and record the look."""
    return persons(scope, [key], at=at)[key]


def age_of(scope: Scope, key: UUID, *, at: datetime) -> int | None:
    """Return a patient's age in completed years at the site on the day of `at`; None where the birth date is not known.

    Neither the name nor the date leaves this door, so it is no look.
    """
    return age_at(_birth_date(scope, key), site=scope.site, at=at)


def is_before_birth(scope: Scope, key: UUID, *, on: date) -> bool:
    """Return whether a patient was not born yet on a day; where only the year of birth is known, by the year.

    Neither the name nor the date leaves this door, so it is no look.
    """
    born, known = _birth_date(scope, key), patient(scope, key)
    if born is not None:
        return on < born
    return known is not None and known.birth_year is not None and on.year < known.birth_year


def _birth_date(scope: Scope, key: UUID) -> date | None:
    newest = standing(Particulars).filter(site=scope.site, patient_key=key).order_by("noted_at", "key").last()
    data_key = PersonKey.objects.filter(site=scope.site, patient_key=key).first()
    return _opened(scope, newest, data_key).birth_date


def language_of(scope: Scope, key: UUID) -> str:
    """Return the two letters of the language that a patient was noted to read, such as “es”, or nothing.

    No name leaves this door, so it is no look.
    """
    newest = standing(Particulars).filter(site=scope.site, patient_key=key).order_by("noted_at", "key").last()
    data_key = PersonKey.objects.filter(site=scope.site, patient_key=key).first()
    return _opened(scope, newest, data_key).language.strip().lower()[:2]


def age_at(birth_date: date | None, *, site: str, at: datetime) -> int | None:
    """Return the age in completed years on the site's day of `at`: the one way in which Daybreak counts it."""
    place = site_named(site)
    return None if birth_date is None or place is None else age_on(day_of(at, place.time_zone), birth_date)


def find(scope: Scope, text: str, *, at: datetime) -> list[UUID]:
    """Return the patients whose names, birth date (YYYY-MM-DD) or numbers hold every word of `text`; a record that was
    merged into another is found as the one that is kept.
    """
    found = holding(scope, text)
    kept = merged_records(scope) if found else {}
    return sorted({kept.get(key, key) for key in found})


def holding(scope: Scope, text: str) -> set[UUID]:
    """Return the records whose names, birth date or numbers hold every word of `text`, merged ones too."""
    found: set[UUID] | None = None
    for token in search_tokens(text):
        rows = SearchToken.objects.filter(site=scope.site, token=token).values_list("patient_key", flat=True)
        found = set(rows) if found is None else found & set(rows)
    return found or set()


def open_text(scope: Scope, patient: UUID, sealed: bytes) -> str:
    """Return a free text that was sealed under the person's key; “(forgotten)” once the key is gone."""
    content = open_bytes(scope, patient, sealed)
    return FORGOTTEN if content is None else content.decode()


def open_bytes(scope: Scope, patient: UUID, sealed: bytes) -> bytes | None:
    """Return a file that was sealed under the person's key; None once the key is gone."""
    wrapped = PersonKey.objects.filter(site=scope.site, patient_key=patient).first()
    if wrapped is None:
        return None
    return open_sealed(_data_key(wrapped), bytes(sealed), bound_to=binding(scope.site, patient))


def binding(site: str, patient: UUID) -> str:
    """Return what a sealed text is bound to."""
    return f"{site}/{patient}"


def data_key(scope: Scope, patient: UUID) -> bytes | None:
    """Return the person's data key, or nothing once forgotten."""
    wrapped = PersonKey.objects.filter(site=scope.site, patient_key=patient).first()
    return _data_key(wrapped) if wrapped else None


def _data_key(row: PersonKey) -> bytes:
    return unwrap(bytes(row.wrapped), bound_to=binding(row.site, row.patient_key))


def _opened(scope: Scope, row: Particulars | None, key: PersonKey | None) -> Person:
    if row is None or key is None:
        return Person(given=FORGOTTEN, family="", birth_date=None)
    text = open_sealed(_data_key(key), bytes(row.sealed), bound_to=binding(scope.site, row.patient_key))
    said = json.loads(text)
    born = date.fromisoformat(said["birth_date"]) if said["birth_date"] else None
    return Person(**{**said, "birth_date": born, "numbers": tuple(said["numbers"])})


def _note_look(scope: Scope, keys: list[UUID], at: datetime) -> None:
    record_one(Look(site=scope.site, key=new_key(at=at), patient_keys=keys, purpose=scope.purpose, looked_at=at))
