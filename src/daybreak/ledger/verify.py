"""Replay the audit against the tables, walk the chain of seals, and compare it with checkpoints kept elsewhere.

Runs through the owner's connection, which row-level security does not bind. Without a checkpoint from elsewhere it
finds accidents
and clumsy hands; someone who may rewrite tables, entries and seals together is found only by a checkpoint they could
not reach.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.db import connections, models
from psycopg import sql

from daybreak.ledger.checkpoint import Checkpoint
from daybreak.ledger.guards import guarded_models
from daybreak.ledger.models import Fact

BATCHES = sql.SQL("""
    WITH hashed AS (SELECT batch, ledger_row_digest(to_jsonb(t)) AS digest FROM {table} t),
    held AS (
        SELECT batch, count(*) AS n, sha256(string_agg(digest, ''::bytea ORDER BY digest)) AS digest
        FROM hashed GROUP BY 1
    ),
    noted AS (
        SELECT batch, sum(row_count) AS n, min(digest) AS digest
        FROM ledger_entry WHERE relation = %s AND operation = 'INSERT' GROUP BY 1
    )
    SELECT coalesce(noted.batch, held.batch), noted.n, held.n, noted.digest = held.digest
    FROM noted FULL JOIN held ON noted.batch = held.batch
    WHERE noted.digest IS DISTINCT FROM held.digest ORDER BY 1
""")
ROWS = sql.SQL("""
    WITH noted AS (
        SELECT DISTINCT ON (c ->> 'key') c ->> 'key' AS key, c ->> 'now' AS digest
        FROM ledger_entry e, jsonb_array_elements(e.content) c
        WHERE e.relation = %s AND e.content IS NOT NULL ORDER BY c ->> 'key', e.id DESC
    ),
    held AS (
        SELECT ledger_key(to_jsonb(t), %s) AS key, encode(ledger_row_digest(to_jsonb(t)), 'hex') AS digest
        FROM {table} t
    )
    SELECT coalesce(noted.key, held.key), noted.digest, held.digest
    FROM noted FULL JOIN held ON noted.key = held.key
    WHERE noted.digest IS DISTINCT FROM held.digest ORDER BY 1
""")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as the audit says: which table, where in it, what."""

    table: str
    place: str
    what: str


@dataclass(frozen=True, slots=True)
class Report:
    """What the verification saw."""

    tables: int
    entries: int
    seals: int
    unsealed: int
    checkpoints: int
    findings: tuple[Finding, ...]

    @property
    def is_sound(self) -> bool:
        """Return whether nothing was found."""
        return not self.findings

    def as_json(self) -> dict[str, object]:
        """Return the report as plain data."""
        return {**asdict(self), "findings": [asdict(f) for f in self.findings], "sound": self.is_sound}


def verify(*, alias: str, checkpoints: list[Checkpoint]) -> Report:
    """Verify every audited table, every seal and every checkpoint in one consistent read."""
    audited = [m for m in guarded_models() if m.guard.audited]
    with connections[alias].cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            cursor.execute("SET LOCAL timezone = 'UTC'")
            findings = [f for m in audited for f in _verify_table(cursor, m)]
            findings += [*_verify_chain(cursor), *_verify_checkpoints(cursor, checkpoints)]
            cursor.execute(
                "SELECT count(*), (SELECT count(*) FROM ledger_seal), "
                "count(*) FILTER (WHERE xact >= coalesce(upto, 0)) FROM ledger_entry LEFT JOIN "
                "(SELECT epoch, max(upto_xact) AS upto FROM ledger_seal GROUP BY epoch) sealed USING (epoch)"
            )
            entries, seals, unsealed = cursor.fetchone()
        finally:
            cursor.execute("ROLLBACK")
    return Report(len(audited), entries, seals, unsealed, len(checkpoints), tuple(findings))


def _verify_table(cursor, model: type[models.Model]) -> Iterator[Finding]:
    yield from _triggers_are_on(cursor, model._meta.db_table)
    if issubclass(model, Fact):
        yield from _verify_batches(cursor, model._meta.db_table)
    else:
        yield from _verify_rows(cursor, model)


def _triggers_are_on(cursor, table: str) -> Iterator[Finding]:
    cursor.execute(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgenabled <> 'O'",
        [f'"{table}"'],
    )
    for (name,) in cursor.fetchall():
        yield Finding(table, name, "this trigger has been switched off")


def _verify_batches(cursor, table: str) -> Iterator[Finding]:
    """Compare each batch of an append-only table with its entry: rows changed, added or removed all show."""
    cursor.execute(BATCHES.format(table=sql.Identifier(table)).as_string(cursor.connection), [table])
    for batch, noted, held, _same in cursor.fetchall():
        yield Finding(table, f"batch {batch}", _difference(noted or 0, held or 0))


def _difference(noted: int, held: int) -> str:
    if noted == held:
        return f"a row was changed behind the application's back ({held} rows)"
    verb = "removed" if held < noted else "inserted"
    return f"rows were {verb} behind the application's back: {noted} noted, {held} there"


def _verify_rows(cursor, model: type[models.Model]) -> Iterator[Finding]:
    """Compare each row of a table that may change with the last state that was noted for its key."""
    table, pk = model._meta.db_table, model._meta.pk
    columns = [f.column for f in pk.fields] if isinstance(pk, models.CompositePrimaryKey) else [pk.column]
    cursor.execute(ROWS.format(table=sql.Identifier(table)).as_string(cursor.connection), [table, columns])
    for key, noted, held in cursor.fetchall():
        verb = "changed" if noted and held else "removed" if noted else "inserted"
        yield Finding(table, f"row {key}", f"the row was {verb} behind the application's back")


def _verify_chain(cursor) -> Iterator[Finding]:
    cursor.execute(
        """
        SELECT s.number, s.from_xact = coalesce(lag(s.upto_xact) OVER (PARTITION BY s.epoch ORDER BY s.number), 0),
               found.entries = s.entries,
               s.digest = ledger_chain(coalesce(lag(s.digest) OVER (ORDER BY s.number), ''::bytea), s.number, s.epoch,
                                       s.from_xact, s.upto_xact, found.digest)
        FROM ledger_seal s, LATERAL ledger_entries_digest(s.epoch, s.from_xact, s.upto_xact) found ORDER BY s.number
        """
    )
    expected = 1
    for number, follows, complete, intact in cursor.fetchall():
        if number != expected or not follows:
            yield Finding("ledger_seal", f"seal {number}", "a seal before this one is missing")
        elif not complete:
            yield Finding("ledger_entry", f"seal {number}", "audit entries were removed or inserted below this seal")
        elif not intact:
            yield Finding("ledger_entry", f"seal {number}", "an audit entry or the seal was changed")
        expected = number + 1


def _verify_checkpoints(cursor, checkpoints: list[Checkpoint]) -> Iterator[Finding]:
    for checkpoint in checkpoints:
        cursor.execute("SELECT digest FROM ledger_seal WHERE number = %s", [checkpoint.number])
        row = cursor.fetchone()
        if row is None:
            yield Finding(
                "ledger_seal", f"seal {checkpoint.number}", "a checkpoint holds this seal and the database does not"
            )
        elif bytes(row[0]).hex() != checkpoint.digest:
            yield Finding(
                "ledger_seal", f"seal {checkpoint.number}", "differs from its checkpoint: history was rewritten"
            )
