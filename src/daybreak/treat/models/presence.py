"""Which pages of the team are open, and whether each can call."""

from django.db import models

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Guard


class Presence(models.Model):
    """A page that is open on a device of the team, as its last beat told. It is what is so now, and no fact about a
    patient: the row is changed with each beat, and the audit leaves it out. What follows from it, an alarm, is a fact.

    A page that says goodbye has `left_at`: a beat that was on its way does not bring it back.

    The moments `hidden_since`, `blocked_since`, `deaf_since` and `moved_since` say since when the page is out of
    sight, without sound, without the stream of alarms, and off the clock that it had when it was opened.
    """

    pk = models.CompositePrimaryKey("site", "key")
    site = models.CharField(max_length=20)
    key = models.UUIDField()
    device_key = models.UUIDField()
    account_key = models.UUIDField()
    session_key = models.UUIDField(null=True)
    heard_number = models.BigIntegerField()
    offset_ms = models.BigIntegerField()
    first_offset_ms = models.BigIntegerField()
    opened_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    hidden_since = models.DateTimeField(null=True)
    blocked_since = models.DateTimeField(null=True)
    deaf_since = models.DateTimeField(null=True)
    moved_since = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    guard = Guard(append_only=False, audited=False, changes=("UPDATE", "DELETE"))
    classes = dict.fromkeys(
        [
            "site", "key", "device_key", "account_key", "session_key", "heard_number", "offset_ms", "first_offset_ms",
            "opened_at", "beat_at", "hidden_since", "blocked_since", "deaf_since", "moved_since",
            "left_at",
        ],
        Class.OPERATIONAL,
    )  # fmt: skip
