"""Signatures and withdrawals. Both are added, never changed."""

from django.db import models

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, within_site

CLINICAL, OPERATIONAL, IDENTITY = Class.CLINICAL, Class.OPERATIONAL, Class.IDENTITY

SIGNERS = ("patient", "clinician")
ANSWERS = ("agreed", "declined")


class Signature(Fact):
    """One person's answer to one exact text: version, fingerprint and language of what was shown, and for how
    long.

    `name` is the printed name as it was typed, sealed. `meaning` says what the signature stands for.
    `signed_by` is the clinician's account; it is empty for a patient, whose device was handed over by
    `recorded_by`. `needs` lists whose signatures the text asks for.
    """

    patient_key = models.UUIDField()
    consent = models.CharField(max_length=20)
    definition = models.CharField(max_length=60)
    version = models.IntegerField()
    fingerprint = models.CharField(max_length=64)
    language = models.CharField(max_length=5)
    signer = models.CharField(max_length=10, choices=[(s, s) for s in SIGNERS])
    answer = models.CharField(max_length=10, choices=[(a, a) for a in ANSWERS])
    needs = models.JSONField()
    name = models.BinaryField()
    meaning = models.CharField(max_length=400)
    shown_seconds = models.IntegerField()
    understood = models.JSONField()
    signed_by = models.UUIDField(null=True)
    signed_at = models.DateTimeField()
    patient = within_site("people.Patient", "patient_key")

    classes = {
        **Fact.classes,
        **dict.fromkeys(
            [
                "consent",
                "definition",
                "version",
                "language",
                "signer",
                "answer",
                "shown_seconds",
                "understood",
                "signed_at",
            ],
            CLINICAL,
        ),
        **dict.fromkeys(["patient_key", "fingerprint", "needs", "meaning", "signed_by"], OPERATIONAL),
        "name": IDENTITY,
    }

    class Meta:
        indexes = [models.Index(fields=["site", "patient_key", "consent"], name="consent_signatures_of")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(signer="patient", signed_by__isnull=True)
                | models.Q(signer="clinician", signed_by__isnull=False),
                name="consent_signer_is_named",
            )
        ]


class Withdrawal(Fact):
    """A consent was taken back. It counts from `withdrawn_at`; what was signed before stays in the table."""

    patient_key = models.UUIDField()
    consent = models.CharField(max_length=20)
    said_by = models.CharField(max_length=10, choices=[(s, s) for s in SIGNERS])
    reason = models.BinaryField()
    withdrawn_at = models.DateTimeField()
    patient = within_site("people.Patient", "patient_key")

    classes = {
        **Fact.classes,
        **dict.fromkeys(["consent", "said_by", "withdrawn_at"], CLINICAL),
        "reason": IDENTITY,
        "patient_key": OPERATIONAL,
    }

    class Meta:
        indexes = [models.Index(fields=["site", "patient_key", "consent"], name="consent_withdrawals_of")]
