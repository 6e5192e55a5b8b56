"""Takes a person in: a token in people, the name and contacts behind identity's door."""

import json
from dataclasses import asdict
from uuid import UUID

from daybreak.identity.public import introduce, persons, seal_text
from daybreak.interop.fhir.intake import DIFFERENT, NEW, SAME, Outcome, refused
from daybreak.interop.fhir.records import PatientRecord
from daybreak.interop.knock import Run
from daybreak.interop.rules import birth_year, may_be_the_same, person_of, whole_day
from daybreak.ledger.public import TrayItem, put_in_tray, told_once
from daybreak.people.public import Patient, admit_patient, deaths, merged_into, record_death
from daybreak.people.public import patient as patient_of

ORIGIN = "fhir"
PARTICULARS = "identity_particulars"


def take_person(run: Run, record: PatientRecord) -> Outcome:
    """Admit and introduce a new person; compare one who is known. Raises Forgotten for one who was forgotten,
    NotAPerson.
    """
    key = run.patient_key(record.key_parts)
    with told_once(Patient, site=run.scope.site, key=key, moment="registered_at", at=run.at):
        if merged_into(run.scope, key):
            return refused("This record was merged into another of the same patient: what is new belongs there.")
        if patient_of(run.scope, key) is None:
            return _admitted(run, key, record)
        return _compared(run, key, record)


def _admitted(run: Run, key: UUID, record: PatientRecord) -> Outcome:
    admit_patient(
        run.scope,
        key=key,
        sex=record.sex,
        birth_year=birth_year(record),
        origin=ORIGIN,
        synthetic=run.synthetic,
        at=run.at,
    )
    introduce(run.scope, patient=key, person=person_of(record), key=_particulars(run, record), at=run.at)
    _note_death(run, key, record)
    return NEW


def _compared(run: Run, key: UUID, record: PatientRecord) -> Outcome:
    """Return whether a person who is known is described as before. Comparing is a look at the name, and is
    recorded as one.
    """
    sealed = seal_text(run.scope, key, _as_text(record), fact=_particulars(run, record))
    token, said = patient_of(run.scope, key), person_of(record)
    known, deceased = persons(run.scope, [key], at=run.at)[key], key in deaths(run.scope, [key])
    is_same = token and known == said and (token.sex, token.birth_year) == (record.sex, birth_year(record))
    if is_same and record.deceased and not deceased:
        _note_death(run, key, record)
        return NEW
    if is_same and not _contradicts(run, key, record):
        return SAME
    if not may_be_the_same(known, said):
        return refused("Under the same id somebody else was imported before: name or birth date differ.")
    _put_in_tray_once(run, key, sealed)
    return DIFFERENT


def _note_death(run: Run, key: UUID, record: PatientRecord) -> None:
    if record.deceased:
        death = run.key(*record.key_parts, "death")
        record_death(run.scope, key=death, patient=key, died_on=whole_day(record.died), at=run.at)


def _contradicts(run: Run, key: UUID, record: PatientRecord) -> bool:
    """Return whether a death is known and the record denies it or states another day; not to say it is no denial."""
    death, said = deaths(run.scope, [key]).get(key), whole_day(record.died)
    return death is not None and (record.deceased is False or (said is not None and said != death.died_on))


def _particulars(run: Run, record: PatientRecord) -> UUID:
    return run.key(*record.key_parts, "particulars")


def _as_text(record: PatientRecord) -> str:
    said = asdict(person_of(record)) | {"sex": record.sex, "birth": record.birth_stated}
    if record.deceased:
        said["died"] = record.died.stated if record.died else "yes"
    return json.dumps(said, ensure_ascii=False, default=str, sort_keys=True)


def _put_in_tray_once(run: Run, key: UUID, sealed: bytes) -> None:
    """Keep the new description, sealed under the person's key, until somebody decides; the same one waits
    there once.
    """
    content = {"patient_key": str(key), "sealed": sealed.hex()}
    if TrayItem.objects.filter(site=run.scope.site, about=PARTICULARS, about_key=key, content=content).exists():
        return
    put_in_tray(
        site=run.scope.site,
        about=PARTICULARS,
        about_key=key,
        reason="An import describes this person differently.",
        content=content,
        received_at=run.at,
    )
