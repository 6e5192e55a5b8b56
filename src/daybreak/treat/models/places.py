"""Chairs, and who holds one when."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, Guard, within_site

OPERATIONAL, QUASI = Class.OPERATIONAL, Class.QUASI


class Chair(Fact):
    """A place where a session is held, and the room it stands in. A correction renames it, moves it or ends it.

    `chair_key` says which chair a row is about, whatever its name; it is the key of the chair's first row.
    `set_up_minutes` is the time that the site needs in it before each dose.
    """

    chair_key = models.UUIDField()
    chair = within_site("treat.Chair", "chair_key")
    name = models.CharField(max_length=30)
    treatment_room = models.CharField(max_length=60)
    set_up_minutes = models.IntegerField()
    said_at = models.DateTimeField()
    ended = models.BooleanField(default=False)

    classes = {
        **Fact.classes,
        **dict.fromkeys(["chair_key", "name", "treatment_room", "set_up_minutes", "said_at", "ended"], OPERATIONAL),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(set_up_minutes__gte=0, set_up_minutes__lte=480), name="treat_set_up_is_some_minutes"
            )
        ]


class Move(Fact):
    """A session was put to another time or chair. The first plan stands in the session; each move corrects the one
    before it, so that the standing one says when and where.
    """

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    session_key = models.UUIDField()
    session = within_site("treat.Session", "session_key")
    position = models.IntegerField()
    planned_for = models.DateTimeField()
    planned_until = models.DateTimeField()
    chair = models.CharField(max_length=30)
    chair_key = models.UUIDField()
    in_chair = within_site("treat.Chair", "chair_key")
    reason = models.CharField(max_length=30)
    moved_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "session_key", "position", "chair", "chair_key", "reason"], OPERATIONAL),
        **dict.fromkeys(["planned_for", "planned_until", "moved_at"], QUASI),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "session_key", "position"], name="treat_move_position_once"),
            models.CheckConstraint(condition=Q(planned_for__lt=F("planned_until")), name="treat_move_has_length"),
        ]
        indexes = [models.Index(fields=["site", "chair", "planned_for"], name="treat_moves_to")]


class Booking(models.Model):
    """The half-open time for which a session holds a chair. It is made and taken away, never edited, and says nothing
    that the facts do not say: a constraint sees rows, not what corrects them (see the record on bookings).
    """

    pk = models.CompositePrimaryKey("site", "session_key")
    site = models.CharField(max_length=20)
    session_key = models.UUIDField()
    session = within_site("treat.Session", "session_key")
    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    chair_key = models.UUIDField()
    chair = within_site("treat.Chair", "chair_key")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    guard = Guard(append_only=False, changes=("DELETE",))
    classes = {
        **dict.fromkeys(["site", "session_key", "patient_key", "chair_key"], OPERATIONAL),
        **dict.fromkeys(["begins_at", "ends_at"], QUASI),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(begins_at__lt=F("ends_at")), name="treat_booking_has_length"),
            ExclusionConstraint(
                name="treat_one_session_in_a_chair",
                expressions=[
                    ("site", RangeOperators.EQUAL),
                    ("chair_key", RangeOperators.EQUAL),
                    (
                        Func(
                            "begins_at",
                            "ends_at",
                            RangeBoundary(),
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
