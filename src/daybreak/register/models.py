"""What the house remembers of each snapshot, and of each release of its rows. The data itself lies in files."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from daybreak.kernel.classification import Class
from daybreak.ledger.public import Fact, Guard, within_site
from daybreak.register.manifest import INVENTED
from daybreak.register.quality.rules import FIELDS, MOST_SAMPLED, REASONS, SCORE, SESSION, STEPS
from daybreak.register.releasing.rules import ANSWERS


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

    @property
    def invented(self) -> bool:
        """Return whether it is an invented cohort, of people who were never at a site of this house."""
        return self.id.startswith(INVENTED)


class ReleaseRequest(Fact):
    """Somebody asks for rows of one snapshot: for whom, what for, by which profile, under which agreement, until when.

    It belongs to the register and names no patient, so that reviewers of the centre read a clinic's request. Who asked
    is `recorded_by`, which the database alone writes. `tables` is empty where all of the profile are asked for.
    """

    recipient = models.CharField(max_length=200)
    purpose = models.CharField(max_length=1000)
    snapshot = models.CharField(max_length=20)
    profile = models.CharField(max_length=20)
    profile_version = models.IntegerField()
    profile_fingerprint = models.CharField(max_length=64)
    tables = models.JSONField()
    agreement = models.CharField(max_length=200, blank=True)
    determination = models.CharField(max_length=200, blank=True)
    expires_on = models.DateField()
    asked_at = models.DateTimeField()

    guard = Guard(isolated=False)
    classes = {
        **Fact.classes,
        **dict.fromkeys(
            ["recipient", "purpose", "snapshot", "profile", "profile_version", "profile_fingerprint", "tables",
             "agreement", "determination", "expires_on", "asked_at"],
            Class.OPERATIONAL,
        ),
    }  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(purpose="") & ~Q(recipient=""), name="register_request_says_whom_and_what_for"
            ),
            models.CheckConstraint(
                condition=~Q(profile="limited") | ~Q(agreement=""), name="register_request_limited_under_an_agreement"
            ),
            models.CheckConstraint(
                condition=~Q(profile="expert") | ~Q(determination=""), name="register_request_expert_determined"
            ),
        ]


class ReleaseReview(Fact):
    """A reviewer answered a request, or takes an approval back; the requester takes a request back.

    It stands under the site of the request. That nobody reviews a request of their own, and nobody counts twice, the
    database refuses (`sql/releases.sql`).
    """

    request_key = models.UUIDField()
    request = within_site("register.ReleaseRequest", "request_key")
    answer = models.CharField(max_length=20)
    reason = models.CharField(max_length=400, blank=True)
    reviewed_at = models.DateTimeField()

    guard = Guard(isolated=False)
    classes = {
        **Fact.classes,
        **dict.fromkeys(["request_key", "answer", "reason", "reviewed_at"], Class.OPERATIONAL),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(answer__in=ANSWERS), name="register_review_answer_words"),
            models.CheckConstraint(
                condition=Q(answer__in=("approve", "take_back")) | ~Q(reason=""), name="register_review_no_has_a_reason"
            ),
            models.UniqueConstraint(
                fields=["site", "request_key", "recorded_by", "answer"], name="register_review_once_each"
            ),
        ]


class HandOut(Fact):
    """Rows were handed out as approved: the manifest, and the SHA-256 of its text. Who took them is `recorded_by`,
    empty for a command. Without two approvals that stand, and after the last day, the database refuses.
    """

    request_key = models.UUIDField()
    request = within_site("register.ReleaseRequest", "request_key")
    manifest = models.JSONField()
    manifest_sha256 = models.CharField(max_length=64)
    rows = models.BigIntegerField()
    handed_at = models.DateTimeField()

    guard = Guard(isolated=False)
    classes = {
        **Fact.classes,
        **dict.fromkeys(["request_key", "manifest", "manifest_sha256", "rows", "handed_at"], Class.OPERATIONAL),
    }


class PublicTable(models.Model):
    """A table or a report that is told to anybody, as it is told: `cells` holds groups (of a report, lines) and rounded
    numbers, null where they are suppressed. Where it is not told, `refused` says why. No true number is kept.
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.DO_NOTHING, related_name="+")
    table = models.CharField(max_length=60)
    policy_version = models.IntegerField()
    policy_fingerprint = models.CharField(max_length=64)
    cells = models.JSONField()
    refused = models.CharField(max_length=400, blank=True)
    made_at = models.DateTimeField()

    guard = Guard(isolated=False)
    classes = dict.fromkeys(
        ["id", "snapshot", "table", "policy_version", "policy_fingerprint", "cells", "refused", "made_at"],
        Class.OPERATIONAL,
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "table"], name="register_public_table_once")]


class DataQuery(Fact):
    """The register asks the clinic `site` about what a check found in one snapshot: how many are well, of how many.

    Or about one `value`: then `asked_by_check` is its column, as “session.dose_mg”, and those that hold it are not
    well. It names no row and no person, since nobody at the centre could: the clinic finds them in the same way.
    `words` are the asker's, who sees no name. Who asked is `recorded_by`.
    """

    snapshot = models.CharField(max_length=20)
    asked_by_check = models.CharField(max_length=60)
    value = models.CharField(max_length=60, blank=True, default="")
    definition_version = models.IntegerField()
    definition_fingerprint = models.CharField(max_length=64)
    well = models.BigIntegerField()
    of = models.BigIntegerField()
    words = models.CharField(max_length=400, blank=True)
    answer_by = models.DateField()
    asked_at = models.DateTimeField()

    guard = Guard(isolated=False)
    classes = {
        **Fact.classes,
        **dict.fromkeys(
            ["snapshot", "asked_by_check", "value", "definition_version", "definition_fingerprint", "well", "of",
             "words", "answer_by", "asked_at"],
            Class.OPERATIONAL,
        ),
    }  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(well__lt=models.F("of")), name="register_data_query_has_rows_behind_it"),
        ]


class DataQueryStep(Fact):
    """A question about data went on: the clinic answered, the register closed it or asked again.

    An answer is three counts and a word of a closed list: what a clinic writes about a person in words of its own never
    crosses. `number` makes two steps at once impossible.
    """

    query_key = models.UUIDField()
    query = within_site("register.DataQuery", "query_key")
    number = models.IntegerField()
    step = models.CharField(max_length=20)
    corrected = models.IntegerField(null=True)
    confirmed = models.IntegerField(null=True)
    unknowable = models.IntegerField(null=True)
    reason = models.CharField(max_length=40, blank=True)
    words = models.CharField(max_length=400, blank=True)
    answer_by = models.DateField(null=True)
    stepped_at = models.DateTimeField()

    guard = Guard(isolated=False)
    classes = {
        **Fact.classes,
        **dict.fromkeys(
            ["query_key", "number", "step", "corrected", "confirmed", "unknowable", "reason", "words", "answer_by",
             "stepped_at"],
            Class.OPERATIONAL,
        ),
    }  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "query_key", "number"], name="register_data_query_one_step_each"),
            models.CheckConstraint(condition=Q(step__in=STEPS), name="register_data_query_step_words"),
            models.CheckConstraint(
                condition=~Q(step="answer")
                | Q(corrected__gte=0, confirmed__gte=0, unknowable__gte=0, reason__in=REASONS, words=""),
                name="register_data_query_answer_is_counts_and_a_word",
            ),
        ]


class SourceSample(Fact):
    """A clinic drew some of its sessions, or of its scores (`kind`), by chance, to compare what the register would get
    with its sources: how many were wanted, of how many, and the seed by which the same ones come out again.
    """

    kind = models.CharField(max_length=10, default=SESSION)
    wanted = models.IntegerField()
    among = models.IntegerField()
    seed = models.CharField(max_length=32)
    drawn_at = models.DateTimeField()

    guard = Guard(isolated=False)
    classes = {**Fact.classes, **dict.fromkeys(["kind", "wanted", "among", "seed", "drawn_at"], Class.OPERATIONAL)}

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(wanted__gte=1, wanted__lte=MOST_SAMPLED, among__gte=1), name="register_sample_has_a_size"
            ),
            models.CheckConstraint(condition=Q(kind__in=tuple(FIELDS)), name="register_sample_of_a_kind"),
        ]


class SourceItem(Fact):
    """One session, or score, of a sample, by its number in it. Only here it is said which: no other site sees this
    table.
    """

    sample_key = models.UUIDField()
    sample = within_site("register.SourceSample", "sample_key")
    number = models.IntegerField()
    patient_key = models.UUIDField()
    patient = within_site("people.Patient", "patient_key")
    session_key = models.UUIDField(null=True)
    score_key = models.UUIDField(null=True)

    classes = {
        **Fact.classes,
        **dict.fromkeys(["sample_key", "number", "patient_key", "session_key", "score_key"], Class.OPERATIONAL),
    }

    @property
    def kind(self) -> str:
        """Return what it is: a session or a score."""
        return SCORE if self.session_key is None else SESSION

    @property
    def record_key(self) -> UUID:
        """Return the clinic's key of it."""
        return self.score_key if self.session_key is None else self.session_key

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "sample_key", "number"], name="register_sample_number_once"),
            models.CheckConstraint(
                condition=Q(session_key__isnull=False, score_key__isnull=True)
                | Q(session_key__isnull=True, score_key__isnull=False),
                name="register_sample_item_is_one_thing",
            ),
        ]


class SourceComparison(Fact):
    """Somebody at the clinic compared one item of a sample with its source: for each field one word. Another look at
    the same item corrects the one before. It holds no value and no person.
    """

    sample_key = models.UUIDField()
    sample = within_site("register.SourceSample", "sample_key")
    number = models.IntegerField()
    verdicts = models.JSONField()
    compared_at = models.DateTimeField()

    guard = Guard(isolated=False)
    classes = {
        **Fact.classes,
        **dict.fromkeys(["sample_key", "number", "verdicts", "compared_at"], Class.OPERATIONAL),
    }
