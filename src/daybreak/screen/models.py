"""Referrals, diagnoses, past treatments, findings and decisions: each a fact about one patient."""

from django.db import models

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, within_site

CLINICAL, OPERATIONAL, IDENTITY = Class.CLINICAL, Class.OPERATIONAL, Class.IDENTITY

# How a death came about, as the international form of the medical certificate of cause of death asks it (WHO).
MANNERS_OF_DEATH = (
    "disease",
    "accident",
    "intentional self-harm",
    "assault",
    "could not be determined",
    "pending investigation",
)
DIAGNOSIS_STATUS = ("active", "remission", "resolved", "refuted", "entered in error", "unknown")
OUTCOMES = ("no response", "partial response", "response", "not tolerated", "unknown")
DECISIONS = ("accept", "postpone", "decline")
PLACEMENTS = ("bilateral", "unilateral", "unknown")
SAID_BY = ("clinician", "referrer", "records", "patient")


class Referral(Fact):
    """A patient was sent to be considered for a protocol; by whom and why, in sealed words."""

    patient_key = models.UUIDField()
    protocol = models.CharField(max_length=60)
    reason = models.BinaryField()
    referrer = models.BinaryField(null=True)
    referred_at = models.DateTimeField()
    patient = within_site("people.Patient", "patient_key")

    classes = {
        **Fact.classes,
        "patient_key": OPERATIONAL,
        "protocol": CLINICAL,
        **dict.fromkeys(["reason", "referrer"], IDENTITY),
        "referred_at": CLINICAL,
    }


class Attachment(Fact):
    """A file that came with a referral, sealed under the person's key, name and content. Withdrawn by a row that
    corrects it.
    """

    patient_key = models.UUIDField()
    referral_key = models.UUIDField()
    name = models.BinaryField()
    media = models.CharField(max_length=60)
    size_bytes = models.IntegerField()
    content = models.BinaryField()
    withdrawn = models.BooleanField(default=False)
    attached_at = models.DateTimeField()
    patient = within_site("people.Patient", "patient_key")
    referral = within_site("screen.Referral", "referral_key")

    classes = {
        **Fact.classes,
        **dict.fromkeys(["name", "content"], IDENTITY),
        **dict.fromkeys(["patient_key", "referral_key", "media", "size_bytes", "withdrawn"], OPERATIONAL),
        "attached_at": CLINICAL,
    }

    class Meta:
        indexes = [models.Index(fields=["site", "patient_key"], name="screen_attachments_of")]


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


class CauseOfDeath(Fact):
    """What somebody died of, beside the death as it was recorded under `death_key`: how it came about, and the
    underlying cause by its ICD-10 code where that is known. Without it the cause is not known.
    """

    patient_key = models.UUIDField()
    death_key = models.UUIDField()
    manner = models.CharField(max_length=30, choices=[(m, m) for m in MANNERS_OF_DEATH])
    code = models.CharField(max_length=10, blank=True)
    noted_at = models.DateTimeField()
    patient = within_site("people.Patient", "patient_key")
    death = within_site("people.Death", "death_key")

    classes = {
        **Fact.classes,
        **dict.fromkeys(["manner", "code"], CLINICAL),
        **dict.fromkeys(["patient_key", "death_key", "noted_at"], OPERATIONAL),
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "death_key"], name="screen_cause_of_death_once")]


class PastTreatment(Fact):
    """An antidepressant that was tried before. What is null nobody knows; `dose_mg` is per day.

    `adequate` is a person's word or a definition's: `adequacy_by` says which, with the definition's version.
    """

    patient_key = models.UUIDField()
    drug = models.CharField(max_length=60)
    drug_code = models.CharField(max_length=60, blank=True)
    dose_mg = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    weeks = models.DecimalField(max_digits=6, decimal_places=1, null=True)
    started_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    dose_adequate = models.BooleanField(null=True)
    rating = models.SmallIntegerField(null=True)
    adequate = models.BooleanField(null=True)
    adequacy_by = models.CharField(max_length=20, blank=True, default="")
    definition = models.CharField(max_length=60, blank=True, default="")
    version = models.IntegerField(null=True)
    fingerprint = models.CharField(max_length=64, blank=True, default="")
    said_by = models.CharField(max_length=20, blank=True, default="")
    present_episode = models.BooleanField(null=True)
    optimised = models.BooleanField(null=True)
    augmented = models.BooleanField(null=True)
    augmentation = models.CharField(max_length=60, blank=True, default="")
    outcome = models.CharField(max_length=20, choices=[(o, o) for o in OUTCOMES])
    withdrawn = models.BooleanField(default=False)
    noted_at = models.DateTimeField()
    patient = within_site("people.Patient", "patient_key")

    classes = {
        **Fact.classes,
        **dict.fromkeys(["drug", "drug_code", "dose_mg", "weeks", "started_on", "ended_on"], CLINICAL),
        **dict.fromkeys(["dose_adequate", "rating", "adequate", "adequacy_by", "said_by"], CLINICAL),
        **dict.fromkeys(["present_episode", "optimised", "augmented", "augmentation"], CLINICAL),
        **dict.fromkeys(["outcome", "noted_at"], CLINICAL),
        **dict.fromkeys(["patient_key", "definition", "version", "fingerprint", "withdrawn"], OPERATIONAL),
    }

    class Meta:
        indexes = [models.Index(fields=["site", "patient_key"], name="screen_treatments_of")]


class ElectroconvulsiveSeries(Fact):
    """A series of electroconvulsive treatments that was given before."""

    patient_key = models.UUIDField()
    placement = models.CharField(max_length=20, choices=[(p, p) for p in PLACEMENTS])
    treatments = models.SmallIntegerField(null=True)
    started_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    outcome = models.CharField(max_length=20, choices=[(o, o) for o in OUTCOMES])
    said_by = models.CharField(max_length=20, blank=True, default="")
    withdrawn = models.BooleanField(default=False)
    noted_at = models.DateTimeField()
    patient = within_site("people.Patient", "patient_key")

    classes = {
        **Fact.classes,
        **dict.fromkeys(["placement", "treatments", "started_on", "ended_on", "outcome", "said_by"], CLINICAL),
        **dict.fromkeys(["patient_key", "withdrawn"], OPERATIONAL),
        "noted_at": CLINICAL,
    }

    class Meta:
        indexes = [models.Index(fields=["site", "patient_key"], name="screen_series_of")]


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

    `verdict` is what the protocol asked for; `overridden` names the criteria that were set aside; `background` is
    what stood beside the protocol: the staging of resistance, the flags of medicines, the rest of the history.
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
    background = models.JSONField(default=dict)
    reason = models.BinaryField()
    override_reason = models.BinaryField()
    decided_by = models.UUIDField()
    decided_at = models.DateTimeField()
    patient = within_site("people.Patient", "patient_key")

    classes = {
        **Fact.classes,
        **dict.fromkeys(["protocol", "verdict", "decision", "facts", "answers", "overridden"], CLINICAL),
        **dict.fromkeys(["background", "decided_at"], CLINICAL),
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
