"""Sites, accounts of staff, memberships, credentials, and patients as tokens."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from daybreak.kernel.classification import Class
from daybreak.kernel.keys import new_key
from daybreak.ledger.public import Fact, Guard, within_site
from daybreak.people.rules import OFFER_REFUSED

OPERATIONAL, QUASI, IDENTITY = Class.OPERATIONAL, Class.QUASI, Class.IDENTITY


class Site(models.Model):
    """A clinic, or the coordinating centre. It is synthetic or real, for ever."""

    code = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=[("clinic", "clinic"), ("centre", "centre")])
    synthetic = models.BooleanField()
    time_zone = models.CharField(max_length=60)
    crisis_line = models.CharField(max_length=120, blank=True)
    telephone = models.CharField(max_length=60, blank=True)
    emergency_line = models.CharField(max_length=120, blank=True)
    hours = models.CharField(max_length=120, blank=True)
    opened_at = models.DateTimeField()

    guard = Guard(isolated=False, append_only=False)
    classes = dict.fromkeys(
        [
            "code",
            "name",
            "kind",
            "synthetic",
            "time_zone",
            "crisis_line",
            "telephone",
            "emergency_line",
            "hours",
            "opened_at",
        ],
        OPERATIONAL,
    )


class AccountManager(BaseUserManager):
    """Finds accounts by e-mail address, whatever its case."""

    def get_by_natural_key(self, username: str) -> "Account":
        return self.get(email__iexact=username)


class Account(AbstractBaseUser):
    """A member of staff who may sign in. What they may do stands in their memberships."""

    key = models.UUIDField(primary_key=True, default=new_key, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    one_click = models.BooleanField(default=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = AccountManager()

    guard = Guard(isolated=False, append_only=False, changes=("UPDATE",), kept_secret=("password",))
    classes = dict.fromkeys(["key", "password", "last_login", "is_active", "one_click"], OPERATIONAL) | dict.fromkeys(
        ["email", "name"], IDENTITY
    )


class Membership(models.Model):
    """A role that an account holds at a site, in a half-open period of days.

    One that waits (since a moment) is none: it begins when the account's owner joins by the site's own link.
    """

    key = models.UUIDField(primary_key=True, default=new_key, editable=False)
    site = models.CharField(max_length=20)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=30)
    from_day = models.DateField()
    until_day = models.DateField(null=True)
    waits_since = models.DateTimeField(null=True)

    guard = Guard(append_only=False, changes=("UPDATE",), or_own="account_id")
    classes = dict.fromkeys(["key", "site", "account", "role", "from_day", "until_day", "waits_since"], OPERATIONAL)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "account", "role", "from_day"], name="people_membership_once")
        ]


class Credential(Fact):
    """Proof that someone may do something, with the days on which it holds: ACLS, the course, a licence."""

    account_key = models.UUIDField()
    kind = models.CharField(max_length=40)
    issued_on = models.DateField()
    expires_on = models.DateField(null=True)
    number = models.CharField(max_length=60, blank=True)

    guard = Guard(or_own="account_key")
    classes = {
        **Fact.classes,
        **dict.fromkeys(["account_key", "kind", "issued_on", "expires_on", "number"], OPERATIONAL),
    }


class CredentialOffer(Fact):
    """A credential as its holder showed it, with its document. It counts once somebody else has verified it."""

    account_key = models.UUIDField()
    kind = models.CharField(max_length=40)
    issued_on = models.DateField()
    expires_on = models.DateField(null=True)
    number = models.CharField(max_length=60, blank=True)
    file_name = models.CharField(max_length=120)
    media = models.CharField(max_length=40)
    document = models.BinaryField()
    offered_at = models.DateTimeField()

    guard = Guard(or_own="account_key")
    classes = {
        **Fact.classes,
        **dict.fromkeys(
            ["account_key", "kind", "issued_on", "expires_on", "number", "media", "offered_at"], OPERATIONAL
        ),
        **dict.fromkeys(["file_name", "document"], IDENTITY),
    }


class OfferSettled(Fact):
    """A credential that was shown is verified, or refused with a reason."""

    offer_key = models.UUIDField()
    offer = within_site("people.CredentialOffer", "offer_key")
    verified = models.BooleanField()
    reason = models.CharField(max_length=40, blank=True, choices=[(r, r) for r in OFFER_REFUSED])
    settled_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["offer_key", "verified", "reason", "settled_at"], OPERATIONAL),
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "offer_key"], name="people_offer_settled_once")]


class CredentialReminder(Fact):
    """A mail about the end of a credential was sent to `to_key`, or could not be handed over, with the reason in fixed
    words. `stage` is the number of days before the end that it is for; 0 says that the credential has ended.
    """

    credential_key = models.UUIDField()
    credential = within_site("people.Credential", "credential_key")
    to_key = models.UUIDField()
    stage = models.PositiveSmallIntegerField()
    sent = models.BooleanField()
    because = models.CharField(max_length=160, blank=True)
    tried_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["credential_key", "to_key", "stage", "sent", "because", "tried_at"], OPERATIONAL),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "credential_key", "to_key", "stage"],
                condition=Q(sent=True),
                name="people_credential_reminded_once",
            )
        ]
        indexes = [models.Index(fields=["site", "credential_key"], name="people_reminders_of")]


class Patient(Fact):
    """A patient as a token: a site, a key, and what de-identified analysis may need. No name, no birth date."""

    registered_at = models.DateTimeField()
    sex = models.CharField(max_length=10, choices=[(s, s) for s in ("female", "male", "other", "unknown")])
    birth_year = models.IntegerField(null=True)
    origin = models.CharField(max_length=30)

    classes = {**Fact.classes, "registered_at": QUASI, "sex": QUASI, "birth_year": QUASI, "origin": OPERATIONAL}


PRECISIONS = ("day", "month", "year", "unknown")
DEATH_SOURCES = ("relative", "clinic", "register", "certificate", "notice", "import")
DEATH_CORRECTED = ("more is known", "typed wrong", "lives", "another person")


class Death(Fact):
    """That a patient has died, when, how exactly that is known, and from whom. Without it nothing is known of a death.

    `died_on` is the first day of the month or year where only that is known. A correction names what it corrects, and
    `because`; one that says `taken_back` says that there was no death.
    """

    patient_key = models.UUIDField()
    died_on = models.DateField(null=True)
    precision = models.CharField(max_length=10, blank=True, default="", choices=[(p, p) for p in PRECISIONS])
    source = models.CharField(max_length=20, blank=True, default="", choices=[(s, s) for s in DEATH_SOURCES])
    taken_back = models.BooleanField(default=False)
    because = models.CharField(max_length=20, blank=True, default="", choices=[(b, b) for b in DEATH_CORRECTED])
    noted_at = models.DateTimeField()
    patient = within_site("people.Patient", "patient_key")

    classes = {
        **Fact.classes,
        **dict.fromkeys(["patient_key", "source", "taken_back", "because", "noted_at"], OPERATIONAL),
        **dict.fromkeys(["died_on", "precision"], QUASI),
    }

    class Meta:
        indexes = [models.Index(fields=["site", "patient_key"], name="people_deaths_of")]


SAME, BOTH, DIFFERENT, UNDONE = "same", "both", "different", "undone"
DUPLICATE_BECAUSE = {
    SAME: ("document", "patient", "number"),
    BOTH: ("document", "patient", "number"),
    DIFFERENT: ("document", "patient", "relatives"),
    UNDONE: ("error", "document"),
}


_BECAUSE = sorted({word for words in DUPLICATE_BECAUSE.values() for word in words})


class DuplicateDecision(Fact):
    """Somebody looked at two records of one site and said whether they are the same person, and `because`.

    Of “same”, `record_key` was merged into `other_key`, which is kept. Of “both” they are one person too, and both are
    kept: care stands in each. “undone” corrects a decision: the two are
    undecided again.
    """

    record_key = models.UUIDField()
    other_key = models.UUIDField()
    verdict = models.CharField(max_length=10, choices=[(v, v) for v in DUPLICATE_BECAUSE])
    because = models.CharField(max_length=20, choices=[(b, b) for b in _BECAUSE])
    decided_at = models.DateTimeField()
    record = within_site("people.Patient", "record_key")
    other = within_site("people.Patient", "other_key")

    classes = {
        **Fact.classes,
        **dict.fromkeys(["record_key", "other_key", "verdict", "because", "decided_at"], OPERATIONAL),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(record_key=F("other_key")), name="people_duplicate_of_another"),
            models.CheckConstraint(
                condition=Q(verdict=UNDONE, corrects__isnull=False) | (~Q(verdict=UNDONE) & Q(corrects__isnull=True)),
                name="people_duplicate_undone_names_what",
            ),
        ]
        indexes = [models.Index(fields=["site", "record_key"], name="people_duplicate_record")]


class DutyTurn(Fact):
    """Somebody is on duty at the site in a half-open time, first (rank 1) or after others, reached by `telephone`.

    A turn that ends early, or never was, is corrected: it then has its new end, or is `taken_back`.
    """

    account_key = models.UUIDField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    rank = models.PositiveSmallIntegerField()
    telephone = models.CharField(max_length=40, blank=True)
    taken_back = models.BooleanField(default=False)
    entered_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["account_key", "from_at", "until_at", "rank", "taken_back", "entered_at"], OPERATIONAL),
        "telephone": IDENTITY,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(from_at__lt=F("until_at")), name="people_duty_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(rank__gte=1), name="people_duty_rank"),
        ]
        indexes = [models.Index(fields=["site", "until_at"], name="people_duty_turns_of")]


class SiteLines(Fact):
    """Whom a site's patients call, and when somebody reads, as the site lead told it last. Where nothing was told,
    what was said when the site was added holds.
    """

    emergency_line = models.CharField(max_length=120, blank=True)
    crisis_line = models.CharField(max_length=120, blank=True)
    telephone = models.CharField(max_length=60, blank=True)
    hours = models.CharField(max_length=120, blank=True)
    told_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["emergency_line", "crisis_line", "telephone", "hours", "told_at"], OPERATIONAL),
    }
