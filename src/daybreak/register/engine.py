"""The analysis engine: the only place that opens DuckDB. Another engine is another function that gives the
same tables.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.util import gen_name

from daybreak.register.description import Column, Table

TYPES = {"text": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN"}
MINUTES_A_DAY = 1440
_MEANINGS = {"text": "string", "integer": "int64", "number": "float64", "boolean": "boolean"}


def scratch() -> duckdb.DuckDBPyConnection:
    """Return a database in memory that writes nothing to disk: a freeze keeps the keys of people in it."""
    connection = duckdb.connect(":memory:")
    connection.execute("SET temp_directory = ''")
    return connection


def frozen_tables(files: Mapping[str, Sequence[Path]], described: Sequence[Table]) -> dict[str, ir.Table]:
    """Return each described table as an expression over its files; a table without a file has no rows."""
    connection = ibis.duckdb.connect()
    return {table.name: _table(connection, files.get(table.name, ()), table) for table in described}


def _table(connection: ibis.BaseBackend, files: Sequence[Path], described: Table) -> ir.Table:
    if not files:
        return held(connection, described, schema(described.columns).to_pyarrow().empty_table())
    found = connection.read_parquet(
        [str(file) for file in sorted(files)], table_name=described.name, hive_partitioning=False
    )
    # A snapshot never changes: what was described after it was made is empty in it.
    types, there = schema(described.columns), set(found.columns)
    return found.select(**{name: found[name] if name in there else ibis.null(types[name]) for name in types.names})


def held(connection: ibis.BaseBackend, described: Table, rows: pa.Table) -> ir.Table:
    """Return rows in memory as a described table."""
    connection.con.register(described.name, rows)
    return connection.table(described.name)


def worked_out(rows: ir.Table) -> ir.Table:
    """Return rows that are worked out now, in memory, because they are asked several times; they go with the
    connection.
    """
    return rows.get_backend().create_table(gen_name("worked_out"), rows, temp=True)


def schema(columns: Sequence[Column]) -> ibis.Schema:
    """Return the types of columns as ibis knows them."""
    return ibis.schema({column.name: _MEANINGS[column.type] for column in columns})


def extract_tables(
    files: Mapping[str, Path], there: Mapping[str, Mapping[str, str]], described: Sequence[Table]
) -> dict[str, ir.Table]:
    """Return each described table as an expression over the CSV files of a release, in which `there` are the columns
    with their types. Times are minutes since the person's first session, as in a snapshot, whatever form they left in.
    """
    connection = ibis.duckdb.connect()
    read = {name: _read_extract(connection, name, file, there[name]) for name, file in files.items()}
    starts = _first_sessions(read.get("session"))
    found = {}
    for table in described:
        if table.name in read:
            found[table.name] = _as_described(read[table.name], table, starts)
        else:
            found[table.name] = held(connection, table, schema(table.columns).to_pyarrow().empty_table())
    return found


def _read_extract(connection: ibis.BaseBackend, name: str, file: Path, columns: Mapping[str, str]) -> ir.Table:
    types = {column: TYPES[kind] for column, kind in columns.items()}
    return connection.read_csv(
        str(file), table_name=f"extract_{name}", columns=types, header=True, auto_detect=False, delim=",", quote='"'
    )


def _first_sessions(session: ir.Table | None) -> ir.Table | None:
    """Return the second of each person's first session, where moments left."""
    if session is None or "at" not in session.columns:
        return None
    return session.group_by("person").agg(start=_second(session.at).min()).rename(who="person")


def _second(moment: ir.StringValue) -> ir.IntegerValue:
    return moment.as_timestamp("%Y-%m-%dT%H:%MZ").epoch_seconds()


def _as_described(rows: ir.Table, table: Table, starts: ir.Table | None) -> ir.Table:
    there, types = set(rows.columns), schema(table.columns)
    if starts is not None and table.of_people:
        rows = rows.left_join(starts, rows.person == starts.who)
    made = {}
    for name in types.names:
        if name in there:
            made[name] = rows[name]
        elif name.endswith("minute"):
            made[name] = _minute(rows, table, name.removesuffix("minute"), there)
        elif name.endswith("day") and name.removesuffix("day") + "at" in there and starts is not None:
            made[name] = (_minute(rows, table, name.removesuffix("day"), there) / MINUTES_A_DAY).floor()
        else:
            made[name] = ibis.null(types[name])
    return rows.select(**{name: value.cast(types[name]) for name, value in made.items()})


def _minute(rows: ir.Table, table: Table, prefix: str, there: set[str]) -> ir.Value:
    if f"{prefix}at" in there and "start" in rows.columns:
        return ((_second(rows[f"{prefix}at"]) - rows.start) / 60).floor()
    if f"{prefix}day" in there:
        return rows[f"{prefix}day"] * MINUTES_A_DAY + (0 if table.name in ("session", "course") else 1)
    return ibis.null("int64")
