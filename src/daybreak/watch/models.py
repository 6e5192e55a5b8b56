"""What the safety board decided about signals. The signals themselves are computed from a snapshot and not stored."""

from django.db import models
from django.db.models import Q

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, Guard
from daybreak.watch.rules import DECISIONS


class SignalReview(Fact):
    """A named member of the safety board decided on a signal, with the reason and what follows.

    `signal` names test, kind and site, as in any snapshot; `seen_until` is the last week of the calendar that was
    looked at. It names no patient and belongs to the register, so that a site reads what was decided about it.
    """

    signal = models.CharField(max_length=120)
    week = models.IntegerField()
    seen_until = models.IntegerField()
    snapshot = models.CharField(max_length=20)
    decision = models.CharField(max_length=20)
    reason = models.CharField(max_length=400)
    follow_up = models.CharField(max_length=400, blank=True)
    follow_up_on = models.DateField(null=True)
    decided_by = models.UUIDField()
    decided_at = models.DateTimeField()

    guard = Guard(isolated=False)
    classes = {
        **Fact.classes,
        **dict.fromkeys(
            ["signal", "week", "seen_until", "snapshot", "decision", "reason", "follow_up", "follow_up_on",
             "decided_by", "decided_at"],
            Class.OPERATIONAL,
        ),
    }  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(decision__in=DECISIONS), name="watch_review_decision_words"),
            models.CheckConstraint(condition=~Q(reason=""), name="watch_review_has_a_reason"),
        ]
        indexes = [models.Index(fields=["signal"], name="watch_reviews_of")]
