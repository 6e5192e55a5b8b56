"""Answers, scores, measurements, allergies and medicines: each a fact about one patient."""

from django.db import models

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, within_site

CLINICAL, OPERATIONAL, IDENTITY = Class.CLINICAL, Class.OPERATIONAL, Class.IDENTITY

BY = [("patient", "patient"), ("staff", "staff")]
NONE_KNOWN = "none known"
ALLERGY_STATUS = ("active", "inactive", "entered in error", NONE_KNOWN)
MEDICINE_STATUS = ("active", "stopped", "completed", "planned", "entered in error", "unknown")
MEDICINE_KINDS = ("request", "administration", "statement")
RATERS = ("patient", "clinician", "nurse")
HOW = ("measured", "told", "document", "imported")
COMPARATORS = ("", "<", ">")


def _one_of(words: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(word, word) for word in words]


class AnswerSet(Fact):
    """The answers to one questionnaire at one moment: item to value; an item that was not answered is absent.

    `session_key` names the session the answers belong to; sessions live on a higher floor, so it is not a
    relation.
    """

    patient_key = models.UUIDField()
    instrument = models.CharField(max_length=60)
    version = models.IntegerField()
    fingerprint = models.CharField(max_length=64)
    answers = models.JSONField()
    answered_at = models.DateTimeField()
    by = models.CharField(max_length=10, choices=BY)
    rater = models.CharField(max_length=10, blank=True, default="", choices=_one_of(RATERS))
    look_back_days = models.IntegerField(null=True)
    session_key = models.UUIDField(null=True)
    retracted = models.BooleanField(default=False)
    patient = within_site("people.Patient", "patient_key")

    classes = {
        **Fact.classes,
        **dict.fromkeys(["instrument", "answers", "answered_at", "by", "rater", "look_back_days"], CLINICAL),
        **dict.fromkeys(["patient_key", "version", "fingerprint", "session_key", "retracted"], OPERATIONAL),
    }

    class Meta:
        indexes = [models.Index(fields=["site", "patient_key", "answered_at"], name="measure_answers_of")]


class Score(Fact):
    """One score, with its band and the cut-offs that held when it was computed; without answers where only
    the total came.
    """

    patient_key = models.UUIDField()
    answers_key = models.UUIDField(null=True)
    instrument = models.CharField(max_length=60)
    version = models.IntegerField()
    fingerprint = models.CharField(max_length=64)
    name = models.CharField(max_length=60)
    value = models.DecimalField(max_digits=9, decimal_places=3)
    band = models.CharField(max_length=60, blank=True)
    prorated = models.BooleanField()
    cut_offs = models.JSONField()
    answered_at = models.DateTimeField()
    by = models.CharField(max_length=10, choices=BY)
    rater = models.CharField(max_length=10, blank=True, default="", choices=_one_of(RATERS))
    look_back_days = models.IntegerField(null=True)
    retracted = models.BooleanField(default=False)
    patient = within_site("people.Patient", "patient_key")
    answers = within_site("measure.AnswerSet", "answers_key")

    classes = {
        **Fact.classes,
        **dict.fromkeys(["instrument", "name", "value", "band", "prorated", "cut_offs", "answered_at", "by"], CLINICAL),
        **dict.fromkeys(["rater", "look_back_days"], CLINICAL),
        **dict.fromkeys(["patient_key", "answers_key", "version", "fingerprint", "retracted"], OPERATIONAL),
    }

    class Meta:
        indexes = [models.Index(fields=["site", "patient_key", "answered_at"], name="measure_scores_of")]


class Measurement(Fact):
    """A vital sign or body measure outside a session, in the house's unit, beside what was given."""

    patient_key = models.UUIDField()
    sign = models.CharField(max_length=60)
    value = models.DecimalField(max_digits=12, decimal_places=4)
    unit = models.CharField(max_length=20)
    given_value = models.DecimalField(max_digits=12, decimal_places=4)
    given_unit = models.CharField(max_length=20)
    measured_at = models.DateTimeField()
    how = models.CharField(max_length=10, default="measured", choices=_one_of(HOW))
    retracted = models.BooleanField(default=False)
    patient = within_site("people.Patient", "patient_key")

    classes = {
        **Fact.classes,
        **dict.fromkeys(["sign", "value", "unit", "given_value", "given_unit", "measured_at", "how"], CLINICAL),
        **dict.fromkeys(["patient_key", "retracted"], OPERATIONAL),
    }

    class Meta:
        indexes = [models.Index(fields=["site", "patient_key", "sign", "measured_at"], name="measure_signs_of")]


class LabResult(Fact):
    """One laboratory result: a number with its unit and the reference range as they were given, beside the value in the
    house's unit; or a finding such as “negative”.
    """

    patient_key = models.UUIDField()
    test = models.CharField(max_length=60)
    value = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    comparator = models.CharField(max_length=1, blank=True, choices=_one_of(COMPARATORS))
    unit = models.CharField(max_length=20, blank=True)
    given_value = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    given_unit = models.CharField(max_length=20, blank=True)
    finding = models.CharField(max_length=20, blank=True)
    low = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    high = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    collected_at = models.DateTimeField()
    how = models.CharField(max_length=10, default="document", choices=_one_of(HOW))
    retracted = models.BooleanField(default=False)
    patient = within_site("people.Patient", "patient_key")

    classes = {
        **Fact.classes,
        **dict.fromkeys(["test", "value", "comparator", "unit", "given_value", "given_unit", "finding"], CLINICAL),
        **dict.fromkeys(["low", "high", "collected_at", "how"], CLINICAL),
        **dict.fromkeys(["patient_key", "retracted"], OPERATIONAL),
    }

    class Meta:
        indexes = [models.Index(fields=["site", "patient_key", "test", "collected_at"], name="measure_labs_of")]


class Allergy(Fact):
    """A substance the patient does not tolerate, or, with the status “none known”, the statement that there
    is none.

    The substance's words are sealed, since they may be typed by hand; its code is not.
    """

    patient_key = models.UUIDField()
    substance = models.BinaryField()
    code = models.CharField(max_length=60, blank=True)
    system = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=20, choices=_one_of(ALLERGY_STATUS))
    noted_at = models.DateTimeField()
    how = models.CharField(max_length=10, default="told", choices=_one_of(HOW))
    patient = within_site("people.Patient", "patient_key")

    classes = {
        **Fact.classes,
        **dict.fromkeys(["code", "system", "status", "noted_at", "how"], CLINICAL),
        "substance": IDENTITY,
        "patient_key": OPERATIONAL,
    }

    class Meta:
        indexes = [models.Index(fields=["site", "patient_key"], name="measure_allergies_of")]


class Medicine(Fact):
    """A medicine that was ordered, given, or said to be taken, over a half-open period of days where they are
    known.
    """

    patient_key = models.UUIDField()
    kind = models.CharField(max_length=20, choices=_one_of(MEDICINE_KINDS))
    code = models.CharField(max_length=60, blank=True)
    system = models.CharField(max_length=120, blank=True)
    display = models.BinaryField()
    started_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    status = models.CharField(max_length=20, choices=_one_of(MEDICINE_STATUS))
    noted_at = models.DateTimeField()
    how = models.CharField(max_length=10, default="told", choices=_one_of(HOW))
    patient = within_site("people.Patient", "patient_key")

    classes = {
        **Fact.classes,
        **dict.fromkeys(["kind", "code", "system", "started_on", "ended_on", "status", "noted_at", "how"], CLINICAL),
        "display": IDENTITY,
        "patient_key": OPERATIONAL,
    }

    class Meta:
        indexes = [models.Index(fields=["site", "patient_key"], name="measure_medicines_of")]
