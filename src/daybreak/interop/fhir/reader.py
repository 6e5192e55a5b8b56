"""Reads every resource under some paths, twice: first to know who the patients are, then to say what becomes
of each resource.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from daybreak.interop.fhir.allergy import allergy_records
from daybreak.interop.fhir.answers import response_records
from daybreak.interop.fhir.condition import condition_records
from daybreak.interop.fhir.context import Context
from daybreak.interop.fhir.documents import Found, found_in
from daybreak.interop.fhir.element import Defect, Element, NotAFact
from daybreak.interop.fhir.identity import address_of, digest_of, key_parts, source_id
from daybreak.interop.fhir.known_codes import Concept, KnownCodes, concept
from daybreak.interop.fhir.medicine import administration_records, request_records
from daybreak.interop.fhir.observation import observation_records
from daybreak.interop.fhir.patient import patient_record
from daybreak.interop.fhir.records import KeyParts, PatientRecord, Read, Record, Rejected, Repeated, Unused
from daybreak.interop.fhir.references import People, Referring
from daybreak.interop.fhir.sources import Meter, sources

_READERS: dict[str, Callable[[Element, Context], tuple[Record, ...]]] = {
    "Condition": condition_records,
    "AllergyIntolerance": allergy_records,
    "MedicationRequest": request_records,
    "MedicationAdministration": administration_records,
    "Observation": observation_records,
    "QuestionnaireResponse": response_records,
}


def _met_nobody(key: KeyParts) -> bool:
    return False


class Reader:
    """One reading of some paths. `people` is complete once `reads` has begun; `meter` moves as bytes are
    read; `is_empty` says that there is no file that could be FHIR.

    `met` says whether a patient who is not under these paths was imported before. Raises CannotRead where a
    path is not there; whatever is wrong inside is a Read with its reason.
    """

    def __init__(
        self,
        paths: list[Path],
        *,
        known: KnownCodes,
        now: datetime,
        met: Callable[[KeyParts], bool] = _met_nobody,
    ) -> None:
        self.meter = Meter()
        self.people = People()
        self._sources = sources(paths, self.meter)
        self.is_empty = all(source.passed_over for source in self._sources)
        self._known, self._now, self._met = known, now, met
        self._medicines: dict[str, Concept] = {}
        self._digests: dict[KeyParts, str] = {}

    def reads(self) -> Iterator[Read]:
        """Yield what became of every resource, each exactly once, in the order of the files and of their
        content.
        """
        self._meet()
        self.meter.done = 0
        for source in self._sources:
            for found in found_in(source, self.meter):
                yield self._read(found)
        self.meter.done = self.meter.total

    def _meet(self) -> None:
        """Get to know every Patient, and the Medications that prescriptions refer to."""
        for source in self._sources:
            for found in found_in(source, self.meter, wanted=_may_be_referred_to):
                if found.problem or found.passed_over:
                    continue
                if found.type == "Patient":
                    self._introduce(found)
                elif found.type == "Medication":
                    self._note_medicine(found)

    def _introduce(self, found: Found) -> None:
        try:
            key = key_parts(found, digest_of(found.resource))
        except Defect:
            return
        if key in self.people.records or key in self.people.refused:
            return
        self.people.name(key, file=found.file, full_url=found.full_url)
        try:
            record = self._patient(found, key)
        except Defect as defect:
            self.people.refused[key] = str(defect)
            return
        self.people.records[key] = record
        for identifier in record.identifiers:
            self.people.number(key, identifier.system, identifier.value)

    def _patient(self, found: Found, key: KeyParts) -> PatientRecord:
        _check_modifiers(found)
        resource = Element(found.resource, "Patient")
        return patient_record(resource, key_parts=key, source_id=source_id(found), now=self._now)

    def _note_medicine(self, found: Found) -> None:
        try:
            what = concept(Element(found.resource, "Medication").required_element("code"), self._known)
            own = source_id(found)
        except Defect:
            return
        for name in (found.full_url, f"Medication/{own}"):
            if name:
                self._medicines.setdefault(name, what)

    def _read(self, found: Found) -> Read:
        own = found.resource.get("id")
        outcome = self._outcome(found)
        return Read(found.file, found.position, found.type, own if isinstance(own, str) else "", outcome)

    def _outcome(self, found: Found) -> tuple[Record, ...] | Unused | Rejected | Repeated:
        try:
            return self._records(found)
        except NotAFact as reason:
            return Unused(str(reason))
        except Defect as defect:
            return Rejected(str(defect))

    def _records(self, found: Found) -> tuple[Record, ...] | Repeated:
        if found.problem:
            raise Defect(found.problem)
        if found.passed_over:
            raise NotAFact(found.passed_over)
        if found.type != "Patient" and found.type not in _READERS:
            raise NotAFact("a type that is not used")
        digest = digest_of(found.resource)
        key = key_parts(found, digest)
        before = self._digests.get(key)
        if before and before != digest:
            raise Defect("The same id came twice with different content.")
        if before:
            return Repeated()
        self._digests[key] = digest
        if found.type == "Patient":
            return (self.people.records.get(key) or self._patient(found, key),)
        _check_modifiers(found)
        return _READERS[found.type](Element(found.resource, found.type), self._context(found, key))

    def _context(self, found: Found, key: KeyParts) -> Context:
        address = address_of(found.full_url)
        return Context(
            key_parts=key,
            source_id=source_id(found),
            now=self._now,
            known=self._known,
            people=self.people,
            medicines=self._medicines,
            referring=Referring(found.file, address.base if address else ""),
            met=self._met,
        )


def _may_be_referred_to(line: bytes) -> bool:
    """Say whether a line may hold a Patient or a Medication; an escaped letter might hide the word, so it
    counts as a maybe.
    """
    return b'Patient"' in line or b'Medication"' in line or b"\\u" in line


def _check_modifiers(found: Found) -> None:
    """Raise Defect where the resource says that something we do not know changes its meaning: FHIR forbids to
    read on.
    """
    for name in ("modifierExtension", "implicitRules"):
        if found.resource.get(name):
            raise Defect(f"{found.type}.{name} changes the meaning in a way that Daybreak does not know.")
