"""The one write of the desk: a new patient is a token, a name and a referral, or nothing at all."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from daybreak.identity.public import Person, introduce
from daybreak.kernel.keys import key_from
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import told_once
from daybreak.people.public import Patient, admit_patient, site_named
from daybreak.screen.public import refer


@dataclass(frozen=True, slots=True)
class NewPatient:
    """What the form asks for; `key` was made by the page, so that sending twice is one patient."""

    key: UUID
    given: str
    family: str
    birth_date: date
    sex: str
    telephone: str
    email: str
    number: str
    protocol: str
    reason: str


def receive_patient(scope: Scope, *, new: NewPatient, at: datetime) -> UUID:
    """Admit, introduce and refer a patient in one step; return the patient's key. A form sent twice is one patient."""
    with told_once(Patient, site=scope.site, key=new.key, moment="registered_at", at=at) as moment:
        _receive(scope, new=new, at=moment)
    return new.key


def _receive(scope: Scope, *, new: NewPatient, at: datetime) -> None:
    admit_patient(
        scope,
        key=new.key,
        sex=new.sex,
        birth_year=new.birth_date.year,
        origin="desk",
        synthetic=site_named(scope.site).synthetic,
        at=at,
    )
    person = Person(
        given=new.given,
        family=new.family,
        birth_date=new.birth_date,
        telephone=new.telephone,
        email=new.email,
        numbers=(new.number,) if new.number else (),
    )
    introduce(scope, patient=new.key, person=person, key=key_from("particulars", str(new.key)), at=at)
    refer(
        scope,
        key=key_from("referral", str(new.key)),
        patient=new.key,
        protocol=new.protocol,
        reason=new.reason,
        at=at,
    )
