"""Where each fact that a protocol may ask comes from: scores, signs, laboratory results and medicines from measure, the
age from identity, sex from people, the rest from here.

A fact that no record answers is absent; the rulebook then says unknown. Nothing is guessed and nothing
defaults.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from daybreak.identity.public import age_of
from daybreak.kernel.scope import Scope
from daybreak.measure.public import (
    Allergies,
    LabResult,
    Measurement,
    MedicineEntry,
    Score,
    allergies,
    lab_results,
    library,
    medicines,
    newest_measurements,
    scores,
)
from daybreak.people.public import Patient
from daybreak.people.public import patient as patient_of
from daybreak.rulebook.public import Fact, FactDefinition
from daybreak.screen.flags import OPIOIDS, Taken, flags_of
from daybreak.screen.models import Diagnosis, Finding, PastTreatment
from daybreak.screen.queries import (
    DecisionEntry,
    current_findings,
    decision_of,
    diagnosis_rows,
    past_treatments,
)
from daybreak.screen.rules import least_age, word_for_trial
from daybreak.screen.staging import counted_once


@dataclass(frozen=True, slots=True)
class Record:
    """What the rooms hold about one patient at one moment."""

    patient: Patient | None
    age: int | None
    scores: list[Score]
    signs: dict[str, Measurement]
    labs: dict[str, LabResult]
    medicines: list[MedicineEntry]
    allergies: Allergies
    diagnoses: list[Diagnosis]
    treatments: list[PastTreatment]
    findings: dict[str, Finding]
    decision: DecisionEntry | None
    at: datetime


def facts_of(
    scope: Scope, *, patient: UUID, protocol: str, at: datetime, version: int | None = None
) -> dict[str, Fact]:
    """Return every fact of the protocol's vocabulary that a record answers at `at`, by name."""
    held = library()
    asked = (held.latest_protocol(protocol) if version is None else held.protocol(protocol, version)).facts
    record = Record(
        patient=patient_of(scope, patient),
        age=age_of(scope, patient, at=at),
        scores=scores(scope, patient=patient),
        signs=newest_measurements(scope, patient=patient),
        labs={row.test: row for row in lab_results(scope, patient=patient)},
        medicines=[each for each in medicines(scope, patient) if each.status == "active"],
        allergies=allergies(scope, patient),
        diagnoses=diagnosis_rows(scope, patient=patient),
        treatments=past_treatments(scope, patient=patient),
        findings=current_findings(scope, patient=patient),
        decision=decision_of(scope, patient),
        at=at,
    )
    found = {each.id: fact_from(record, each) for each in asked}
    return {name: fact for name, fact in found.items() if fact is not None}


def fact_from(record: Record, definition: FactDefinition) -> Fact | None:
    """Return one fact from the record, or nothing where no record answers it."""
    computed = COMPUTED[definition.id](record) if definition.id in COMPUTED else None
    if computed is not None:
        return computed
    if definition.id in record.signs:
        row = record.signs[definition.id]
        return Fact(row.value, row.unit, row.measured_at, f"measurement {row.key}")
    if definition.id in record.labs:
        return _laboratory(record.labs[definition.id])
    finding = record.findings.get(definition.id)
    return _asked(finding, definition) if finding and finding.value is not None else None


def _asked(finding: Finding, definition: FactDefinition) -> Fact:
    value = finding.value
    if definition.kind == "number" and isinstance(value, str | int | float) and not isinstance(value, bool):
        value = Decimal(str(value))
    if definition.kind == "date" and isinstance(value, str):
        value = date.fromisoformat(value)
    return Fact(
        tuple(value) if isinstance(value, list) else value,
        definition.unit,
        finding.noted_at,
        f"finding {finding.key}",
    )


def _laboratory(row: LabResult) -> Fact | None:
    """A result as it is written; one that only says “below” or “above” gives no number."""
    if row.finding:
        return Fact(row.finding, "", row.collected_at, f"laboratory {row.key}")
    if row.value is None or row.comparator:
        return None
    return Fact(row.value, row.unit, row.collected_at, f"laboratory {row.key}")


def _age(record: Record) -> Fact | None:
    if record.age is not None:
        return Fact(Decimal(record.age), "a", None, "birth date")
    age = least_age(record.patient.birth_year if record.patient else None, record.at)
    return None if age is None else Fact(Decimal(age), "a", None, "birth year")


def _sex(record: Record) -> Fact | None:
    known = record.patient.sex if record.patient else "unknown"
    return None if known == "unknown" else Fact(known, "", None, "registration")


def _diagnosis(record: Record) -> Fact | None:
    for row in _active(record):
        if _meaning(row) in DEPRESSIVE:
            return Fact(DEPRESSIVE[_meaning(row)], "", row.noted_at, f"diagnosis {row.code}")
    return None


def _psychotic_features(record: Record) -> Fact | None:
    coded = _coded(record, {"depressive_episode_with_psychosis", "bipolar_depression_with_psychosis"})
    severity = record.findings.get("episode_severity")
    if coded is None and severity is not None and severity.value == "severe_with_psychosis":
        return Fact(True, "", severity.noted_at, f"finding {severity.key}")
    return coded


def _psychotic_disorder(record: Record) -> Fact | None:
    return _coded(record, {"psychotic_disorder"})


def _substance_use_disorder(record: Record) -> Fact | None:
    """A yes from a diagnosis that stands in one of the list's categories; a code never says no."""
    disorders = library().codelist("substance_use_disorders")
    row = next((row for row in _active(record) if disorders.means(row.system, row.code.partition(".")[0])), None)
    return Fact(True, "", row.noted_at, f"diagnosis {row.code}") if row else None


def _opioid_use(record: Record) -> Fact | None:
    """Prescribed where a medicine of the list is taken, whatever was answered; a list of medicines never says no."""
    said = record.findings.get("opioid_use")
    if said is not None and said.value == "not_prescribed":
        return None
    taken = [Taken(each.display, each.code, each.system) for each in record.medicines]
    if not flags_of([library().codelist(OPIOIDS)], taken):
        return None
    return Fact("prescribed", "", max(each.noted_at for each in record.medicines), "medicines")


def _urine_toxicology(record: Record) -> Fact | None:
    """Positive where the newest test of the urine for a drug was, whatever was answered; only a newer result, or taking
    the result back, changes that. A negative test never says clear.
    """
    positive = [row for name, row in record.labs.items() if name in URINE_DRUGS and row.finding == "positive"]
    last = max(positive, key=lambda row: row.collected_at, default=None)
    if last is None:
        return None
    return Fact("positive", "", last.collected_at, f"laboratory {last.key}")


def _coded(record: Record, meanings: set[str]) -> Fact | None:
    """A yes from a code that stands; a code never says no."""
    row = next((row for row in _active(record) if _meaning(row) in meanings), None)
    return Fact(True, "", row.noted_at, f"diagnosis {row.code}") if row else None


def _active(record: Record) -> list[Diagnosis]:
    return [row for row in record.diagnoses if row.status == "active"]


def _meaning(row: Diagnosis) -> str:
    return library().codelist("depressive_disorders").means(row.system, row.code) or ""


def _trials(record: Record) -> Fact | None:
    if not record.treatments:
        complete = record.findings.get("treatment_history_complete")
        return Fact((), "", complete.noted_at, "past treatments") if complete and complete.value is True else None
    words = tuple(word_for_trial(row.adequate, row.outcome) for row in counted_once(record.treatments))
    return Fact(words, "", max(row.noted_at for row in record.treatments), "past treatments")


def _depression(record: Record) -> Fact | None:
    instrument, name = DEPRESSION_SCORE
    row = next((s for s in reversed(record.scores) if (s.instrument, s.name) == (instrument, name)), None)
    return Fact(row.value, "{score}", row.answered_at, f"{instrument} score {row.key}") if row else None


def _allergies_known(record: Record) -> Fact | None:
    known = record.allergies
    return None if known.state == "unknown" else Fact(True, "", known.noted_at, "allergies")


def _body_mass_index(record: Record) -> Fact | None:
    weight, height = record.signs.get("weight"), record.signs.get("height")
    if weight is None or height is None or height.value <= 0:
        return None
    value = weight.value / (height.value / 100) ** 2
    return Fact(round(value, 1), "kg/m2", weight.measured_at, "weight and height")


def _screening_decided(record: Record) -> Fact | None:
    last = record.decision
    return Fact(last.accepted, "", last.decided_at, f"decision {last.key}") if last else None


# House words of the code list, and the diagnosis that each stands for.
DEPRESSIVE = {
    "depressive_episode": "major_depressive_episode",
    "depressive_episode_with_psychosis": "major_depressive_episode",
    "bipolar_depression": "bipolar_depression",
    "bipolar_depression_with_psychosis": "bipolar_depression",
}
DEPRESSION_SCORE = ("phq9", "total")

URINE_DRUGS = {
    f"lab_urine_{drug}" for drug in ("amphetamines", "benzodiazepines", "cannabis", "cocaine", "opioids", "ketamine")
}

# Facts that are put together from records; where one has no answer, a finding of the same name may give it.
COMPUTED: Mapping[str, Callable[[Record], Fact | None]] = {
    "age": _age,
    "sex": _sex,
    "diagnosis": _diagnosis,
    "psychotic_features": _psychotic_features,
    "psychotic_disorder": _psychotic_disorder,
    "substance_use_disorder": _substance_use_disorder,
    "opioid_use": _opioid_use,
    "urine_toxicology": _urine_toxicology,
    "antidepressant_trials": _trials,
    "depression_score": _depression,
    "allergies_known": _allergies_known,
    "body_mass_index": _body_mass_index,
    "screening_decided": _screening_decided,
}
