"""Every write to screen. Each is atomic, and a retry of the same fact changes nothing."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from daybreak.identity.public import seal_text
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import record_one
from daybreak.measure.public import fact_definition, library
from daybreak.rulebook.public import Fact, FactDefinition, Verdict, evaluate, trouble_with
from daybreak.screen.facts import facts_of
from daybreak.screen.models import (
    DECISIONS,
    DIAGNOSIS_STATUS,
    OUTCOMES,
    Decision,
    Diagnosis,
    Finding,
    PastTreatment,
    Referral,
    SecondSignature,
)
from daybreak.screen.queries import decisions, referred_to
from daybreak.screen.rules import Override, OverrideRefused, answer_to_json, demand_acceptable, fact_to_json

Answer = bool | Decimal | str | tuple[str, ...]


class NotADiagnosis(Refusal):
    """The words do not describe a diagnosis."""


class NotAPastTreatment(Refusal):
    """The words do not describe a treatment that was tried."""


class NotAFinding(Refusal):
    """A question that nobody asks, or an answer that cannot be right."""


class NotReferred(Refusal):
    """Nobody has referred this patient to a protocol yet."""


class NotADecision(Refusal):
    """The words do not describe a decision."""


def refer(scope: Scope, *, key: UUID, patient: UUID, protocol: str, reason: str, at: datetime) -> Referral:
    """Refer a patient to be considered for a protocol; raise UnknownDefinition for one that is not held."""
    return record_one(
        Referral(
            site=scope.site,
            key=key,
            patient_key=patient,
            protocol=library().protocol(protocol).id,
            reason=seal_text(scope, patient, reason.strip(), fact=key),
            referred_at=at,
        )
    )


def record_diagnosis(
    scope: Scope,
    *,
    key: UUID,
    patient: UUID,
    code: str,
    system: str,
    display: str,
    onset_on: date | None = None,
    status: str = "active",
    noted_at: datetime,
    corrects: UUID | None = None,
) -> Diagnosis:
    """Record a diagnosis by its code; `corrects` names the entry it replaces. Raises NotADiagnosis."""
    if not code or not system:
        raise NotADiagnosis("A diagnosis needs its code and the list the code is from.")
    if status not in DIAGNOSIS_STATUS:
        raise NotADiagnosis(f"“{status}” does not say whether the diagnosis still stands.")
    if onset_on and onset_on > noted_at.date():
        raise NotADiagnosis("The illness starts in the future: check the day.")
    return record_one(
        Diagnosis(
            site=scope.site,
            key=key,
            corrects=corrects,
            patient_key=patient,
            code=code,
            system=system,
            display=seal_text(scope, patient, display.strip(), fact=key),
            onset_on=onset_on,
            status=status,
            noted_at=noted_at,
        )
    )


def record_past_treatment(
    scope: Scope,
    *,
    key: UUID,
    patient: UUID,
    drug: str,
    drug_code: str = "",
    dose: Decimal | None = None,
    weeks: Decimal | None = None,
    adequate: bool | None,
    outcome: str = "unknown",
    noted_at: datetime,
    corrects: UUID | None = None,
) -> PastTreatment:
    """Record a treatment that was tried: `dose` in mg a day, `adequate` None where nobody knows. Raises
    NotAPastTreatment.
    """
    if not drug.strip():
        raise NotAPastTreatment("Say which treatment was tried.")
    if outcome not in OUTCOMES:
        raise NotAPastTreatment(f"“{outcome}” is not one of: {', '.join(OUTCOMES)}.")
    for name, value in (("dose", dose), ("duration", weeks)):
        if value is not None and not (Decimal(value).is_finite() and 0 < value < 100_000):
            raise NotAPastTreatment(f"The {name} must be a number above 0.")
    return record_one(
        PastTreatment(
            site=scope.site,
            key=key,
            corrects=corrects,
            patient_key=patient,
            drug=drug.strip(),
            drug_code=drug_code,
            dose_mg=None if dose is None else round(Decimal(dose), 3),
            weeks=None if weeks is None else round(Decimal(weeks), 1),
            adequate=adequate,
            outcome=outcome,
            noted_at=noted_at,
        )
    )


def record_finding(
    scope: Scope, *, key: UUID, patient: UUID, question: str, value: Answer | None, noted_at: datetime
) -> Finding:
    """Record the answer to a question of the vocabulary; None is “not known”. Raises NotAFinding."""
    definition = fact_definition(library(), question)
    if definition is None:
        raise NotAFinding(f"No protocol asks “{question}”.")
    if value is not None and (trouble := _trouble(definition, value)):
        raise NotAFinding(trouble)
    return record_one(
        Finding(
            site=scope.site,
            key=key,
            patient_key=patient,
            question=question,
            value=_plain(value),
            noted_at=noted_at,
        )
    )


def _plain(value: Answer | None) -> object:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return list(value) if isinstance(value, tuple) else value


def _trouble(definition: FactDefinition, value: Answer) -> str | None:
    return trouble_with(definition, Fact(value, definition.unit))


def assess(scope: Scope, *, patient: UUID, protocol: str, at: datetime) -> Verdict:
    """Return the protocol's verdict on the patient as the facts stand at `at`. Stores nothing."""
    facts = facts_of(scope, patient=patient, protocol=protocol, at=at)
    return evaluate(library().protocol(protocol), "screening", facts, at=at)


def decide(
    scope: Scope,
    *,
    key: UUID,
    patient: UUID,
    decision: str,
    reason: str,
    at: datetime,
    override: Override | None = None,
) -> Decision:
    """Freeze a clinician's decision with the protocol's version, every fact and every answer.

    Accepting needs every criterion met, or an override that names the rest. Raises NotReferred, NotADecision,
    MayNotAccept, OverrideRefused; KeyReused when the key returns with another decision.
    """
    _demand_decision(scope, decision, reason, override)
    facts, verdict = _screened(scope, patient=patient, at=at)
    set_aside = demand_acceptable(verdict, override) if decision == "accept" else ()
    return record_one(
        Decision(
            site=scope.site,
            key=key,
            patient_key=patient,
            protocol=verdict.protocol,
            version=verdict.version,
            fingerprint=verdict.fingerprint,
            verdict=verdict.decision.value,
            decision=decision,
            facts={name: fact_to_json(fact) for name, fact in sorted(facts.items())},
            answers=[answer_to_json(answer) for answer in verdict.criteria],
            overridden=[answer.id for answer in set_aside],
            reason=seal_text(scope, patient, reason.strip(), fact=key),
            override_reason=seal_text(scope, patient, override.reason.strip() if override else "", fact=key),
            decided_by=scope.actor,
            decided_at=at,
        )
    )


def _demand_decision(scope: Scope, decision: str, reason: str, override: Override | None) -> None:
    if decision not in DECISIONS:
        raise NotADecision(f"“{decision}” is not one of: {', '.join(DECISIONS)}.")
    if scope.actor is None:
        raise NotADecision("A decision is a named clinician's: sign in first.")
    if decision != "accept" and not reason.strip():
        raise NotADecision("Say why, in words that the referring clinician would understand.")
    if decision != "accept" and override is not None:
        raise OverrideRefused("Only an acceptance overrides something.")


def _screened(scope: Scope, *, patient: UUID, at: datetime) -> tuple[dict[str, Fact], Verdict]:
    """The facts that the protocol asks at screening, and its verdict on them."""
    name = referred_to(scope, patient=patient)
    if name is None:
        raise NotReferred("This patient has not been referred to a protocol yet: refer the patient first.")
    protocol = library().protocol(name)
    asked = {definition.id for definition in protocol.facts_of("screening")}
    known = facts_of(scope, patient=patient, protocol=name, at=at)
    facts = {name: fact for name, fact in known.items() if name in asked}
    return facts, evaluate(protocol, "screening", facts, at=at)


def second_decision(scope: Scope, *, key: UUID, patient: UUID, decision: UUID, at: datetime) -> SecondSignature:
    """Sign an override as the second clinician; raise OverrideRefused where none is asked for or the first
    one signs again.
    """
    found = next((each for each in decisions(scope, patient=patient) if each.key == decision), None)
    if found is None or not (found.waits_for_second or found.second_by == scope.actor):
        raise OverrideRefused("No second signature is asked for here.")
    if scope.actor is None or scope.actor == found.decided_by:
        raise OverrideRefused("The second signature is another clinician's.")
    return record_one(
        SecondSignature(
            site=scope.site,
            key=key,
            patient_key=patient,
            decision_key=decision,
            signed_by=scope.actor,
            signed_at=at,
        )
    )
