"""What was given or taken in a session beside its own drug."""

from django.db import models
from django.db.models import Q

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, within_site
from daybreak.treat.rules.medicines import HOW, NEVER_GIVEN


class MedicineGiven(Fact):
    """A medicine at one moment. `medicine` is a word of the code list `session_medicines` (or of another one that knows
    it), or “other”; a name written by hand is sealed in `name`.

    Oxygen has `flow` (L/min) and `device` instead of dose and route, and holds until its next row. `given_by` is empty
    where the patient took it. A row that corrects another states all of it again, or bears the mark “never_given”.
    """

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    session_key = models.UUIDField()
    session = within_site("treat.Session", "session_key")
    medicine = models.CharField(max_length=40)
    name = models.BinaryField(default=b"")
    how = models.CharField(max_length=10, choices=[(each, each) for each in HOW])
    dose = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    unit = models.CharField(max_length=10, blank=True)
    route = models.CharField(max_length=20, blank=True)
    flow = models.DecimalField(max_digits=6, decimal_places=3, null=True)
    device = models.CharField(max_length=30, blank=True)
    reason = models.CharField(max_length=30, blank=True)
    given_by = models.UUIDField(null=True)
    given_at = models.DateTimeField()
    mark = models.CharField(max_length=12, blank=True, default="", choices=[("", ""), (NEVER_GIVEN, NEVER_GIVEN)])

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "session_key", "given_by"], Class.OPERATIONAL),
        **dict.fromkeys(
            ["medicine", "how", "dose", "unit", "route", "flow", "device", "reason", "mark"], Class.CLINICAL
        ),
        "name": Class.IDENTITY,
        "given_at": Class.QUASI,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(dose__isnull=True, unit="") | Q(dose__gt=0, flow__isnull=True) & ~Q(unit=""),
                name="treat_medicine_dose_has_a_unit",
            ),
            models.CheckConstraint(condition=Q(flow__isnull=True) | Q(flow__gte=0), name="treat_medicine_flow_flows"),
            models.CheckConstraint(
                condition=Q(mark="") | Q(corrects__isnull=False), name="treat_medicine_mark_corrects"
            ),
        ]
        indexes = [models.Index(fields=["site", "session_key", "given_at"], name="treat_medicines_of_session")]
