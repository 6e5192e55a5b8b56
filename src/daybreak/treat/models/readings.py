"""Readings, and the devices that send them."""

from django.db import models
from django.db.models import Q

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, Guard, within_site

MARKS = ("", "artefact")


class Reading(Fact):
    """One value of one sign at one moment, as it was sent. When it arrived is `recorded_at`, written by the database.

    The table is partitioned by the site's hash (see the migration). `device_key` is empty where a person typed the
    value in. A row that corrects another says why in `reason`; with the mark “artefact” it states the same value again,
    and that it was never the patient's: such a row is kept and drawn, and counts for nothing.
    """

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    session_key = models.UUIDField()
    session = within_site("treat.Session", "session_key")
    sign = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=9, decimal_places=3)
    unit = models.CharField(max_length=20)
    measured_at = models.DateTimeField()
    device_key = models.UUIDField(null=True)
    device = within_site("treat.Device", "device_key")
    mark = models.CharField(max_length=10, blank=True, default="", db_default="", choices=[(m, m) for m in MARKS])
    reason = models.CharField(max_length=30, blank=True, default="", db_default="")

    guard = Guard(refers_at_once=True)
    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "session_key", "device_key"], Class.OPERATIONAL),
        **dict.fromkeys(["sign", "value", "unit", "mark", "reason"], Class.CLINICAL),
        "measured_at": Class.QUASI,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(corrects__isnull=True, mark="", reason="") | Q(corrects__isnull=False) & ~Q(reason=""),
                name="treat_reading_corrected_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["site", "session_key", "measured_at"], name="treat_reading_of_session")]


class Device(Fact):
    """A device that may send readings for one chair, or for a session that it names. A correction ends it.

    A device of the interface holds a token, shown once and kept as its hash. A monitor behind the gateway is known by
    its `location`, as it says it itself, and speaks the codes of the code list `model`. Without a chair it must name
    the visit.
    """

    chair = models.CharField(max_length=30, blank=True)
    name = models.CharField(max_length=60)
    token_hash = models.BinaryField(default=b"")
    location = models.CharField(max_length=100, blank=True)
    model = models.CharField(max_length=60, blank=True)
    issued_at = models.DateTimeField()
    ended = models.BooleanField(default=False)

    classes = {
        **Fact.classes,
        **dict.fromkeys(["chair", "name", "token_hash", "location", "model", "issued_at", "ended"], Class.OPERATIONAL),
    }
