"""The controlled drug: lots, what came into the safe and left it, what was wasted, what was counted, and who saw it."""

from django.db import models
from django.db.models import F, Q

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, within_site

OPERATIONAL, CLINICAL, QUASI, IDENTITY = Class.OPERATIONAL, Class.CLINICAL, Class.QUASI, Class.IDENTITY
CONTAINERS = ("ampoule", "vial", "device", "tablet")


class Lot(Fact):
    """A drug as one maker's lot: what is in each container, in mg of base, its number and the day it expires on.

    `mg_per_ml` is the strength where it is a liquid. The lot's number is what some forms ask for after a session.
    """

    drug = models.CharField(max_length=40)
    container = models.CharField(max_length=10, choices=[(each, each) for each in CONTAINERS])
    mg_each = models.DecimalField(max_digits=9, decimal_places=3)
    mg_per_ml = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    number = models.CharField(max_length=40)
    expires_on = models.DateField()
    said_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["drug", "container", "mg_each", "mg_per_ml", "number", "expires_on", "said_at"], OPERATIONAL),
    }

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(mg_each__gt=0), name="treat_lot_holds_something")]


class Movement(Fact):
    """Whole containers came into the safe (`change` above zero) or left it, with what is there afterwards.

    `position` counts the movements of one drug at a site from 1, so that no two can follow the same balance. Neither
    balance can fall below nothing. `about` names the count or the waste that it follows from.
    """

    lot_key = models.UUIDField()
    lot = within_site("treat.Lot", "lot_key")
    drug = models.CharField(max_length=40)
    position = models.IntegerField()
    kind = models.CharField(max_length=10)
    change = models.IntegerField()
    lot_balance = models.IntegerField()
    balance_mg = models.DecimalField(max_digits=12, decimal_places=3)
    patient_key = models.UUIDField(null=True)
    patient = within_site("people.Patient", "patient_key")
    session_key = models.UUIDField(null=True)
    session = within_site("treat.Session", "session_key")
    reference = models.CharField(max_length=60, blank=True)
    about = models.UUIDField(null=True)
    signed_by = models.UUIDField()
    moved_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(
            [
                "lot_key", "drug", "position", "kind", "change", "lot_balance", "balance_mg", "patient_key",
                "session_key", "reference", "about", "signed_by",
            ],
            OPERATIONAL,
        ),
        "moved_at": QUASI,
    }  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "drug", "position"], name="treat_movement_position_once"),
            models.CheckConstraint(
                condition=Q(lot_balance__gte=0, balance_mg__gte=0), name="treat_stock_never_below_nothing"
            ),
            models.CheckConstraint(condition=~Q(change=0), name="treat_movement_moves_something"),
        ]
        indexes = [
            models.Index(fields=["site", "session_key"], name="treat_movements_of_session"),
            models.Index(fields=["site", "lot_key"], name="treat_movements_of_lot"),
        ]


class Waste(Fact):
    """A part of the drug was thrown away: of what was drawn for a session, or whole containers from the safe.

    It counts once another person has signed that they saw it.
    """

    lot_key = models.UUIDField()
    lot = within_site("treat.Lot", "lot_key")
    patient_key = models.UUIDField(null=True)
    patient = within_site("people.Patient", "patient_key")
    session_key = models.UUIDField(null=True)
    session = within_site("treat.Session", "session_key")
    amount_mg = models.DecimalField(max_digits=9, decimal_places=3)
    containers = models.IntegerField(default=0)
    reason = models.CharField(max_length=20)
    signed_by = models.UUIDField()
    wasted_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(
            ["lot_key", "patient_key", "session_key", "amount_mg", "containers", "reason", "signed_by"], OPERATIONAL
        ),
        "wasted_at": QUASI,
    }

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_mg__gt=0), name="treat_waste_is_something")]
        indexes = [models.Index(fields=["site", "session_key"], name="treat_waste_of_session")]


class Count(Fact):
    """The containers of a lot were counted in the safe, beside how many the movements say there are, and why they
    differ. It counts once another person has signed that they counted too.
    """

    lot_key = models.UUIDField()
    lot = within_site("treat.Lot", "lot_key")
    counted = models.IntegerField()
    expected = models.IntegerField()
    explanation = models.CharField(max_length=300, blank=True)
    signed_by = models.UUIDField()
    counted_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["lot_key", "counted", "expected", "signed_by", "counted_at"], OPERATIONAL),
        "explanation": IDENTITY,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(counted__gte=0), name="treat_count_is_a_number"),
            models.CheckConstraint(
                condition=Q(counted=F("expected")) | ~Q(explanation=""), name="treat_difference_is_explained"
            ),
        ]


class Witness(Fact):
    """A second person signed: that they saw a waste or a count, or for a dose above the usual; never the first one."""

    about = models.UUIDField()
    first = models.UUIDField()
    signed_by = models.UUIDField()
    signed_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["about", "first", "signed_by", "signed_at"], OPERATIONAL),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "about"], name="treat_witnessed_once"),
            models.CheckConstraint(condition=~Q(first=F("signed_by")), name="treat_witness_is_another"),
        ]
