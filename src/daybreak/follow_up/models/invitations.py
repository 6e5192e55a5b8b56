"""Invitations, the links that open them, and what became of them."""

from django.db import models
from django.db.models import F, Q

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, within_site

CLINICAL, QUASI, OPERATIONAL, IDENTITY = Class.CLINICAL, Class.QUASI, Class.OPERATIONAL, Class.IDENTITY


class Invitation(Fact):
    """A patient is asked to answer one version of one questionnaire in [opens_at, closes_at).

    `rule` names the rule of the protocol's schedule; it is empty where a person asked by hand. `reason` is
    made of fixed words.
    """

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    course_key = models.UUIDField(null=True)
    course = within_site("treat.Course", "course_key")
    session_key = models.UUIDField(null=True)
    session = within_site("treat.Session", "session_key")
    instrument = models.CharField(max_length=60)
    version = models.IntegerField()
    fingerprint = models.CharField(max_length=64)
    rule = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=120)
    invited_at = models.DateTimeField()
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closes_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "course_key", "session_key", "version", "fingerprint", "rule"], OPERATIONAL),
        **dict.fromkeys(["instrument", "reason"], CLINICAL),
        **dict.fromkeys(["invited_at", "opens_at", "due_at", "closes_at"], QUASI),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at__lte=F("due_at"), due_at__lte=F("closes_at"), opens_at__lt=F("closes_at")),
                name="follow_up_invitation_window",
            )
        ]
        indexes = [
            models.Index(fields=["site", "patient_key", "due_at"], name="follow_up_invitations_of"),
            models.Index(fields=["site", "closes_at"], name="follow_up_invitations_open"),
        ]


class Link(Fact):
    """A link was handed over for an invitation.

    Its secret is shown once and never stored: only its SHA-256 is.
    """

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    invitation_key = models.UUIDField()
    invitation = within_site("follow_up.Invitation", "invitation_key")
    token_hash = models.BinaryField()
    issued_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "invitation_key", "token_hash", "issued_at"], OPERATIONAL),
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "token_hash"], name="follow_up_link_hash_once")]
        indexes = [models.Index(fields=["site", "invitation_key"], name="follow_up_links_of")]


class CalledOff(Fact):
    """An invitation that no longer holds: the schedule moved on, or a person took it back."""

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    invitation_key = models.UUIDField()
    invitation = within_site("follow_up.Invitation", "invitation_key")
    because = models.CharField(max_length=120)
    called_off_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "invitation_key", "because"], OPERATIONAL),
        "called_off_at": QUASI,
    }

    class Meta:
        indexes = [
            models.Index(fields=["site", "invitation_key"], name="follow_up_called_off_of"),
            models.Index(fields=["site", "patient_key"], name="follow_up_called_off_for"),
        ]


class Answered(Fact):
    """An invitation was answered by this answer set, or, where it asked for the tasks of cognition, by their runs.

    There is one for each invitation, whatever number of phones sent answers.
    """

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    invitation_key = models.UUIDField()
    invitation = within_site("follow_up.Invitation", "invitation_key")
    answer_set_key = models.UUIDField(null=True)
    answer_set = within_site("measure.AnswerSet", "answer_set_key")
    answered_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "invitation_key", "answer_set_key"], OPERATIONAL),
        "answered_at": QUASI,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "invitation_key"], condition=Q(corrects=None), name="follow_up_answered_once"
            )
        ]
        indexes = [
            models.Index(fields=["site", "patient_key"], name="follow_up_answered_by"),
            models.Index(fields=["site", "invitation_key"], name="follow_up_answered_of"),
            models.Index(fields=["site", "answered_at"], name="follow_up_answered_since"),
        ]
