"""A hold on a protocol: nothing of it is ordered or started until it is lifted."""

from django.db import models
from django.db.models import Q

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, Guard


class ProtocolHold(Fact):
    """The safety board holds a protocol, at one site or (`at_site` empty) at all of them; or lifts the hold `lifts`.

    `site` is where it was signed. It is about a protocol and names no patient, and every site that it covers obeys it,
    so every site may read it. `signal` is the signal that it answers, where it answers one.
    """

    protocol = models.CharField(max_length=60)
    at_site = models.CharField(max_length=20, blank=True)
    lifts = models.UUIDField(null=True)
    reason = models.CharField(max_length=400)
    signal = models.CharField(max_length=120, blank=True)
    signed_by = models.UUIDField()
    signed_at = models.DateTimeField()

    guard = Guard(isolated=False)
    classes = {
        **Fact.classes,
        **dict.fromkeys(
            ["protocol", "at_site", "lifts", "reason", "signal", "signed_by", "signed_at"], Class.OPERATIONAL
        ),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="treat_hold_has_a_reason"),
            models.UniqueConstraint(fields=["lifts"], name="treat_hold_lifted_once"),
        ]
        indexes = [models.Index(fields=["protocol"], name="treat_holds_of")]
