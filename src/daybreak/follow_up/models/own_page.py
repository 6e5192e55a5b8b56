"""The patient's own page: its address, the PIN or passkey that was chosen in the clinic, and each try."""

from django.db import models

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, within_site

OPERATIONAL = Class.OPERATIONAL


class OwnPage(Fact):
    """A patient was given the address of a page of their own. Its secret is stored as a hash only."""

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    token_hash = models.BinaryField()
    made_at = models.DateTimeField()

    classes = {**Fact.classes, **dict.fromkeys(["patient_key", "token_hash", "made_at"], OPERATIONAL)}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "token_hash"], name="follow_up_own_page_hash_once")]


class OwnPin(Fact):
    """The patient chose the PIN of their own page. It is chosen once; who forgot it gets a new page in the clinic."""

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    page_key = models.UUIDField()
    page = within_site("follow_up.OwnPage", "page_key")
    pin_hash = models.CharField(max_length=200)
    chosen_at = models.DateTimeField()

    classes = {**Fact.classes, **dict.fromkeys(["patient_key", "page_key", "pin_hash", "chosen_at"], OPERATIONAL)}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "page_key"], name="follow_up_own_pin_once")]


class OwnPasskey(Fact):
    """The patient's phone made a passkey for their own page, instead of a PIN. Only its public half is here."""

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    page_key = models.UUIDField()
    page = within_site("follow_up.OwnPage", "page_key")
    credential = models.BinaryField()
    chosen_at = models.DateTimeField()

    classes = {**Fact.classes, **dict.fromkeys(["patient_key", "page_key", "credential", "chosen_at"], OPERATIONAL)}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "page_key"], name="follow_up_own_passkey_once")]


class OwnTry(Fact):
    """A PIN was typed on a patient's own page, or a passkey was shown, right or wrong. Each is counted."""

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    page_key = models.UUIDField()
    page = within_site("follow_up.OwnPage", "page_key")
    is_right = models.BooleanField()
    tried_at = models.DateTimeField()

    classes = {**Fact.classes, **dict.fromkeys(["patient_key", "page_key", "is_right", "tried_at"], OPERATIONAL)}

    class Meta:
        indexes = [models.Index(fields=["site", "page_key", "tried_at"], name="follow_up_own_tries_of")]


class OwnPageEnded(Fact):
    """A patient's own page was closed by the clinic, or by the patient."""

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    page_key = models.UUIDField()
    page = within_site("follow_up.OwnPage", "page_key")
    ended_at = models.DateTimeField()

    classes = {**Fact.classes, **dict.fromkeys(["patient_key", "page_key", "ended_at"], OPERATIONAL)}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "page_key"], name="follow_up_own_page_ended_once")]
