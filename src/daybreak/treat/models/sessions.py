"""Courses, their sessions, what was done in them, what was ordered, and what was checked by whom."""

from django.db import models
from django.db.models import Q

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, within_site

WEIGHTS = ("actual", "ideal")
CLINICAL, QUASI, OPERATIONAL, IDENTITY = Class.CLINICAL, Class.QUASI, Class.OPERATIONAL, Class.IDENTITY


class Course(Fact):
    """A patient's way through one version of one protocol. The definition that was read is named by its fingerprint."""

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    protocol = models.CharField(max_length=60)
    protocol_version = models.IntegerField()
    fingerprint = models.CharField(max_length=64)
    opened_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["protocol", "protocol_version", "fingerprint"], CLINICAL),
        "patient_key": OPERATIONAL,
        "opened_at": QUASI,
    }

    class Meta:
        indexes = [models.Index(fields=["site", "patient_key"], name="treat_courses_of")]


class Session(Fact):
    """One planned dose: when, and in which chair. What became of it stands in its steps, another time or chair in its
    moves.
    """

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    course_key = models.UUIDField()
    course = within_site("treat.Course", "course_key")
    number = models.IntegerField()
    planned_for = models.DateTimeField()
    planned_until = models.DateTimeField(null=True)
    chair = models.CharField(max_length=30)
    chair_key = models.UUIDField(null=True)
    in_chair = within_site("treat.Chair", "chair_key")

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "course_key", "chair", "chair_key"], OPERATIONAL),
        "number": CLINICAL,
        **dict.fromkeys(["planned_for", "planned_until"], QUASI),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "course_key", "number"], name="treat_session_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="treat_session_number_counts"),
        ]
        indexes = [
            models.Index(fields=["site", "planned_for"], name="treat_session_planned"),
            models.Index(fields=["site", "patient_key"], name="treat_sessions_of"),
        ]


class SessionStep(Fact):
    """Something that was done in a session: the state of a session is its last step. `values` holds what the step
    carries.

    `reason` is a word of a closed list; what was typed beside it is sealed in `note`. `position` counts the steps of
    a session from 1, so that two people at two devices cannot both take the same next step.
    """

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    session_key = models.UUIDField()
    session = within_site("treat.Session", "session_key")
    position = models.IntegerField()
    step = models.CharField(max_length=20)
    done_at = models.DateTimeField()
    reason = models.CharField(max_length=30, blank=True)
    values = models.JSONField(default=dict)
    note = models.BinaryField(default=b"")

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "session_key", "position"], OPERATIONAL),
        **dict.fromkeys(["step", "reason", "values"], CLINICAL),
        "done_at": QUASI,
        "note": IDENTITY,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "session_key", "position"], name="treat_step_position_once"),
        ]


class DoseOrder(Fact):
    """A dose as the protocol computes it, with what its route needs. The newest one of a session counts.

    `signed_key` names the clinician's order that it was computed by.
    `weight_kg` is the weight on the scale; `weight_used` says whether the dose was computed from it or from the ideal.
    `amount` is what was chosen, in the protocol's unit. A pump has a rate and minutes, for a long infusion the steps of
    its `titration`, and `syringe_ml` in the first of several syringes; an injection has a volume; what comes in whole
    pieces has a `form`, `unit_mg` in each, and `units` of them. `co_medication` is what goes with it by its own times.
    """

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    session_key = models.UUIDField()
    session = within_site("treat.Session", "session_key")
    protocol = models.CharField(max_length=60)
    protocol_version = models.IntegerField()
    fingerprint = models.CharField(max_length=64)
    weight_kg = models.DecimalField(max_digits=7, decimal_places=3, null=True)
    weight_used = models.CharField(max_length=10, choices=[(each, each) for each in WEIGHTS], default="actual")
    route = models.CharField(max_length=20, default="intravenous")
    amount = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    dose_mg = models.DecimalField(max_digits=9, decimal_places=3)
    concentration_mg_per_ml = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    volume_ml = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    rate_ml_per_hour = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    over_minutes = models.IntegerField(null=True)
    titration = models.JSONField(default=list)
    co_medication = models.JSONField(default=list)
    syringe_ml = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    form = models.CharField(max_length=20, blank=True)
    unit_mg = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    units = models.IntegerField(null=True)
    arithmetic = models.JSONField()
    signed_key = models.UUIDField(null=True)
    signed = within_site("treat.Order", "signed_key")
    ordered_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "session_key", "signed_key"], OPERATIONAL),
        **dict.fromkeys(
            [
                "protocol",
                "protocol_version",
                "fingerprint",
                "weight_kg",
                "weight_used",
                "route",
                "amount",
                "dose_mg",
                "concentration_mg_per_ml",
                "volume_ml",
                "rate_ml_per_hour",
                "over_minutes",
                "titration",
                "co_medication",
                "syringe_ml",
                "form",
                "unit_mg",
                "units",
                "arithmetic",
            ],
            CLINICAL,
        ),
        "ordered_at": QUASI,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(weight_kg__gt=0, dose_mg__gt=0, concentration_mg_per_ml__gt=0, rate_ml_per_hour__gt=0),
                name="treat_order_is_positive",
            )
        ]
        indexes = [models.Index(fields=["site", "session_key"], name="treat_orders_of_session")]


class Check(Fact):
    """A list that one person went through and signed: the time-out (by two people) or leaving. It holds for one dose
    order.
    """

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    session_key = models.UUIDField()
    session = within_site("treat.Session", "session_key")
    order_key = models.UUIDField(null=True)
    order = within_site("treat.DoseOrder", "order_key")
    kind = models.CharField(max_length=10)
    items = models.JSONField()
    signed_by = models.UUIDField()
    signed_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "session_key", "order_key", "signed_by"], OPERATIONAL),
        **dict.fromkeys(["kind", "items"], CLINICAL),
        "signed_at": QUASI,
    }

    class Meta:
        indexes = [models.Index(fields=["site", "session_key"], name="treat_checks_of_session")]


class Override(Fact):
    """A named clinician goes on in spite of a criterion that is not met or unknown, and says why."""

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    session_key = models.UUIDField()
    session = within_site("treat.Session", "session_key")
    stage = models.CharField(max_length=20)
    criterion = models.CharField(max_length=60)
    truth = models.CharField(max_length=10)
    protocol = models.CharField(max_length=60)
    protocol_version = models.IntegerField()
    fingerprint = models.CharField(max_length=64)
    reason = models.BinaryField()
    signed_by = models.UUIDField()
    signed_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "session_key", "signed_by"], OPERATIONAL),
        **dict.fromkeys(["stage", "criterion", "truth", "protocol", "protocol_version", "fingerprint"], CLINICAL),
        "reason": IDENTITY,
        "signed_at": QUASI,
    }

    class Meta:
        indexes = [models.Index(fields=["site", "session_key"], name="treat_overrides_of_session")]
