"""Which transactions changed what readings are placed and judged by."""

from django.db import models

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Guard


class StateChange(models.Model):
    """A transaction that added to the sessions, steps, moves, courses, devices or assessments of a site, or corrected a
    reading there. Triggers write it (see the migration), so it is there exactly when the change is, and a process that
    keeps such facts in memory sees in one look whether they still hold (`queries/bedside.py`).
    """

    pk = models.CompositePrimaryKey("site", "xact")
    site = models.CharField(max_length=20)
    xact = models.BigIntegerField()

    guard = Guard(audited=False)
    classes = dict.fromkeys(["site", "xact"], Class.OPERATIONAL)
