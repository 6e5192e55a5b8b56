"""Forms that a protocol owes to somebody after a session, as they were sent."""

from django.db import models

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, within_site

OPERATIONAL, CLINICAL, QUASI, IDENTITY = Class.OPERATIONAL, Class.CLINICAL, Class.QUASI, Class.IDENTITY


class ReportSent(Fact):
    """A named person sent a report of a session: which form, `how`, and every value on it (`content`, sealed JSON).

    A report that is sent again corrects the one before.
    """

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    session_key = models.UUIDField()
    session = within_site("treat.Session", "session_key")
    report = models.CharField(max_length=60)
    protocol = models.CharField(max_length=60)
    protocol_version = models.IntegerField()
    fingerprint = models.CharField(max_length=64)
    how = models.CharField(max_length=20)
    content = models.BinaryField()
    due_at = models.DateTimeField()
    sent_by = models.UUIDField()
    sent_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "session_key", "report", "how", "sent_by"], OPERATIONAL),
        **dict.fromkeys(["protocol", "protocol_version", "fingerprint"], CLINICAL),
        **dict.fromkeys(["due_at", "sent_at"], QUASI),
        "content": IDENTITY,
    }

    class Meta:
        indexes = [models.Index(fields=["site", "session_key"], name="treat_reports_of_session")]
