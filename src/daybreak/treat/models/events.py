"""Adverse events."""

from django.db import models
from django.db.models import Q

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, within_site


class AdverseEvent(Fact):
    """Something untoward, whatever its cause. A later state of the same event is a correction of it.

    `criteria` are what makes it serious; `course` is how it went on, `measure` what was done with the treatment, and
    `suspected` the medicine that is suspected, in the words of who recorded it.
    """

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    session_key = models.UUIDField(null=True)
    session = within_site("treat.Session", "session_key")
    term = models.CharField(max_length=40)
    grade = models.IntegerField()
    serious = models.BooleanField()
    relation = models.CharField(max_length=20)
    criteria = models.JSONField(default=list, db_default=[])
    course = models.CharField(max_length=30, default="unknown", db_default="unknown")
    measure = models.CharField(max_length=20, default="unknown", db_default="unknown")
    suspected = models.BinaryField(default=b"", db_default=b"")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    noted_at = models.DateTimeField()
    note = models.BinaryField(default=b"")

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "session_key"], Class.OPERATIONAL),
        **dict.fromkeys(["term", "grade", "serious", "relation", "criteria", "course", "measure"], Class.CLINICAL),
        **dict.fromkeys(["began_at", "ended_at", "noted_at"], Class.QUASI),
        **dict.fromkeys(["suspected", "note"], Class.IDENTITY),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(grade__gte=1, grade__lte=5), name="treat_event_grade_1_to_5"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("began_at")),
                name="treat_event_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(serious=True) | Q(criteria=[]), name="treat_event_with_criteria_is_serious"
            ),
        ]
        indexes = [models.Index(fields=["site", "patient_key"], name="treat_events_of")]
