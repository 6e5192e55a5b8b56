"""Tasks, with the steps taken."""

from django.db import models
from django.db.models import F, Q

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, within_site

CLINICAL, QUASI, OPERATIONAL, IDENTITY = Class.CLINICAL, Class.QUASI, Class.OPERATIONAL, Class.IDENTITY
PRIORITIES = ("high", "medium", "low")
TAKEN, ESCALATED, CLOSED, TOLD, MISTAKEN = "taken", "escalated", "closed", "told", "mistaken"


class Task(Fact):
    """Something that a member of staff must do about a patient, with a clock: someone takes it before
    `take_by`. What must be told to somebody outside the team has a deadline, `due_at`, and the adverse event that it is
    about.
    """

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    kind = models.CharField(max_length=40)
    priority = models.CharField(max_length=6, choices=[(p, p) for p in PRIORITIES])
    because = models.CharField(max_length=400)
    raised_at = models.DateTimeField()
    take_by = models.DateTimeField()
    answer_set_key = models.UUIDField(null=True)
    answer_set = within_site("measure.AnswerSet", "answer_set_key")
    invitation_key = models.UUIDField(null=True)
    invitation = within_site("follow_up.Invitation", "invitation_key")
    due_at = models.DateTimeField(null=True)
    event_key = models.UUIDField(null=True)
    event = within_site("treat.AdverseEvent", "event_key")

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "answer_set_key", "invitation_key", "event_key"], OPERATIONAL),
        **dict.fromkeys(["kind", "priority", "because"], CLINICAL),
        **dict.fromkeys(["raised_at", "take_by", "due_at"], QUASI),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(raised_at__lte=F("take_by")), name="follow_up_task_clock"),
            models.CheckConstraint(condition=Q(priority__in=PRIORITIES), name="follow_up_task_priority"),
        ]
        indexes = [models.Index(fields=["site", "patient_key", "raised_at"], name="follow_up_tasks_of")]


class TaskStep(Fact):
    """A task was taken by somebody, escalated because nobody did, or closed with what was done (sealed); or a member
    of staff, `told`, was sent the message that has the step's key. A report that was owed says in `reported_at` when it
    was made. “Mistaken” is what the patient says of a call of their own: pressed by mistake.
    """

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    task_key = models.UUIDField()
    task = within_site("follow_up.Task", "task_key")
    step = models.CharField(max_length=10, choices=[(s, s) for s in (TAKEN, ESCALATED, CLOSED, TOLD, MISTAKEN)])
    done_by = models.UUIDField(null=True)
    asked_role = models.CharField(max_length=30, blank=True)
    told = models.UUIDField(null=True)
    what_was_done = models.BinaryField(default=b"")
    reported_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "task_key", "done_by", "asked_role", "told"], OPERATIONAL),
        "step": CLINICAL,
        **dict.fromkeys(["reported_at", "done_at"], QUASI),
        "what_was_done": IDENTITY,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "task_key", "step"],
                condition=Q(step=CLOSED),
                name="follow_up_task_closed_once",
            ),
            models.CheckConstraint(
                condition=Q(step__in=[ESCALATED, MISTAKEN]) | Q(done_by__isnull=False) | Q(told__isnull=False),
                name="follow_up_step_has_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(step=CLOSED) | ~Q(what_was_done=b""), name="follow_up_closed_says_what_was_done"
            ),
        ]
        indexes = [models.Index(fields=["site", "task_key"], name="follow_up_task_steps_of")]
