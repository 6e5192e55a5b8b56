"""What was done in an emergency."""

from django.db import models
from django.db.models import Q

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, within_site

OPERATIONAL, CLINICAL, QUASI, IDENTITY = Class.OPERATIONAL, Class.CLINICAL, Class.QUASI, Class.IDENTITY


class EmergencyEntry(Fact):
    """One line of an emergency's record: who was called, airway, oxygen, a drug, the transfer, words; or that a
    clinician closed it.

    `what` is a word of the entry's list, `values` hold numbers with their units, and `words` (sealed) the name of a
    drug, the place of a transfer, or what was written. `done_by` did it, where that was not who recorded it.
    """

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    session_key = models.UUIDField()
    session = within_site("treat.Session", "session_key")
    entry = models.CharField(max_length=10)
    what = models.CharField(max_length=30, blank=True)
    values = models.JSONField(default=dict)
    words = models.BinaryField(default=b"")
    done_by = models.UUIDField(null=True)
    done_at = models.DateTimeField()
    noted_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "session_key", "done_by"], OPERATIONAL),
        **dict.fromkeys(["entry", "what", "values"], CLINICAL),
        **dict.fromkeys(["done_at", "noted_at"], QUASI),
        "words": IDENTITY,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(done_at__lte=models.F("noted_at")), name="treat_emergency_told_after")
        ]
        indexes = [models.Index(fields=["site", "session_key"], name="treat_emergency_of_session")]
