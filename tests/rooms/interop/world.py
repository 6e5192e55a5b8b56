"""Small FHIR made in code, a vocabulary to read it with, and doors that only remember."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from daybreak.interop.fhir.from_definitions import known_codes
from daybreak.interop.fhir.intake import DIFFERENT, NEW, SAME, Outcome, Summary, refused, take_in
from daybreak.interop.fhir.known_codes import KnownCodes
from daybreak.interop.fhir.reader import Reader
from daybreak.interop.fhir.records import KeyParts, PatientRecord, Read, Record
from daybreak.rulebook.public import Library

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
KNOWN: KnownCodes = known_codes(Library.load(Path(__file__).parents[3] / "definitions"))
LOINC = "http://loinc.org"

Json = dict[str, Any]


def patient(id: str = "ana", **changed: Any) -> Json:
    """Return a Patient with a name and a birth date."""
    name = [{"use": "official", "family": "Muñoz", "given": ["Ana", "Lucía"]}]
    whole = {"resourceType": "Patient", "id": id, "name": name, "gender": "female", "birthDate": "1980-02-29"}
    return without_none({**whole, **changed})


def observation(measured: str, value: Any, unit: str = "", **changed: Any) -> Json:
    """Return an Observation of Ana's with a quantity."""
    return without_none(
        {
            "resourceType": "Observation",
            "id": "o1",
            "status": "final",
            "code": coded(measured),
            "subject": {"reference": "Patient/ana"},
            "effectiveDateTime": "2026-05-01T10:00:00+02:00",
            "valueQuantity": {"value": value, "unit": unit, "code": unit},
            **changed,
        }
    )


def pressure(systolic: Any = 121, diastolic: Any = 79, panel: str = "85354-9", **changed: Any) -> Json:
    """Return a blood-pressure panel of Ana's."""
    parts = [("8480-6", systolic), ("8462-4", diastolic)]
    components = [{"code": coded(code), "valueQuantity": {"value": value, "code": "mm[Hg]"}} for code, value in parts]
    return observation(panel, 0, valueQuantity=None, **{"component": components, **changed})


def condition(**changed: Any) -> Json:
    """Return a confirmed depressive episode of Ana's."""
    verification = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
    return without_none(
        {
            "resourceType": "Condition",
            "id": "c1",
            "verificationStatus": {"coding": [{"system": verification, "code": "confirmed"}]},
            "code": coded("F32.2", "http://hl7.org/fhir/sid/icd-10-cm"),
            "subject": {"reference": "Patient/ana"},
            "onsetDateTime": "2019-03",
            **changed,
        }
    )


def allergy(code: str = "716186003", **changed: Any) -> Json:
    """Return an AllergyIntolerance of Ana's; without more, the statement that she has none."""
    whole = {"resourceType": "AllergyIntolerance", "id": "a1", "code": coded(code, "http://snomed.info/sct")}
    return without_none({**whole, "patient": {"reference": "Patient/ana"}, **changed})


def request(**changed: Any) -> Json:
    """Return an order of sertraline for Ana."""
    return without_none(
        {
            "resourceType": "MedicationRequest",
            "id": "m1",
            "status": "active",
            "intent": "order",
            "medicationCodeableConcept": {"text": "Sertraline 50 mg"},
            "subject": {"reference": "Patient/ana"},
            "authoredOn": "2026-01-05",
            "dosageInstruction": [
                {"text": "one in the morning", "doseAndRate": [{"doseQuantity": {"value": 50, "code": "mg"}}]}
            ],
            **changed,
        }
    )


def administration(**changed: Any) -> Json:
    """Return a dose of ketamine given to Ana."""
    return without_none(
        {
            "resourceType": "MedicationAdministration",
            "id": "g1",
            "status": "completed",
            "medicationCodeableConcept": coded("373464007", "http://snomed.info/sct"),
            "subject": {"reference": "Patient/ana"},
            "effectivePeriod": {"start": "2026-05-01T10:00:00Z", "end": "2026-05-01T10:40:00Z"},
            "dosage": {"text": "infusion", "dose": {"value": 35.5, "unit": "mg"}},
            **changed,
        }
    )


PHQ9_ITEMS = [
    *("44250-9", "44255-8", "44259-0", "44254-1", "44251-7"),
    *("44258-2", "44252-5", "44253-3", "44260-8"),
]
PHQ9_ANSWERS = ["LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9"]


def phq9(answers: Sequence[int] = (3, 2, 1, 0, 3, 2, 1, 0, 1), **changed: Any) -> Json:
    """Return a QuestionnaireResponse of Ana's with a PHQ-9."""
    items = [
        {"linkId": f"/{code}", "answer": [{"valueCoding": {"system": LOINC, "code": PHQ9_ANSWERS[answer]}}]}
        for code, answer in zip(PHQ9_ITEMS, answers, strict=False)
    ]
    return without_none(
        {
            "resourceType": "QuestionnaireResponse",
            "id": "q1",
            "questionnaire": "http://loinc.org/q/44249-1",
            "status": "completed",
            "subject": {"reference": "Patient/ana"},
            "authored": "2026-05-02T08:00:00Z",
            "item": items,
            **changed,
        }
    )


def coded(code: str, system: str = LOINC) -> Json:
    """Return a CodeableConcept."""
    return {"coding": [{"system": system, "code": code}]}


def without_none(resource: Json) -> Json:
    """Return a resource without the elements that were set to None."""
    return {name: value for name, value in resource.items() if value is not None}


def bundle(*resources: Json, **full_urls: str) -> Json:
    """Return a collection; `full_urls` gives the fullUrl of a resource by its id."""
    entries = []
    for resource in resources:
        url = full_urls.get(str(resource.get("id")))
        entries.append({"resource": resource, **({"fullUrl": url} if url else {})})
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def written(folder: Path, content: Json | str | bytes, name: str = "in.json") -> Path:
    """Write a file and return its path."""
    path = folder / name
    text = content if isinstance(content, str | bytes) else json.dumps(content, ensure_ascii=False)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def reads(*paths: Path) -> list[Read]:
    """Return what became of every resource under some paths."""
    return list(Reader(list(paths), known=KNOWN, now=NOW).reads())


def outcome_of(folder: Path, resource: dict[str, Any]) -> Any:
    """Return what becomes of one resource that stands behind its patient."""
    return reads(written(folder, bundle(patient(), resource)))[1].outcome


@dataclass
class Memory:
    """Doors that remember, and refuse the key parts they are told to."""

    kept: dict[KeyParts, Record] = field(default_factory=dict)
    refusing: dict[KeyParts, str] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def met(self, patient: KeyParts) -> bool:
        return patient in self.kept

    @contextmanager
    def group(self) -> Iterator[None]:
        self.calls.append("group")
        yield

    def patient(self, record: PatientRecord) -> Outcome:
        self.calls.append(f"patient {record.source_id}")
        return self._keep(record)

    def facts(self, records: Sequence[Record]) -> list[Outcome]:
        self.calls.append(f"{len(records)} facts")
        return [self._keep(record) for record in records]

    def _keep(self, record: Record) -> Outcome:
        if record.key_parts in self.refusing:
            return refused(self.refusing[record.key_parts])
        before = self.kept.setdefault(record.key_parts, record)
        return NEW if before is record else SAME if before == record else DIFFERENT


def taken_in(*paths: Path, doors: Memory | None = None, batch: int = 5_000) -> Summary:
    """Import some paths and return the account, in which every resource is counted exactly once."""
    summary = take_in(list(paths), doors or Memory(), known=KNOWN, now=NOW, batch=batch)
    check_account(summary)
    return summary


def check_account(summary: Summary) -> None:
    """Check per type that read = accepted + unchanged + unused + rejected."""
    account = json.loads(json.dumps(summary.as_json()))
    for kind, count in account["read"].items():
        rejected = sum(one["type"] == kind for one in account["rejected"])
        counted = sum(account[part].get(kind, 0) for part in ("accepted", "unchanged", "unused"))
        assert count == counted + rejected, kind
    assert {one["type"] for one in account["rejected"]} <= set(account["read"])
