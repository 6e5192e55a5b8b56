"""A key per person, what is sealed under it, search tokens, and every look."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, Guard, within_site

OPERATIONAL = Class.OPERATIONAL


class PersonKey(models.Model):
    """The data key of one person, wrapped by the master key. Deleting the row forgets the person."""

    pk = models.CompositePrimaryKey("site", "patient_key")
    site = models.CharField(max_length=20)
    patient_key = models.UUIDField()
    wrapped = models.BinaryField()
    patient = within_site("people.Patient", "patient_key")

    guard = Guard(append_only=False, changes=("DELETE",), kept_secret=("wrapped",))
    classes = {"site": OPERATIONAL, "patient_key": OPERATIONAL, "wrapped": Class.IDENTITY}


class Particulars(Fact):
    """Name, birth date and contacts of a person at one moment, sealed. The newest standing row holds."""

    patient_key = models.UUIDField()
    sealed = models.BinaryField()
    noted_at = models.DateTimeField()
    patient = within_site("people.Patient", "patient_key")

    classes = {**Fact.classes, "patient_key": OPERATIONAL, "sealed": Class.IDENTITY, "noted_at": OPERATIONAL}

    class Meta:
        indexes = [models.Index(fields=["site", "patient_key", "noted_at"], name="identity_particulars_of")]


class SearchToken(models.Model):
    """A keyed hash of one normalised word of a name, or of a number, so that a person can be found without being
    read.
    """

    pk = models.CompositePrimaryKey("site", "token", "patient_key")
    site = models.CharField(max_length=20)
    token = models.BinaryField()
    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")

    guard = Guard(append_only=False, changes=("DELETE",))
    classes = {"site": OPERATIONAL, "token": Class.IDENTITY, "patient_key": OPERATIONAL}


class Look(Fact):
    """A look at names: whose, by whom (recorded_by), why, when."""

    patient_keys = ArrayField(models.UUIDField())
    purpose = models.CharField(max_length=120)
    looked_at = models.DateTimeField()

    classes = {**Fact.classes, "patient_keys": OPERATIONAL, "purpose": OPERATIONAL, "looked_at": OPERATIONAL}
