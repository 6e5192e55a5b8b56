"""From the published views into memory: the columns a table describes, of people whose registry consent
stands, and nothing else.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import duckdb
import psycopg
import pyarrow as pa
from psycopg import sql

from daybreak.register.description import Column, Table, Taken
from daybreak.register.engine import TYPES, scratch
from daybreak.register.tables import PEOPLE, SESSIONS, SITES

# Whose rows may be frozen: every signature is there and nothing was withdrawn, as the room consent publishes
# it.
CONSENTING = sql.SQL(
    "SELECT site, patient_key FROM published.consent_registry WHERE granted_at IS NOT NULL AND withdrawn_at IS NULL"
)
_PEOPLE = sql.SQL(
    "SELECT patient_key::text FROM published.people_patients WHERE site = {site} AND (site, patient_key) IN "
    "({consenting} AND site = {site})"
)
_COUNTED = sql.SQL(
    "(SELECT s.site, s.kind, coalesce(p.people, 0) AS registered, coalesce(c.people, 0) AS consenting"
    " FROM published.people_sites s"
    " LEFT JOIN (SELECT site, count(*) AS people FROM published.people_patients GROUP BY site) p USING (site)"
    " LEFT JOIN (SELECT site, count(*) AS people FROM ({}) c GROUP BY site) c USING (site))"
).format(CONSENTING)

Staged = tuple[str, str, sql.Composable]
KEY = "UUID"


@dataclass(frozen=True, slots=True)
class Portion:
    """Some people of one site, by the house's keys, and how all random keys of them and their facts begin."""

    site: str
    people: Sequence[str]
    beginning: str


def consenting_people(source: psycopg.Cursor, site: str) -> list[str]:
    """Return the house's key of each person of a site whose consent to the registry stands."""
    source.execute(_PEOPLE.format(site=sql.Literal(site), consenting=CONSENTING))
    return [key for (key,) in source.fetchall()]


def ask_by_index(source: psycopg.Cursor) -> None:
    """Have the database look people up instead of reading whole tables for each portion, as it would where it has not
    counted its rows yet: after a large load it still takes the tables for small ones.
    """
    source.execute("SET LOCAL enable_seqscan = off")
    source.execute("SET LOCAL max_parallel_workers_per_gather = 0")
    source.execute("SET LOCAL jit = off")


def stage(source: psycopg.Cursor, memory: duckdb.DuckDBPyConnection, table: Table, portion: Portion) -> None:
    """Copy a table's published columns of a portion into `raw_<table>` in memory. What belongs to a session is found by
    the portion's sessions, which are there before.
    """
    where = [sql.SQL("t.site = {}").format(sql.Literal(portion.site)), _among("patient_key", portion.people)]
    if table.of_sessions:
        where.append(_among("session_key", _keys(memory, SESSIONS)))
    _copy(source, memory, table, sql.SQL(" AND ").join(where))


def staged_sites(source: psycopg.Cursor, sites: Sequence[str]) -> pa.Table:
    """Return the sites, with how many people each has."""
    with scratch() as memory:
        _copy(source, memory, SITES, sql.SQL("t.site = ANY({})").format(sql.Literal(list(sites))))
        return memory.execute("FROM raw_site").to_arrow_table()


def copying(table: Table, where: sql.Composable) -> sql.Composed:
    """Return the COPY of a table's published columns, of the rows `t` that `where` admits."""
    wanted = [sql.SQL("{} AS {}").format(value, sql.Identifier(name)) for name, _, value in _staged(table)]
    rows = _COUNTED if table is SITES else sql.SQL("published.{}").format(sql.Identifier(table.view))
    return sql.SQL("COPY (SELECT {} FROM {} t WHERE {}) TO STDOUT (FORMAT csv)").format(
        sql.SQL(", ").join(wanted), rows, where
    )


def _keys(memory: duckdb.DuckDBPyConnection, table: Table) -> list[str]:
    return [str(key) for (key,) in memory.execute(f"SELECT key::VARCHAR FROM raw_{table.name}").fetchall()]  # noqa: S608


def _among(column: str, keys: Sequence[str]) -> sql.Composable:
    held = sql.Literal("{" + ",".join(keys) + "}")
    return sql.SQL("{} = ANY({}::uuid[])").format(sql.Identifier("t", column), held)


def _copy(source: psycopg.Cursor, memory: duckdb.DuckDBPyConnection, table: Table, where: sql.Composable) -> None:
    """Copy the rows of a table into memory. No file is written: they pass through a pipe."""
    outlet, inlet = os.pipe()
    with ThreadPoolExecutor(max_workers=1) as aside:
        reading = aside.submit(_read, memory, table, outlet)
        try:
            with os.fdopen(inlet, "wb") as sink, source.copy(copying(table, where)) as rows:
                for piece in rows:
                    sink.write(piece)
        except BrokenPipeError:
            reading.result()
            raise
        reading.result()


def _read(memory: duckdb.DuckDBPyConnection, table: Table, outlet: int) -> None:
    types = ", ".join(f"'{name}': '{kind}'" for name, kind, _ in _staged(table))
    try:
        memory.execute(
            f"CREATE TABLE raw_{table.name} AS FROM read_csv('/dev/fd/{outlet}', columns = {{{types}}}, "
            "auto_detect = false,"
            " header = false, nullstr = '', allow_quoted_nulls = false, parallel = false)"
        )
    finally:
        os.close(outlet)  # whoever still writes is told so, and does not wait for ever


def _staged(table: Table) -> list[Staged]:
    """Return name, type in memory and expression of what is read for a table: keys, sources, and its
    definitions' columns.
    """
    if not table.of_people:
        return [_source(column) for column in table.columns]
    found: dict[str, Staged] = {
        "site": ("site", "VARCHAR", sql.Identifier("t", "site")),
        "patient_key": ("patient_key", KEY, sql.Identifier("t", "patient_key")),
    }
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
        found["registered_at"] = ("registered_at", "BIGINT", _seconds("registered_at"))
    return list(found.values())


def _source(column: Column) -> Staged:
    name = column.source or column.name
    if column.taken in (Taken.MINUTES, Taken.DAYS):
        return name, "BIGINT", _seconds(name)
    if column.taken is Taken.WORD:
        return name, "VARCHAR", sql.SQL("nullif({}, '')").format(sql.Identifier("t", name))
    kind = KEY if column.taken in (Taken.KEY, Taken.KEY_OF) else TYPES[column.type]
    return name, kind, sql.Identifier("t", name)


def _seconds(name: str) -> sql.Composable:
    return sql.SQL("floor(extract(epoch FROM {}))::bigint").format(sql.Identifier("t", name))
