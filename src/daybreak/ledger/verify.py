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

FORMS = "SELECT DISTINCT columns FROM ledger_entry WHERE relation = %s AND operation = 'INSERT'"
BATCHES = sql.SQL("""
    WITH noted AS (
        SELECT batch, sum(row_count) AS n, min(digest) AS digest, string_agg(places, ''::bytea) AS places
        FROM ledger_entry WHERE relation = %s AND operation = 'INSERT' AND columns IS NOT DISTINCT FROM %s GROUP BY 1
    ),
    held AS (
        SELECT batch, count(*) AS n, sha256(string_agg(digest, ''::bytea ORDER BY digest)) AS digest
        FROM (SELECT t.batch, {digest} AS digest FROM {table} t WHERE t.batch IN (SELECT batch FROM noted)) hashed
        GROUP BY 1
    )
    SELECT noted.batch, noted.n, held.n, noted.places
    FROM noted LEFT JOIN held ON noted.batch = held.batch
    WHERE noted.digest IS DISTINCT FROM held.digest ORDER BY 1
""")
UNNOTED = sql.SQL("""
    SELECT t.batch, count(*) FROM {table} t
    WHERE NOT EXISTS (
        SELECT FROM ledger_entry e WHERE e.relation = %s AND e.operation = 'INSERT' AND e.batch = t.batch
    )
    GROUP BY 1 ORDER BY 1
""")
PLACES = sql.SQL("SELECT concat_ws('/', t.site, t.key), {digest} FROM {table} t WHERE t.batch = %s ORDER BY 1")
PLACE = 8
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
    cursor.execute(FORMS, [table])
    for (columns,) in cursor.fetchall():
        digest = _digest(cursor, table, columns)
        cursor.execute(_of(cursor, BATCHES, table, digest), [table, columns])
        for batch, noted, held, places in cursor.fetchall():
            cursor.execute(_of(cursor, PLACES, table, digest), [batch])
            strangers = list(_strangers(table, batch, bytes(places), cursor.fetchall())) if places else []
            if noted != held or not strangers:
                yield Finding(table, f"batch {batch}", _difference(noted, held or 0))
            yield from strangers
    cursor.execute(_of(cursor, UNNOTED, table), [table])
    for batch, held in cursor.fetchall():
        yield Finding(table, f"batch {batch}", _difference(0, held))


def _digest(cursor, table: str, columns: list[str] | None) -> sql.Composable:
    """Return the digest of a row `t` as its entry has it; nothing where a column that came later is filled."""
    if columns is None:
        return sql.SQL("ledger_row_digest(to_jsonb(t))")
    cursor.execute("SELECT ledger_columns(%s::regclass)", [f'"{table}"'])
    (there,) = cursor.fetchone()
    hashed = (sql.SQL("t.{}").format(sql.Identifier(each)) if each in there else sql.NULL for each in columns)
    later = [sql.SQL(", t.{}").format(sql.Identifier(each)) for each in there if each not in columns]
    return sql.SQL("CASE WHEN num_nonnulls(NULL{}) = 0 THEN sha256(record_send(ROW({}))) END").format(
        sql.SQL("").join(later), sql.SQL(", ").join(hashed)
    )


def _of(cursor, statement: sql.SQL, table: str, digest: sql.Composable = sql.NULL) -> str:
    return statement.format(table=sql.Identifier(table), digest=digest).as_string(cursor.connection)


def _strangers(table: str, batch: int, places: bytes, held: list[tuple[str, bytes | None]]) -> Iterator[Finding]:
    """Name the rows of a batch that its entry does not know."""
    noted = {places[start : start + PLACE] for start in range(0, len(places), PLACE)}
    for key, digest in held:
        if digest is None or bytes(digest)[:PLACE] not in noted:
            yield Finding(
                table, f"batch {batch}, row {key}", "this row was changed or inserted behind the application's back"
            )


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
