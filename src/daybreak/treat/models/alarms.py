"""Alarms, what people did about them, and the site's own assessment without which there are none."""

from django.db import models

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, within_site

CLINICAL, QUASI, OPERATIONAL, IDENTITY = Class.CLINICAL, Class.QUASI, Class.OPERATIONAL, Class.IDENTITY


class Alarm(Fact):
    """A reading went beyond a limit. `number` grows at each site in the order of commits, so that a listener can
    replay.
    """

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    session_key = models.UUIDField()
    session = within_site("treat.Session", "session_key")
    reading_key = models.UUIDField()
    reading = within_site("treat.Reading", "reading_key")
    number = models.BigIntegerField()
    limit_id = models.CharField(max_length=60)
    priority = models.CharField(max_length=6)
    sign = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=9, decimal_places=3)
    compared = models.DecimalField(max_digits=9, decimal_places=3)
    bound = models.DecimalField(max_digits=9, decimal_places=3)
    unit = models.CharField(max_length=20)
    advice = models.CharField(max_length=500)
    raised_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "session_key", "reading_key", "number"], OPERATIONAL),
        **dict.fromkeys(["limit_id", "priority", "sign", "value", "compared", "bound", "unit", "advice"], CLINICAL),
        "raised_at": QUASI,
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "number"], name="treat_alarm_number_once")]
        indexes = [models.Index(fields=["site", "session_key"], name="treat_alarm_of_session")]


class AlarmStep(Fact):
    """A named person acknowledged an alarm and said what was done."""

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    session_key = models.UUIDField()
    session = within_site("treat.Session", "session_key")
    alarm_key = models.UUIDField()
    alarm = within_site("treat.Alarm", "alarm_key")
    step = models.CharField(max_length=20)
    act = models.CharField(max_length=30)
    note = models.BinaryField(default=b"")
    done_by = models.UUIDField()
    done_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "session_key", "alarm_key", "done_by"], OPERATIONAL),
        **dict.fromkeys(["step", "act"], CLINICAL),
        "note": IDENTITY,
        "done_at": QUASI,
    }

    class Meta:
        indexes = [models.Index(fields=["site", "session_key"], name="treat_alarm_steps_of_session")]


class Assessment(Fact):
    """The site's own regulatory assessment. Alarms are on only while the newest one says so and has not run out."""

    conclusion = models.CharField(max_length=20, choices=[(c, c) for c in ("alarms on", "alarms off")])
    reference = models.CharField(max_length=200)
    decided_on = models.DateField()
    review_on = models.DateField()
    signed_by = models.UUIDField(null=True)

    classes = {
        **Fact.classes,
        **dict.fromkeys(["conclusion", "reference", "decided_on", "review_on", "signed_by"], OPERATIONAL),
    }
