"""Who takes a patient home after a session."""

from django.db import models

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, within_site


class Escort(Fact):
    """The telephone number of the person who takes the patient home, given for this session (sealed). A newer one
    corrects it.
    """

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    session_key = models.UUIDField()
    session = within_site("treat.Session", "session_key")
    telephone = models.BinaryField()
    noted_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "session_key"], Class.OPERATIONAL),
        "telephone": Class.IDENTITY,
        "noted_at": Class.QUASI,
    }

    class Meta:
        indexes = [models.Index(fields=["site", "session_key"], name="treat_escorts_of_session")]
