"""Who is there in a session, and in which role."""

from django.db import models

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, within_site


class TeamMember(Fact):
    """Somebody takes a role in a session, or leaves it (`present` false). The newest of an account and role counts."""

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    session_key = models.UUIDField()
    session = within_site("treat.Session", "session_key")
    account_key = models.UUIDField()
    role = models.CharField(max_length=30)
    present = models.BooleanField()
    noted_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(
            ["patient_key", "session_key", "account_key", "role", "present", "noted_at"], Class.OPERATIONAL
        ),
    }

    class Meta:
        indexes = [
            models.Index(fields=["site", "session_key"], name="treat_team_of_session"),
            models.Index(fields=["site", "account_key", "role"], name="treat_team_sessions_of"),
        ]
