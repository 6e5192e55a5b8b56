"""The form of a fact, the entries of the audit, their seals, and the tray of what could not be placed."""

from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CompositePrimaryKey

from daybreak.kernel.classification import Class


@dataclass(frozen=True, slots=True)
class Guard:
    """What the database lets the application's role do to a table; `ledger.guards` writes it as SQL.

    `isolated`: rows belong to a site (row-level security). `append_only`: INSERT and SELECT, nothing else, for anybody.
    `changes`: the other verbs the application may use. `kept_secret`: columns whose content the audit hashes, not
    copies.
    `or_own`: a column that also admits the row to the account it names, whatever the site.
    `refers_at_once`: its relations are looked up once for a statement, not once for a row. That is enough for an
    append-only table whose relations are append-only too: what is there when a row is added never goes away.
    """

    isolated: bool = True
    append_only: bool = True
    audited: bool = True
    changes: tuple[str, ...] = ()
    kept_secret: tuple[str, ...] = ()
    or_own: str | None = None
    refers_at_once: bool = False


APPEND_ONLY = Guard()


class Fact(models.Model):
    """A row that is added and never edited; a correction is a new row that names what it corrects.

    `key` is made where the fact is made. `batch`, `recorded_at` and `recorded_by` are written by the database alone.
    `content_hash` is SHA-256 over what was sent, so that a key which returns with other content is seen. After
    `record`,
    `stored_now` says whether this very object was stored, and not known before.
    """

    stored_now = False

    pk = CompositePrimaryKey("site", "key")
    site = models.CharField(max_length=20)
    key = models.UUIDField()
    corrects = models.UUIDField(null=True)
    content_hash = models.BinaryField()
    batch = models.BigIntegerField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)

    guard = APPEND_ONLY
    classes = {
        "site": Class.OPERATIONAL,
        "key": Class.OPERATIONAL,
        "corrects": Class.OPERATIONAL,
        "content_hash": Class.OPERATIONAL,
        "batch": Class.OPERATIONAL,
        "recorded_at": Class.OPERATIONAL,
        "recorded_by": Class.OPERATIONAL,
    }

    class Meta:
        abstract = True


BY_DATABASE = ("batch", "recorded_at", "recorded_by")


def within_site(to: str, key: str) -> "models.ForeignObject":
    """Return a relation to another fact of the same site through the column `key`.

    The guards turn it into a composite foreign key on (site, key), because foreign keys look past row-level security.
    """
    return models.ForeignObject(
        to, on_delete=models.DO_NOTHING, from_fields=["site", key], to_fields=["site", "key"], related_name="+"
    )


class TrayItem(Fact):
    """Something that arrived and could not be placed; a person settles it. Nothing is guessed and nothing is lost."""

    about = models.CharField(max_length=80)
    about_key = models.UUIDField(null=True)
    reason = models.CharField(max_length=400)
    content = models.JSONField()
    received_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        "about": Class.OPERATIONAL,
        "about_key": Class.OPERATIONAL,
        "reason": Class.OPERATIONAL,
        "content": Class.CLINICAL,
        "received_at": Class.OPERATIONAL,
    }


class TraySettled(Fact):
    """A person has settled a thing in the tray: it is `placed` where it belongs, or `set aside` with a reason."""

    item_key = models.UUIDField()
    item = within_site("ledger.TrayItem", "item_key")
    outcome = models.CharField(max_length=10)
    reason = models.CharField(max_length=30, blank=True)
    settled_at = models.DateTimeField()

    classes = {
        **Fact.classes,
        **dict.fromkeys(["item_key", "outcome", "reason", "settled_at"], Class.OPERATIONAL),
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "item_key"], name="ledger_tray_settled_once")]


class Entry(models.Model):
    """One statement that changed one table, as its trigger saw it. Written by the database only.

    `xact` is the transaction as the cluster `epoch` counts them. Of a batch of an append-only table `columns` are those
    that were hashed, and `places` holds 8 bytes of each row's digest; without them the rows were hashed as JSON.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    epoch = models.BigIntegerField()
    xact = models.BigIntegerField()
    relation = models.CharField(max_length=63)
    operation = models.CharField(max_length=8)
    site = models.CharField(max_length=20)
    actor = models.CharField(max_length=40)
    purpose = models.CharField(max_length=120)
    role = models.CharField(max_length=63)
    batch = models.BigIntegerField(null=True)
    row_count = models.IntegerField()
    digest = models.BinaryField()
    content = models.JSONField(null=True)
    columns = ArrayField(models.TextField(), null=True)
    places = models.BinaryField(null=True)

    guard = Guard(isolated=False, audited=False)
    classes = dict.fromkeys(
        [
            "id",
            "at",
            "epoch",
            "xact",
            "relation",
            "operation",
            "site",
            "actor",
            "purpose",
            "role",
            "batch",
            "row_count",
            "digest",
            "columns",
            "places",
        ],
        Class.OPERATIONAL,
    ) | {"content": Class.IDENTITY}

    class Meta:
        indexes = [
            models.Index(fields=["relation", "batch"], name="ledger_entry_batch"),
            models.Index(fields=["epoch", "xact"], name="ledger_entry_xact"),
        ]


class Seal(models.Model):
    """A link of the chain: the digest of every entry of the transactions in [from_xact, upto_xact) of the cluster
    `epoch`, and of the seal before.
    """

    number = models.BigIntegerField(primary_key=True)
    epoch = models.BigIntegerField()
    from_xact = models.BigIntegerField()
    upto_xact = models.BigIntegerField()
    entries = models.IntegerField()
    digest = models.BinaryField()
    sealed_at = models.DateTimeField()

    guard = Guard(isolated=False, audited=False)
    classes = dict.fromkeys(
        ["number", "epoch", "from_xact", "upto_xact", "entries", "digest", "sealed_at"], Class.OPERATIONAL
    )

    class Meta:
        indexes = [models.Index(fields=["epoch", "upto_xact"], name="ledger_seal_upto")]
