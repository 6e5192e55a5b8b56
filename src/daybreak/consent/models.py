"""Signatures, tries of the questions, withdrawals. All are added, never changed."""

from django.db import models

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, Guard, within_site

CLINICAL, OPERATIONAL, IDENTITY = Class.CLINICAL, Class.OPERATIONAL, Class.IDENTITY

SIGNERS = ("patient", "clinician")
ANSWERS = ("agreed", "declined")
WAYS = ("typed", "drawn", "")  # nothing where the patient said no
PROOFS = ("password", "sign-in", "")  # nothing for a patient, whose device staff handed over


class Signature(Fact):
    """One person's answer to one exact text: version, fingerprint and language of what was shown, and for how
    long.

    `name` is the printed name, sealed; `way` says whether it was typed as the signature or stands beside a
    `drawing` (strokes, sealed). `meaning` says what the signature stands for. `signed_by` is the clinician's
    account, and `proof` how it was shown to be theirs; both are empty for a patient, whose device was handed
    over by `recorded_by`. `needs` lists whose signatures the text asks for. `shown_seconds` is the time from
    first opening the page to the answer, by the server's clock; `seen_seconds` says for each section how long
    it stood on the screen, as the page measured it, and is null where nothing measured it.
    """

    patient_key = models.UUIDField()
    consent = models.CharField(max_length=60)
    definition = models.CharField(max_length=60)
    version = models.IntegerField()
    fingerprint = models.CharField(max_length=64)
    language = models.CharField(max_length=5)
    signer = models.CharField(max_length=10, choices=[(s, s) for s in SIGNERS])
    answer = models.CharField(max_length=10, choices=[(a, a) for a in ANSWERS])
    needs = models.JSONField()
    name = models.BinaryField()
    way = models.CharField(max_length=10, choices=[(w, w) for w in WAYS], default="typed")
    drawing = models.BinaryField(null=True)
    proof = models.CharField(max_length=10, choices=[(p, p) for p in PROOFS], default="")
    meaning = models.TextField()
    shown_seconds = models.IntegerField()
    seen_seconds = models.JSONField(null=True)
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
                "seen_seconds",
                "understood",
                "signed_at",
            ],
            CLINICAL,
        ),
        **dict.fromkeys(["patient_key", "fingerprint", "needs", "meaning", "signed_by", "way", "proof"], OPERATIONAL),
        **dict.fromkeys(["name", "drawing"], IDENTITY),
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


class Try(Fact):
    """The questions about one exact text were answered, and not all of them right: the answers (check to the
    index of the answer) and the checks that were wrong.
    """

    patient_key = models.UUIDField()
    consent = models.CharField(max_length=60)
    definition = models.CharField(max_length=60)
    version = models.IntegerField()
    fingerprint = models.CharField(max_length=64)
    language = models.CharField(max_length=5)
    answers = models.JSONField()
    wrong = models.JSONField()
    tried_at = models.DateTimeField()
    patient = within_site("people.Patient", "patient_key")

    classes = {
        **Fact.classes,
        **dict.fromkeys(["consent", "definition", "version", "language", "answers", "wrong", "tried_at"], CLINICAL),
        **dict.fromkeys(["patient_key", "fingerprint"], OPERATIONAL),
    }

    class Meta:
        indexes = [models.Index(fields=["site", "patient_key", "consent"], name="consent_tries_of")]


class Withdrawal(Fact):
    """A consent was taken back. It counts from `withdrawn_at`; what was signed before stays in the table."""

    patient_key = models.UUIDField()
    consent = models.CharField(max_length=60)
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


class Renewal(models.Model):
    """Since when signatures of a definition's versions below `version` no longer count, as its file says.

    The rule reads the files; this table tells the same to what reads the database only: the published view.
    """

    definition = models.CharField(max_length=60)
    version = models.IntegerField()
    since = models.DateTimeField()

    guard = Guard(isolated=False)
    classes = dict.fromkeys(["id", "definition", "version", "since"], OPERATIONAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["definition", "version"], name="consent_renewal_once")]
