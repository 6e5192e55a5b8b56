"""Finds what a reference means: by fullUrl, by relative or absolute address, or by an identifier alone."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from daybreak.interop.fhir.element import Defect, Element, NotAFact
from daybreak.interop.fhir.identity import address_of, urn_id, without_version
from daybreak.interop.fhir.records import Code, KeyParts, PatientRecord

_CONDITIONAL = "Patient?identifier="
_NOT_A_PERSON = frozenset({"Group", "Device", "Location", "Medication", "Substance", "Procedure", "Organization"})


@dataclass
class People:
    """Every Patient of the input: the accepted ones, why others were not, and the names under which they can
    be referred to.
    """

    records: dict[KeyParts, PatientRecord] = field(default_factory=dict)
    refused: dict[KeyParts, str] = field(default_factory=dict)
    _names: dict[str, set[KeyParts]] = field(default_factory=lambda: defaultdict(set))
    _numbers: dict[Code, set[KeyParts]] = field(default_factory=lambda: defaultdict(set))

    def name(self, key: KeyParts, *, file: str, full_url: str) -> None:
        """Remember the names of a patient: its fullUrl, its id in this file, and its id anywhere."""
        if full_url:
            self._names[full_url].add(key)
        self._names[f"{file}\n{key[2]}"].add(key)
        self._names[key[2]].add(key)

    def number(self, key: KeyParts, system: str, value: str) -> None:
        """Remember an identifier of a patient."""
        self._numbers[system, value].add(key)

    def called(self, *names: str) -> set[KeyParts]:
        """Return the patients of the first of `names` that is known."""
        return next((self._names[name] for name in names if name in self._names), set())

    def numbered(self, system: str, value: str) -> set[KeyParts]:
        """Return the patients who carry an identifier; a reference without a system takes any."""
        if system:
            return self._numbers.get((system, value), set())
        return {key for (_, number), keys in self._numbers.items() if number == value for key in keys}


@dataclass(frozen=True, slots=True)
class Referring:
    """From where a reference is made: the file, and the server the referring resource came from ("" where not
    said).
    """

    file: str
    origin: str


def patient_of(
    resource: Element, name: str, *, people: People, referring: Referring, met: Callable[[KeyParts], bool]
) -> KeyParts:
    """Return the key parts of the patient that `name` (subject, patient) refers to.

    `met` says whether a patient who is not in the input was imported before. Raises Defect where the
    reference leads nowhere, to several patients, or to one who was rejected, and NotAFact where it leads to
    something else.
    """
    reference = resource.required_element(name)
    keys, said = _meant(reference, people, referring)
    path = f"{resource.path}.{name}"
    if len(keys) > 1:
        raise Defect(f"{path} refers to “{said}”, and {len(keys)} patients are called so.")
    if keys:
        key = next(iter(keys))
        if key in people.refused:
            raise Defect(f"{path} refers to “{said}”, a patient who was rejected.")
        return key
    before = _outside(reference, referring)
    if before and met(before):
        return before
    raise Defect(f"{path} refers to “{said}”, and there is no such patient.")


def _meant(reference: Element, people: People, referring: Referring) -> tuple[set[KeyParts], str]:
    said = without_version(reference.text("reference"))
    if said:
        if keys := _by_reference(said, people, referring):
            return keys, said[:100]
        if _type_named(reference, said) in _NOT_A_PERSON:
            raise NotAFact("it is not about a person")
    elif reference.text("type") in _NOT_A_PERSON:
        raise NotAFact("it is not about a person")
    identifier = reference.element("identifier")
    if identifier and (value := identifier.text("value")):
        system = identifier.text("system")
        return people.numbered(system, value), said[:100] or f"the identifier {value[:40]}"
    if not said:
        raise reference.missing("reference")
    return set(), said[:100]


def _by_reference(said: str, people: People, referring: Referring) -> set[KeyParts]:
    if said.startswith(_CONDITIONAL):
        system, _, value = said.removeprefix(_CONDITIONAL).rpartition("|")
        return people.numbered(system, value)
    if address := address_of(said):
        found = people.called(said)
        # Where the input does not say which server its patients are of, an address may mean them by id.
        return found or {key for key in people.called(address.id) if address.type == "Patient" and not key[0]}
    if said.startswith("Patient/"):
        relative = said.removeprefix("Patient/")
        own = f"{referring.origin}/{said}"
        return people.called(own, f"{referring.file}\n{relative}", relative)
    return people.called(said, urn_id(said)) if urn_id(said) else set()


def _outside(reference: Element, referring: Referring) -> KeyParts | None:
    """Return the key parts that a patient from an earlier import would have under this reference."""
    said = without_version(reference.text("reference"))
    if address := address_of(said):
        return (address.base, "Patient", address.id) if address.type == "Patient" else None
    if said.startswith("Patient/"):
        return referring.origin, "Patient", said.removeprefix("Patient/")
    return ("", "Patient", urn_id(said)) if urn_id(said) else None


def _type_named(reference: Element, said: str) -> str:
    address = address_of(said)
    return reference.text("type") or (address.type if address else said.split("/", 1)[0])
