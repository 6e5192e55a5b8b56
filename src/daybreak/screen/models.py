"""Referrals, diagnoses, past treatments, findings and decisions: each a fact about one patient."""

from django.db import models

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, within_site

CLINICAL, OPERATIONAL, IDENTITY = Class.CLINICAL, Class.OPERATIONAL, Class.IDENTITY

DIAGNOSIS_STATUS = ("active", "remission", "resolved", "refuted", "entered in error", "unknown")
OUTCOMES = ("no response", "partial response", "response", "not tolerated", "unknown")
DECISIONS = ("accept", "postpone", "decline")


class Referral(Fact):
    """A patient was sent to be considered for a protocol; why, in sealed words."""

    patient_key = models.UUIDField()
    protocol = models.CharField(max_length=60)
    reason = models.BinaryField()
    referred_at = models.DateTimeField()
    patient = within_site("people.Patient", "patient_key")

    classes = {
        **Fact.classes,
        "patient_key": OPERATIONAL,
        "protocol": CLINICAL,
        "reason": IDENTITY,
        "referred_at": CLINICAL,
    }


class Diagnosis(Fact):
    """A diagnosis by its code. Its words are sealed, since other systems write free text there."""

    patient_key = models.UUIDField()
    code = models.CharField(max_length=60)
    system = models.CharField(max_length=120)
    display = models.BinaryField()
    onset_on = models.DateField(null=True)
    status = models.CharField(max_length=20, choices=[(s, s) for s in DIAGNOSIS_STATUS])
    noted_at = models.DateTimeField()
    patient = within_site("people.Patient", "patient_key")

    classes = {
        **Fact.classes,
        **dict.fromkeys(["code", "system", "onset_on", "status", "noted_at"], CLINICAL),
        "display": IDENTITY,
        "patient_key": OPERATIONAL,
    }

    class Meta:
        indexes = [models.Index(fields=["site", "patient_key"], name="screen_diagnoses_of")]


class PastTreatment(Fact):
    """A treatment for depression that was tried before. `adequate` is null where nobody knows; `dose_mg` is
    per day.
    """

    patient_key = models.UUIDField()
    drug = models.CharField(max_length=60)
    drug_code = models.CharField(max_length=60, blank=True)
    dose_mg = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    weeks = models.DecimalField(max_digits=6, decimal_places=1, null=True)
    adequate = models.BooleanField(null=True)
    outcome = models.CharField(max_length=20, choices=[(o, o) for o in OUTCOMES])
    noted_at = models.DateTimeField()
    patient = within_site("people.Patient", "patient_key")

    classes = {
        **Fact.classes,
        **dict.fromkeys(["drug", "drug_code", "dose_mg", "weeks", "adequate", "outcome", "noted_at"], CLINICAL),
        "patient_key": OPERATIONAL,
    }

    class Meta:
        indexes = [models.Index(fields=["site", "patient_key"], name="screen_treatments_of")]


class Finding(Fact):
    """The answer to a question of the protocol's vocabulary: a yes or no, a number, a choice; null is a plain
    “not known”.
    """

    patient_key = models.UUIDField()
    question = models.CharField(max_length=60)
    value = models.JSONField(null=True)
    noted_at = models.DateTimeField()
    patient = within_site("people.Patient", "patient_key")

    classes = {
        **Fact.classes,
        **dict.fromkeys(["question", "value", "noted_at"], CLINICAL),
        "patient_key": OPERATIONAL,
    }

    class Meta:
        indexes = [models.Index(fields=["site", "patient_key", "question"], name="screen_findings_of")]


class Decision(Fact):
    """What a named clinician decided, frozen with the definition, every fact and every answer that stood
    then.

    `verdict` is what the protocol asked for; `overridden` names the criteria that were set aside.
    """

    patient_key = models.UUIDField()
    protocol = models.CharField(max_length=60)
    version = models.IntegerField()
    fingerprint = models.CharField(max_length=64)
    verdict = models.CharField(max_length=20)
    decision = models.CharField(max_length=20, choices=[(d, d) for d in DECISIONS])
    facts = models.JSONField()
    answers = models.JSONField()
    overridden = models.JSONField()
    reason = models.BinaryField()
    override_reason = models.BinaryField()
    decided_by = models.UUIDField()
    decided_at = models.DateTimeField()
    patient = within_site("people.Patient", "patient_key")

    classes = {
        **Fact.classes,
        **dict.fromkeys(["protocol", "verdict", "decision", "facts", "answers", "overridden", "decided_at"], CLINICAL),
        **dict.fromkeys(["patient_key", "version", "fingerprint", "decided_by"], OPERATIONAL),
        **dict.fromkeys(["reason", "override_reason"], IDENTITY),
    }

    class Meta:
        indexes = [models.Index(fields=["site", "patient_key", "decided_at"], name="screen_decisions_of")]


class SecondSignature(Fact):
    """Another clinician agrees with a decision whose override needs two."""

    patient_key = models.UUIDField()
    decision_key = models.UUIDField()
    signed_by = models.UUIDField()
    signed_at = models.DateTimeField()
    patient = within_site("people.Patient", "patient_key")
    decision = within_site("screen.Decision", "decision_key")

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "decision_key", "signed_by"], OPERATIONAL),
        "signed_at": CLINICAL,
    }
