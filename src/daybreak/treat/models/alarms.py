"""Alarms, what people did about them, and the site's own assessment without which there are none."""

from django.db import models

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, Guard, within_site

CLINICAL, QUASI, OPERATIONAL, IDENTITY = Class.CLINICAL, Class.QUASI, Class.OPERATIONAL, Class.IDENTITY


class Alarm(Fact):
    """Something calls for a person: a reading beyond a limit, a reading or a stream of readings that is missing, or a
    device of the team that no longer hears. `number` grows at each site in the order of commits, so that a listener
    can replay.

    `kind` is limit, missing, stream or path; `limit_id` names the limit, or the trouble. A reading stands behind a
    limit only. `about_key` is the device, `about_account` whose page it showed.
    """

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    session_key = models.UUIDField()
    session = within_site("treat.Session", "session_key")
    kind = models.CharField(max_length=8, default="limit", db_default="limit")
    reading_key = models.UUIDField(null=True)
    reading = within_site("treat.Reading", "reading_key")
    number = models.BigIntegerField()
    limit_id = models.CharField(max_length=60)
    priority = models.CharField(max_length=6)
    sign = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    compared = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    bound = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    unit = models.CharField(max_length=20)
    advice = models.CharField(max_length=500)
    about_key = models.UUIDField(null=True)
    about_account = models.UUIDField(null=True)
    since = models.DateTimeField(null=True)
    raised_at = models.DateTimeField()

    guard = Guard(refers_at_once=True)
    classes = {
        **Fact.classes,
        **dict.fromkeys(
            ["patient_key", "session_key", "reading_key", "number", "about_key", "about_account"], OPERATIONAL
        ),
        **dict.fromkeys(
            ["kind", "limit_id", "priority", "sign", "value", "compared", "bound", "unit", "advice"], CLINICAL
        ),
        **dict.fromkeys(["since", "raised_at"], QUASI),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "number"], name="treat_alarm_number_once"),
            models.CheckConstraint(
                condition=models.Q(kind="limit", reading_key__isnull=False, value__isnull=False)
                | models.Q(kind__in=["missing", "stream", "path"], reading_key__isnull=True, value__isnull=True),
                name="treat_alarm_of_a_reading_or_of_none",
            ),
        ]
        indexes = [models.Index(fields=["site", "session_key"], name="treat_alarm_of_session")]


class AlarmStep(Fact):
    """What became of an alarm: a named person acknowledged it and said what was done, or paused its sound `until` a
    moment; nobody took it and it was passed on (`escalated`, at a `level`, to the roles in `told`); or it `ended`,
    since what was missing is there again.
    """

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    session_key = models.UUIDField()
    session = within_site("treat.Session", "session_key")
    alarm_key = models.UUIDField()
    alarm = within_site("treat.Alarm", "alarm_key")
    step = models.CharField(max_length=20)
    act = models.CharField(max_length=30)
    note = models.BinaryField(default=b"")
    level = models.IntegerField(default=0, db_default=0)
    told = models.CharField(max_length=200, default="", db_default="")
    until = models.DateTimeField(null=True)
    done_by = models.UUIDField(null=True)
    done_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "session_key", "alarm_key", "done_by", "level", "told"], OPERATIONAL),
        **dict.fromkeys(["step", "act"], CLINICAL),
        "note": IDENTITY,
        **dict.fromkeys(["until", "done_at"], QUASI),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(step__in=["acknowledged", "paused"], done_by__isnull=False)
                | models.Q(step__in=["escalated", "ended"], done_by__isnull=True),
                name="treat_alarm_step_by_a_person_or_by_none",
            )
        ]
        indexes = [
            models.Index(fields=["site", "session_key"], name="treat_alarm_steps_of_session"),
            models.Index(fields=["site", "alarm_key"], name="treat_alarm_steps_of"),
        ]


class OpenAlarm(models.Model):
    """An alarm that nobody has acknowledged and that has not ended. Triggers keep it beside alarms and their steps (see
    the migration), so that asking what is open costs what is open, and not what ever was. It is what is so now, and no
    fact: the facts are the alarm and its steps.
    """

    pk = models.CompositePrimaryKey("site", "alarm_key")
    site = models.CharField(max_length=20)
    alarm_key = models.UUIDField()

    guard = Guard(append_only=False, audited=False)
    classes = dict.fromkeys(["site", "alarm_key"], OPERATIONAL)


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
