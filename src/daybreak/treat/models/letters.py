"""Letters to who referred a patient."""

from django.db import models

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, within_site

OPERATIONAL, QUASI, IDENTITY = Class.OPERATIONAL, Class.QUASI, Class.IDENTITY


class ReferrerLetter(Fact):
    """A letter about a course, as a named clinician signed it: to whom, and every word (both sealed). A correction is a
    new version; the earlier ones stay.
    """

    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    course_key = models.UUIDField()
    course = within_site("treat.Course", "course_key")
    addressee = models.BinaryField()
    words = models.BinaryField()
    signed_by = models.UUIDField()
    signed_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "course_key", "signed_by"], OPERATIONAL),
        **dict.fromkeys(["addressee", "words"], IDENTITY),
        "signed_at": QUASI,
    }

    class Meta:
        indexes = [models.Index(fields=["site", "course_key"], name="treat_letters_of_course")]
