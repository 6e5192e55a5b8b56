"""That a supervisor stood beside somebody in a session, signed by the supervisor."""

from django.db import models
from django.db.models import F, Q

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, within_site


class Supervision(Fact):
    """The supervisor of a session signs that they stayed beside `account_key`, who had `role` in it. Who was there, and
    as what, stands in the session's team; this is the signature alone.
    """

    session_key = models.UUIDField()
    session = within_site("treat.Session", "session_key")
    account_key = models.UUIDField()
    role = models.CharField(max_length=30)
    signed_by = models.UUIDField()
    signed_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["session_key", "account_key", "role", "signed_by", "signed_at"], Class.OPERATIONAL),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "session_key", "account_key", "role", "signed_by"], name="treat_supervision_signed_once"
            ),
            models.CheckConstraint(
                condition=~Q(signed_by=F("account_key")), name="treat_supervision_signed_by_another"
            ),
        ]
        indexes = [models.Index(fields=["site", "account_key"], name="treat_supervisions_of")]
