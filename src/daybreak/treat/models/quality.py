"""How well a session was watched, as it stood when the patient left."""

from django.db import models
from django.db.models import F, Q

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, within_site

COUNTS = ("asked", "in_time", "late", "missed", "longest_gap_seconds", "crossed", "acted_on")


class SessionQuality(Fact):
    """The readings that the protocol asked for and how they came, and the limits that were crossed and acted on. What
    arrives later from a device is counted by a correction.
    """

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    session_key = models.UUIDField()
    session = within_site("treat.Session", "session_key")
    asked = models.IntegerField()
    in_time = models.IntegerField()
    late = models.IntegerField()
    missed = models.IntegerField()
    longest_gap_seconds = models.IntegerField()
    crossed = models.IntegerField()
    acted_on = models.IntegerField()
    counted_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "session_key"], Class.OPERATIONAL),
        **dict.fromkeys(COUNTS, Class.CLINICAL),
        "counted_at": Class.QUASI,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(asked=F("in_time") + F("late") + F("missed")) & Q(acted_on__lte=F("crossed")),
                name="treat_quality_adds_up",
            ),
        ]
        indexes = [models.Index(fields=["site", "session_key"], name="treat_quality_of_session")]
