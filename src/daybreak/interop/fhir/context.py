"""What the reading of one resource may lean on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from daybreak.interop.fhir.element import Element
from daybreak.interop.fhir.known_codes import Concept, KnownCodes
from daybreak.interop.fhir.records import KeyParts
from daybreak.interop.fhir.references import People, Referring, patient_of


@dataclass(frozen=True, slots=True)
class Context:
    """The resource's own key, the moment of the import, the codes, the patients, and the medicines that
    others refer to.
    """

    key_parts: KeyParts
    source_id: str
    now: datetime
    known: KnownCodes
    people: People
    medicines: dict[str, Concept]
    referring: Referring
    met: Callable[[KeyParts], bool]

    def patient(self, resource: Element, name: str) -> KeyParts:
        """Return the patient that `name` refers to; raise Defect or NotAFact."""
        return patient_of(resource, name, people=self.people, referring=self.referring, met=self.met)
