"""What somebody wrote down at the chair."""

from django.db import models

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, within_site


class Note(Fact):
    """Free words about a session, sealed under the patient's key. Who wrote them is `recorded_by`."""

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    session_key = models.UUIDField()
    session = within_site("treat.Session", "session_key")
    words = models.BinaryField()
    noted_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "session_key"], Class.OPERATIONAL),
        "words": Class.IDENTITY,
        "noted_at": Class.QUASI,
    }

    class Meta:
        indexes = [models.Index(fields=["site", "session_key"], name="treat_notes_of_session")]
