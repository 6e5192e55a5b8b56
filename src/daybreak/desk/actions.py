"""The one write of the desk: a new patient is a token, a name and a referral, or nothing at all."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from daybreak.identity.public import Known, Person, introduce, known_alike
from daybreak.kernel.keys import key_from
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import told_once
from daybreak.people.public import Patient, admit_patient, site_named
from daybreak.screen.public import refer


@dataclass(frozen=True, slots=True)
class NewPatient:
    """What the form asks for; `key` was made by the page, so that sending twice is one patient. `other_than` are the
    keys of records that were shown and are said to be of other people.
    """

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
    other_than: frozenset[str] = frozenset()

    @property
    def person(self) -> Person:
        """Return who it is."""
        return Person(
            given=self.given,
            family=self.family,
            birth_date=self.birth_date,
            telephone=self.telephone,
            email=self.email,
            numbers=(self.number,) if self.number else (),
        )


class MayBeKnown(Refusal):
    """The site has records that may be about the person, and nobody said that they are of others."""

    def __init__(self, known: list[Known]) -> None:
        super().__init__("This person may be registered here already.")
        self.known = known


def receive_patient(scope: Scope, *, new: NewPatient, at: datetime) -> UUID:
    """Admit, introduce and refer a patient in one step; return the patient's key. A form sent twice is one patient.

    Raises MayBeKnown before anything is written, so that the looks at the names it tells stay recorded.
    """
    known = known_alike(scope, new.person, besides=new.key, at=at)
    if any(str(each.key) not in new.other_than for each in known):
        raise MayBeKnown(known)
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
    introduce(scope, patient=new.key, person=new.person, key=key_from("particulars", str(new.key)), at=at)
    refer(
        scope,
        key=key_from("referral", str(new.key)),
        patient=new.key,
        protocol=new.protocol,
        reason=new.reason,
        at=at,
    )
