"""What a clinician orders for a session, before anybody is weighed."""

from django.db import models
from django.db.models import Q

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, within_site

OPERATIONAL, CLINICAL, QUASI, IDENTITY = Class.OPERATIONAL, Class.CLINICAL, Class.QUASI, Class.IDENTITY


class Order(Fact):
    """A clinician's signature for the dose of a session: the amount in the protocol's unit, from which weight, and
    until when.

    `offered` says whether the protocol offers that amount in this session; `above_usual` that it is more than the most
    it offers, which takes a second clinician. A newer order corrects the one before. The dose itself is computed from
    the weight of the day, and names the order that it was computed by.
    """

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    session_key = models.UUIDField()
    session = within_site("treat.Session", "session_key")
    protocol = models.CharField(max_length=60)
    protocol_version = models.IntegerField()
    fingerprint = models.CharField(max_length=64)
    amount = models.DecimalField(max_digits=9, decimal_places=3)
    unit = models.CharField(max_length=10)
    weight_used = models.CharField(max_length=10)
    offered = models.BooleanField()
    above_usual = models.BooleanField()
    reason = models.BinaryField(default=b"")
    valid_until = models.DateTimeField()
    signed_by = models.UUIDField()
    signed_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "session_key", "signed_by"], OPERATIONAL),
        **dict.fromkeys(
            [
                "protocol", "protocol_version", "fingerprint", "amount", "unit", "weight_used", "offered",
                "above_usual",
            ],
            CLINICAL,
        ),
        **dict.fromkeys(["valid_until", "signed_at"], QUASI),
        "reason": IDENTITY,
    }  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="treat_ordered_amount_is_positive"),
            models.CheckConstraint(
                condition=Q(offered=False) | Q(above_usual=False), name="treat_offered_is_not_above_the_usual"
            ),
        ]
        indexes = [models.Index(fields=["site", "session_key"], name="treat_signed_orders_of")]
