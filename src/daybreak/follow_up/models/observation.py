"""Why a patient's line ends, that it goes on again, and the tries to reach somebody."""

from django.db import models
from django.db.models import Q

from daybreak.follow_up.rules.observation import CHANGES, OUTCOMES, SOURCES, WAYS
from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, within_site

CLINICAL, QUASI, OPERATIONAL, IDENTITY = Class.CLINICAL, Class.QUASI, Class.OPERATIONAL, Class.IDENTITY


class Observation(Fact):
    """Observation of a patient ended, or began again (“returned”), on a day, as somebody said.

    `kind` and `source` are words of closed lists; `other_site` is the code of the site of a transfer, where that is a
    site of Daybreak; `note` is sealed. A death is recorded with the person, and ends observation by itself.
    """

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    kind = models.CharField(max_length=20, choices=[(each, each) for each in CHANGES])
    on_day = models.DateField()
    source = models.CharField(max_length=20, choices=[(each, each) for each in SOURCES])
    other_site = models.CharField(max_length=20, blank=True)
    note = models.BinaryField(default=b"")
    noted_by = models.UUIDField()
    noted_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "other_site", "noted_by"], OPERATIONAL),
        **dict.fromkeys(["kind", "source"], CLINICAL),
        **dict.fromkeys(["on_day", "noted_at"], QUASI),
        "note": IDENTITY,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CHANGES), name="follow_up_observation_kind"),
            models.CheckConstraint(condition=Q(source__in=SOURCES), name="follow_up_observation_source"),
        ]
        indexes = [models.Index(fields=["site", "patient_key"], name="follow_up_observations_of")]


class Attempt(Fact):
    """Somebody tried to reach a patient: in which way, and what came of it."""

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    way = models.CharField(max_length=20, choices=[(each, each) for each in WAYS])
    outcome = models.CharField(max_length=20, choices=[(each, each) for each in OUTCOMES])
    note = models.BinaryField(default=b"")
    tried_by = models.UUIDField()
    tried_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "tried_by"], OPERATIONAL),
        **dict.fromkeys(["way", "outcome"], CLINICAL),
        "tried_at": QUASI,
        "note": IDENTITY,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(way__in=WAYS), name="follow_up_attempt_way"),
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="follow_up_attempt_outcome"),
        ]
        indexes = [models.Index(fields=["site", "patient_key", "tried_at"], name="follow_up_attempts_of")]
