"""The door of screen."""

from daybreak.screen.actions import (
    NotADecision,
    NotADiagnosis,
    NotAFinding,
    NotAPastTreatment,
    NotReferred,
    assess,
    decide,
    record_diagnosis,
    record_finding,
    record_past_treatment,
    refer,
    second_decision,
)
from daybreak.screen.facts import facts_of
from daybreak.screen.models import PastTreatment
from daybreak.screen.queries import (
    Awaiting,
    DecisionEntry,
    DiagnosisEntry,
    ReferralEntry,
    awaiting,
    decision_of,
    decisions,
    diagnoses,
    past_treatments,
    referrals,
    referred_to,
)
from daybreak.screen.rules import MayNotAccept, Override, OverrideRefused

__all__ = [
    "Awaiting",
    "DecisionEntry",
    "DiagnosisEntry",
    "MayNotAccept",
    "NotADecision",
    "NotADiagnosis",
    "NotAFinding",
    "NotAPastTreatment",
    "NotReferred",
    "Override",
    "OverrideRefused",
    "PastTreatment",
    "ReferralEntry",
    "assess",
    "awaiting",
    "decide",
    "decision_of",
    "decisions",
    "diagnoses",
    "facts_of",
    "past_treatments",
    "record_diagnosis",
    "record_finding",
    "record_past_treatment",
    "refer",
    "referrals",
    "referred_to",
    "second_decision",
]
