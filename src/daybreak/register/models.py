"""What the house remembers of each snapshot. The data itself lies in files."""

from django.db import models

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Guard


class Snapshot(models.Model):
    """A snapshot was frozen: which, when, by whom, and the fingerprint that its manifest must have for ever.

    It belongs to no single site, so that every site can name the snapshot behind a figure. `created_by` is
    empty for a command.
    """

    id = models.CharField(max_length=20, primary_key=True)
    fingerprint = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)
    synthetic = models.BooleanField()
    rows = models.JSONField()

    guard = Guard(isolated=False)
    classes = dict.fromkeys(["id", "fingerprint", "created_at", "created_by", "synthetic", "rows"], Class.OPERATIONAL)
