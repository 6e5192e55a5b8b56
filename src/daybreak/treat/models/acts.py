"""Acts that were kept on a device before they were sent, and what a person said of those that could not be placed."""

from django.db import models

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, within_site

OPERATIONAL, QUASI, IDENTITY, CLINICAL = Class.OPERATIONAL, Class.QUASI, Class.IDENTITY, Class.CLINICAL
ANSWERS = ("stored", "tray")


class Act(Fact):
    """What somebody did at the bedside, as a device kept it until it could be sent: the envelope of the facts that were
    made of it, or of what waits for a person.

    `key` was made on the device, and every fact that came of the act carries it. `sent_hash` is the hash of the
    envelope as it was sent, and `proof` what only the sign-in of `done_by` could compute. `device_time` is what the
    device's clock said, `done_at` the same moment by the server's, `ahead_ms` their difference. `content` is sealed,
    and empty once the facts hold it.
    """

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    session_key = models.UUIDField()
    session = within_site("treat.Session", "session_key")
    kind = models.CharField(max_length=20)
    device = models.UUIDField()
    number = models.BigIntegerField()
    done_by = models.UUIDField()
    signed_in_at = models.DateTimeField()
    sent_by = models.UUIDField()
    sent_hash = models.BinaryField()
    proof = models.BinaryField()
    device_time = models.DateTimeField()
    done_at = models.DateTimeField()
    ahead_ms = models.BigIntegerField()
    answer = models.CharField(max_length=10, choices=[(each, each) for each in ANSWERS])
    reason = models.CharField(max_length=400, blank=True)
    content = models.BinaryField(default=b"")

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "session_key", "device", "number", "done_by", "sent_by"], OPERATIONAL),
        **dict.fromkeys(["signed_in_at", "sent_hash", "proof", "ahead_ms", "answer", "reason"], OPERATIONAL),
        "kind": CLINICAL,
        **dict.fromkeys(["device_time", "done_at"], QUASI),
        "content": IDENTITY,
    }

    class Meta:
        indexes = [models.Index(fields=["site", "session_key"], name="treat_acts_of_session")]


class Settlement(Fact):
    """What became of an act that waited: `merged` when the acts that it needed had arrived, `left out` by a person with
    a reason, or `taken` by a person instead of the step `instead_of`.
    """

    OUTCOMES = ("merged", "taken", "left out")

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    session_key = models.UUIDField()
    session = within_site("treat.Session", "session_key")
    act_key = models.UUIDField()
    act = within_site("treat.Act", "act_key")
    outcome = models.CharField(max_length=10, choices=[(each, each) for each in OUTCOMES])
    instead_of = models.UUIDField(null=True)
    note = models.BinaryField(default=b"")
    settled_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "session_key", "act_key", "outcome", "instead_of"], OPERATIONAL),
        "note": IDENTITY,
        "settled_at": OPERATIONAL,
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "act_key"], name="treat_act_settled_once")]
        indexes = [models.Index(fields=["site", "session_key"], name="treat_settlements_of_session")]
