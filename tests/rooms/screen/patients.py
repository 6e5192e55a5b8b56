"""Patients at each stage of screening, made by the rooms' own actions."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import Scope, scoped
from daybreak.measure.public import library, record_answers, record_no_known_allergies
from daybreak.people.public import Account, give_role, open_account
from daybreak.screen.public import record_diagnosis, record_finding, record_past_treatment, refer
from tests.world.people import World

PROTOCOL = "ketamine_iv_40min"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
GOOD_FINDINGS = {
    "diagnostic_assessment_done": True,
    "psychotic_features": False,
    "psychotic_disorder": False,
    "substance_use_disorder": False,
    "ketamine_hypersensitivity": False,
    "medicines_reviewed": True,
    "pregnancy": "not_pregnant",
    "uncontrolled_hypertension": False,
    "aneurysmal_vascular_disease": False,
    "arteriovenous_malformation": False,
    "intracerebral_haemorrhage": False,
    "risk_factors_examined": True,
    "urine_toxicology": "clear",
    "opioid_use": "none",
    "prescription_monitoring": "nothing_unexpected",
    "laboratory_results": "acceptable",
    "setting": "clinic",
}


def second_clinician(world: World) -> Account:
    """Return another clinician of dawn."""
    account = open_account(email="second.clinician@dawn.example", name="Cyril Maas")
    with scoped(Scope(site="dawn", actor=account.key, purpose="set-up")) as scope:
        give_role(scope, account=account.key, role="clinician", from_day=world.now.date() - timedelta(days=30))
    return account


def referred(world: World, **who: object) -> UUID:
    """Return a patient who was referred an hour ago and about whom nothing else is known."""
    patient = world.patient(**who)
    with scoped(world.scope()) as scope:
        at = world.now - timedelta(hours=1)
        refer(scope, key=new_key(), patient=patient, protocol=PROTOCOL, reason="Three treatments failed.", at=at)
    return patient


def ready(world: World, *, but: dict[str, object] | None = None, **who: object) -> UUID:
    """Return a referred patient for whom every criterion is met, but for the findings in `but` (None: not
    known).
    """
    patient = referred(world, **who)
    with scoped(world.scope()) as scope:
        _measure(world, scope, patient)
        record_diagnosis(
            scope, key=new_key(), patient=patient, code="F33.2", system=ICD, display="MDD", noted_at=world.now
        )
        for drug in ("sertraline", "venlafaxine"):
            _failed_treatment(world, scope, patient, drug)
        for question, value in {**GOOD_FINDINGS, **(but or {})}.items():
            record_finding(scope, key=new_key(), patient=patient, question=question, value=value, noted_at=world.now)
    return patient


def _measure(world: World, scope: Scope, patient: UUID) -> None:
    items = library().instrument("phq9").scores[0].items
    answers = dict.fromkeys(items, 2)
    record_answers(
        scope,
        key=new_key(),
        patient=patient,
        instrument="phq9",
        answers=answers,
        answered_at=world.now,
        by="staff",
    )
    record_no_known_allergies(scope, key=new_key(), patient=patient, noted_at=world.now)


def _failed_treatment(world: World, scope: Scope, patient: UUID, drug: str) -> None:
    record_past_treatment(
        scope,
        key=new_key(),
        patient=patient,
        drug=drug,
        dose=Decimal(150),
        weeks=Decimal(8),
        adequate=True,
        outcome="no response",
        noted_at=world.now,
    )
