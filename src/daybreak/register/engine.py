"""The analysis engine: the only place that opens DuckDB. Another engine is another function that gives the
same tables.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

from daybreak.register.description import Column, Table

TYPES = {"text": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN"}
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


def schema(columns: Sequence[Column]) -> ibis.Schema:
    """Return the types of columns as ibis knows them."""
    return ibis.schema({column.name: _MEANINGS[column.type] for column in columns})
