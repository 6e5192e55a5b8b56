"""From the published views into memory: the columns a table describes, of people whose registry consent
stands, and nothing else.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import duckdb
import psycopg
from psycopg import sql

from daybreak.register.calendar import CALENDAR, calendar_rows
from daybreak.register.description import Column, Table, Taken
from daybreak.register.engine import TYPES
from daybreak.register.tables import PEOPLE, SITES

# Whose rows may be frozen: every signature is there and nothing was withdrawn, as the room consent publishes
# it.
CONSENTING = sql.SQL(
    "SELECT site, patient_key FROM published.consent_registry WHERE granted_at IS NOT NULL AND withdrawn_at IS NULL"
)
# Times are counted from the first session that was started, else from registration.
_ANCHORED = sql.SQL(
    "(SELECT p.*, coalesce(f.first, p.registered_at) AS anchor, f.first IS NOT NULL AS has_session FROM "
    "published.people_patients p"
    " LEFT JOIN (SELECT site, patient_key, min(started_at) AS first FROM published.treat_sessions GROUP BY "
    "site, patient_key) f"
    " USING (site, patient_key))"
)
_COUNTED = sql.SQL(
    "(SELECT s.*, (SELECT count(*) FROM published.people_patients p WHERE p.site = s.site) AS registered,"
    " (SELECT count(*) FROM published.people_patients p WHERE p.site = s.site AND (p.site, p.patient_key) IN "
    "({})) AS consenting"
    " FROM published.people_sites s)"
).format(CONSENTING)

Staged = tuple[str, str, sql.Composable]


def stage(source: psycopg.Cursor, memory: duckdb.DuckDBPyConnection, table: Table, sites: Sequence[str]) -> None:
    """Copy a table's published columns into `raw_<table>` in memory. No file is written: rows pass through a
    pipe.
    """
    columns = _staged(table)
    outlet, inlet = os.pipe()
    with ThreadPoolExecutor(max_workers=1) as aside:
        reading = aside.submit(_read, memory, table, columns, outlet)
        try:
            with os.fdopen(inlet, "wb") as sink, source.copy(_query(table, columns, sites)) as rows:
                for piece in rows:
                    sink.write(piece)
        except BrokenPipeError:
            reading.result()
            raise
        reading.result()


def _read(memory: duckdb.DuckDBPyConnection, table: Table, columns: Sequence[Staged], outlet: int) -> None:
    types = ", ".join(f"'{name}': '{kind}'" for name, kind, _ in columns)
    try:
        memory.execute(
            f"CREATE TABLE raw_{table.name} AS FROM read_csv('/dev/fd/{outlet}', columns = {{{types}}}, "
            f"auto_detect = false,"
            " header = false, nullstr = '', allow_quoted_nulls = false, parallel = false)"
        )
    finally:
        os.close(outlet)  # whoever still writes is told so, and does not wait for ever


def _query(table: Table, columns: Sequence[Staged], sites: Sequence[str]) -> sql.Composed:
    wanted = sql.SQL(", ").join(sql.SQL("{} AS {}").format(value, sql.Identifier(name)) for name, _, value in columns)
    view = sql.SQL("published.{}").format(sql.Identifier(table.view))
    made = {PEOPLE.name: _ANCHORED, SITES.name: _COUNTED, CALENDAR.name: calendar_rows(CONSENTING)}
    rows = made.get(table.name, view)
    where = sql.SQL("t.site = ANY({})").format(sql.Literal(list(sites)))
    if table.of_people:
        where = sql.SQL("{} AND (t.site, t.patient_key) IN ({})").format(where, CONSENTING)
    return sql.SQL("COPY (SELECT {} FROM {} t WHERE {}) TO STDOUT (FORMAT csv)").format(wanted, rows, where)


def _staged(table: Table) -> list[Staged]:
    """Return name, type in memory and expression of what is read for a table: keys, sources, and its
    definitions' columns.
    """
    if not table.of_people:
        return [_source(column) for column in table.columns]
    found: dict[str, Staged] = {name: (name, "VARCHAR", sql.Identifier("t", name)) for name in ("site", "patient_key")}
    for column in table.columns:
        if column.source and column.source not in found:
            found[column.source] = _source(column)
    for defined in table.defined:
        for name, kind in (
            (defined.name, "VARCHAR"),
            (defined.version, "BIGINT"),
            (defined.fingerprint, "VARCHAR"),
        ):
            found.setdefault(name, (name, kind, sql.Identifier("t", name)))
    if table is PEOPLE:
        found["anchor"] = ("anchor", "BIGINT", _seconds("anchor"))
        found["anchor_year"] = (
            "anchor_year",
            "BIGINT",
            sql.SQL("extract(year FROM t.anchor AT TIME ZONE 'UTC')"),
        )
        found["has_session"] = ("has_session", "BOOLEAN", sql.Identifier("t", "has_session"))
    return list(found.values())


def _source(column: Column) -> Staged:
    name = column.source or column.name
    if column.taken in (Taken.MINUTES, Taken.DAYS):
        return name, "BIGINT", _seconds(name)
    kind = "VARCHAR" if column.taken is Taken.KEY_OF else TYPES[column.type]
    if column.taken is Taken.WORD:
        return name, kind, sql.SQL("nullif({}, '')").format(sql.Identifier("t", name))
    return name, kind, sql.Identifier("t", name)


def _seconds(name: str) -> sql.Composable:
    return sql.SQL("floor(extract(epoch FROM {}))::bigint").format(sql.Identifier("t", name))
