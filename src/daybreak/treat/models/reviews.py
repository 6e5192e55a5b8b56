"""What somebody decides about a course before its next order."""

from django.db import models
from django.db.models import Q

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, within_site

OPERATIONAL, CLINICAL, QUASI, IDENTITY = Class.OPERATIONAL, Class.CLINICAL, Class.QUASI, Class.IDENTITY

DECISIONS = ("continue", "space_out", "taper", "stop")


class ReviewAsked(Fact):
    """A decision about a course is asked for before an order: of one session, or, without a session, of any.

    `because` is made of fixed words. `definition` with its version and fingerprint is the rule that asks; `advised` is
    what it advised then.
    """

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    course_key = models.UUIDField()
    course = within_site("treat.Course", "course_key")
    session_key = models.UUIDField(null=True)
    session = within_site("treat.Session", "session_key")
    rule = models.CharField(max_length=60)
    because = models.CharField(max_length=400)
    advised = models.CharField(max_length=20, blank=True)
    definition = models.CharField(max_length=60)
    version = models.IntegerField()
    fingerprint = models.CharField(max_length=64)
    asked_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "course_key", "session_key", "version", "fingerprint"], OPERATIONAL),
        **dict.fromkeys(["rule", "because", "advised", "definition"], CLINICAL),
        "asked_at": QUASI,
    }

    class Meta:
        indexes = [models.Index(fields=["site", "course_key"], name="treat_reviews_asked_of")]


class CourseDecision(Fact):
    """A named clinician's decision about how a course goes on, with the reason (sealed).

    `about` holds the keys of the reviews that were asked for and read; `interval_days` is the interval aimed at.
    """

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    course_key = models.UUIDField()
    course = within_site("treat.Course", "course_key")
    decision = models.CharField(max_length=10, choices=[(d, d) for d in DECISIONS])
    advised = models.CharField(max_length=20, blank=True)
    interval_days = models.IntegerField(null=True)
    reason = models.BinaryField()
    about = models.JSONField(default=list)
    decided_by = models.UUIDField()
    decided_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "course_key", "about", "decided_by"], OPERATIONAL),
        **dict.fromkeys(["decision", "advised", "interval_days"], CLINICAL),
        "decided_at": QUASI,
        "reason": IDENTITY,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(decision__in=DECISIONS), name="treat_course_decision_words"),
            models.CheckConstraint(condition=~Q(reason=b""), name="treat_course_decision_has_a_reason"),
            models.CheckConstraint(
                condition=Q(interval_days__isnull=True) | Q(interval_days__gt=0), name="treat_interval_is_positive"
            ),
        ]
        indexes = [models.Index(fields=["site", "course_key"], name="treat_course_decisions_of")]
