"""What members of staff did in a course. All is added, never changed; a certificate that is issued again corrects."""

from django.db import models

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, Guard, within_site

OPERATIONAL, IDENTITY = Class.OPERATIONAL, Class.IDENTITY


def _operational(*names: str) -> dict[str, Class]:
    return {**Fact.classes, **dict.fromkeys(names, OPERATIONAL)}


class Enrolment(Fact):
    """Somebody began one version of a course."""

    account_key = models.UUIDField()
    course = models.CharField(max_length=60)
    version = models.IntegerField()
    fingerprint = models.CharField(max_length=64)
    enrolled_at = models.DateTimeField()

    guard = Guard(or_own="account_key")
    classes = _operational("account_key", "course", "version", "fingerprint", "enrolled_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "account_key", "course", "version"], name="learn_enrolled_once")
        ]


class SectionRead(Fact):
    """A section was read to its end."""

    enrolment_key = models.UUIDField()
    section = models.CharField(max_length=60)
    read_at = models.DateTimeField()
    enrolment = within_site("learn.Enrolment", "enrolment_key")

    classes = _operational("enrolment_key", "section", "read_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "enrolment_key", "section"], name="learn_section_read_once")
        ]


class Attempt(Fact):
    """A quiz was drawn: `drawn` holds each item with the order of its answers, as the page shows them."""

    enrolment_key = models.UUIDField()
    drawn = models.JSONField()
    begun_at = models.DateTimeField()
    enrolment = within_site("learn.Enrolment", "enrolment_key")

    classes = _operational("enrolment_key", "drawn", "begun_at")


class Submission(Fact):
    """An attempt was handed in, once: the answers (item to index), which were wrong, and whether that is a pass."""

    enrolment_key = models.UUIDField()
    attempt_key = models.UUIDField()
    answers = models.JSONField()
    wrong = models.JSONField()
    passed = models.BooleanField()
    submitted_at = models.DateTimeField()
    enrolment = within_site("learn.Enrolment", "enrolment_key")
    attempt = within_site("learn.Attempt", "attempt_key")

    classes = _operational("enrolment_key", "attempt_key", "answers", "wrong", "passed", "submitted_at")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "attempt_key"], name="learn_submitted_once")]


class Evaluation(Fact):
    """The course was judged: question to index of the choice."""

    enrolment_key = models.UUIDField()
    answers = models.JSONField()
    evaluated_at = models.DateTimeField()
    enrolment = within_site("learn.Enrolment", "enrolment_key")

    classes = _operational("enrolment_key", "answers", "evaluated_at")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "enrolment_key"], name="learn_evaluated_once")]


class Claim(Fact):
    """Credit was claimed for the minutes taken part; `may_report` says that an accreditor may be told of it."""

    enrolment_key = models.UUIDField()
    credit_type = models.CharField(max_length=30)
    credit = models.DecimalField(max_digits=5, decimal_places=2)
    minutes = models.IntegerField()
    profession = models.CharField(max_length=20)
    may_report = models.BooleanField()
    claimed_at = models.DateTimeField()
    enrolment = within_site("learn.Enrolment", "enrolment_key")

    classes = _operational(
        "enrolment_key", "credit_type", "credit", "minutes", "profession", "may_report", "claimed_at"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "enrolment_key"], name="learn_claimed_once"),
            models.CheckConstraint(condition=models.Q(credit__gt=0), name="learn_claim_is_something"),
        ]


class ReportDetails(Fact):
    """A licence's number, and month and day of birth, sealed: what a learner lets an accreditor know."""

    claim_key = models.UUIDField()
    sealed = models.BinaryField()
    told_at = models.DateTimeField()
    claim = within_site("learn.Claim", "claim_key")

    classes = {**_operational("claim_key", "told_at"), "sealed": IDENTITY}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "claim_key"], name="learn_report_details_once")]


class ReportWithdrawn(Fact):
    """A learner took back the permission to report what was learnt."""

    claim_key = models.UUIDField()
    withdrawn_at = models.DateTimeField()
    claim = within_site("learn.Claim", "claim_key")

    classes = _operational("claim_key", "withdrawn_at")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "claim_key"], name="learn_report_withdrawn_once")]


class Certificate(Fact):
    """What was granted for a passed quiz, an evaluation and a claim, with the words that were printed.

    Issued again, it keeps code, credit and day and corrects the one before; `name` is the holder's at that time.
    """

    enrolment_key = models.UUIDField()
    submission_key = models.UUIDField()
    evaluation_key = models.UUIDField()
    claim_key = models.UUIDField()
    account_key = models.UUIDField()
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    credit_type = models.CharField(max_length=30)
    credit = models.DecimalField(max_digits=5, decimal_places=2)
    completed_on = models.DateField()
    provider = models.CharField(max_length=200)
    statements = models.JSONField()
    issued_at = models.DateTimeField()
    enrolment = within_site("learn.Enrolment", "enrolment_key")
    submission = within_site("learn.Submission", "submission_key")
    evaluation = within_site("learn.Evaluation", "evaluation_key")
    claim = within_site("learn.Claim", "claim_key")

    guard = Guard(or_own="account_key")
    classes = {
        **_operational(
            "enrolment_key",
            "submission_key",
            "evaluation_key",
            "claim_key",
            "account_key",
            "code",
            "title",
            "credit_type",
            "credit",
            "completed_on",
            "provider",
            "statements",
            "issued_at",
        ),
        "name": IDENTITY,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(corrects__isnull=True), name="learn_certificate_code_once"
            ),
            models.UniqueConstraint(
                fields=["site", "enrolment_key"],
                condition=models.Q(corrects__isnull=True),
                name="learn_certificate_once",
            ),
            models.CheckConstraint(
                condition=models.Q(credit_type="participation", provider="") | ~models.Q(provider=""),
                name="learn_credit_of_physicians_names_its_provider",
            ),
        ]
        indexes = [
            models.Index(fields=["code"], name="learn_certificate_with_code"),
            models.Index(fields=["site", "enrolment_key"], name="learn_certificates_of"),
        ]


class Provider(Fact):
    """The accredited provider that this site may name, for a half-open period of days; a new one corrects the last."""

    name = models.CharField(max_length=200)
    from_day = models.DateField()
    until_day = models.DateField(null=True)
    told_at = models.DateTimeField()

    classes = _operational("name", "from_day", "until_day", "told_at")
