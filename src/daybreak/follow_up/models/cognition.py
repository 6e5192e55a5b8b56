"""Runs of the short open tasks of cognition."""

from django.db import models
from django.db.models import Q

from daybreak.follow_up.rules.cognition import TASKS
from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, within_site

CLINICAL, QUASI, OPERATIONAL = Class.CLINICAL, Class.QUASI, Class.OPERATIONAL


class TaskRun(Fact):
    """One task of cognition, done once on one device: exploratory, never a gate.

    `device` is a word for the kind of device (its browser, screen and refresh), `frame_ms` and `timer_ms` what was
    measured on it: milliseconds between two frames, and the smallest step of its clock. `practice` and `trials` hold
    what was done, practice apart. `watched_by` is who was beside in the clinic; empty where the patient did it
    alone, by the link of an invitation.
    """

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    task = models.CharField(max_length=20, choices=[(each, each) for each in TASKS])
    version = models.IntegerField()
    device = models.CharField(max_length=64)
    frame_ms = models.DecimalField(max_digits=7, decimal_places=3)
    timer_ms = models.DecimalField(max_digits=7, decimal_places=3)
    practice = models.JSONField(default=list)
    trials = models.JSONField(default=list)
    watched_by = models.UUIDField(null=True)
    invitation_key = models.UUIDField(null=True)
    invitation = within_site("follow_up.Invitation", "invitation_key")
    done_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "device", "watched_by", "invitation_key"], OPERATIONAL),
        **dict.fromkeys(["task", "version", "frame_ms", "timer_ms", "practice", "trials"], CLINICAL),
        "done_at": QUASI,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(task__in=TASKS), name="follow_up_task_run_task"),
            models.CheckConstraint(condition=Q(frame_ms__gt=0, timer_ms__gte=0), name="follow_up_task_run_timing"),
        ]
        indexes = [models.Index(fields=["site", "patient_key", "done_at"], name="follow_up_task_runs_of")]
