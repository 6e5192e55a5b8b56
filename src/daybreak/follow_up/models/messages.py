"""Messages that go out, what became of each, and traces of links that reached the wrong place or came too late."""

from django.db import models
from django.db.models import Q

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, within_site

CLINICAL, QUASI, OPERATIONAL, IDENTITY = Class.CLINICAL, Class.QUASI, Class.OPERATIONAL, Class.IDENTITY
EMAIL, TEXT = "email", "text"
CHANNELS = (EMAIL, TEXT)
QUESTIONS, REMINDER, ESCORT, DUTY = "questions", "reminder", "escort", "duty"
SENT, FAILED, GIVEN_UP = "sent", "failed", "given up"


class Message(Fact):
    """Something is to be said by e-mail or text message, between `wanted_at` and `until`.

    A message with an invitation carries a link, whose secret is made when it is sent. `sealed_to` and
    `sealed_words` are empty where the patient's own contact and the house's own words are used. One of kind “duty” goes
    to a member of staff, about the task whose step has the same key.
    """

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    invitation_key = models.UUIDField(null=True)
    invitation = within_site("follow_up.Invitation", "invitation_key")
    kind = models.CharField(max_length=10, choices=[(k, k) for k in (QUESTIONS, REMINDER, ESCORT, DUTY)])
    channel = models.CharField(max_length=5, choices=[(c, c) for c in CHANNELS])
    sealed_to = models.BinaryField(default=b"")
    sealed_words = models.BinaryField(default=b"")
    wanted_at = models.DateTimeField()
    until = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "invitation_key", "kind", "channel", "wanted_at", "until"], OPERATIONAL),
        **dict.fromkeys(["sealed_to", "sealed_words"], IDENTITY),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=CHANNELS), name="follow_up_message_channel"),
            models.CheckConstraint(
                condition=Q(invitation_key__isnull=False) | ~Q(sealed_words=b""),
                name="follow_up_message_says_something",
            ),
        ]
        indexes = [
            models.Index(fields=["site", "wanted_at"], name="follow_up_messages_wanted"),
            models.Index(fields=["site", "patient_key", "wanted_at"], name="follow_up_messages_of"),
            models.Index(fields=["until"], name="follow_up_messages_until"),
        ]


class MessageStep(Fact):
    """A message was sent, could not be handed over, or was given up, with the reason in fixed words."""

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    message_key = models.UUIDField()
    message = within_site("follow_up.Message", "message_key")
    step = models.CharField(max_length=8, choices=[(s, s) for s in (SENT, FAILED, GIVEN_UP)])
    because = models.CharField(max_length=160, blank=True)
    done_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "message_key", "step", "because", "done_at"], OPERATIONAL),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "message_key"], condition=~Q(step=FAILED), name="follow_up_message_ends_once"
            )
        ]
        indexes = [models.Index(fields=["site", "message_key"], name="follow_up_message_steps_of")]


class LinksWithdrawn(Fact):
    """The links that were handed over for an invitation until now open nothing any more; newer ones do."""

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    invitation_key = models.UUIDField()
    invitation = within_site("follow_up.Invitation", "invitation_key")
    because = models.CharField(max_length=120)
    withdrawn_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "invitation_key", "because", "withdrawn_at"], OPERATIONAL),
    }

    class Meta:
        indexes = [models.Index(fields=["site", "invitation_key"], name="follow_up_withdrawn_of")]


class LinkTrace(Fact):
    """Somebody came by a link that had ended, was called off or withdrawn, or said that it was not meant for them."""

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    invitation_key = models.UUIDField()
    invitation = within_site("follow_up.Invitation", "invitation_key")
    what = models.CharField(max_length=20)
    came_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "invitation_key", "what", "came_at"], OPERATIONAL),
    }

    class Meta:
        indexes = [models.Index(fields=["site", "invitation_key"], name="follow_up_traces_of")]


class WrongLink(Fact):
    """Somebody came by a link that opens nothing at this site: never handed out, or to an own page that was closed.
    Neither the link nor the sender is kept.
    """

    came_at = models.DateTimeField()

    classes = {**Fact.classes, "came_at": OPERATIONAL}
