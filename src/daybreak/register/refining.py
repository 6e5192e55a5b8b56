"""From memory to Parquet: random keys in place of the house's, offsets in place of dates, closed words in
place of text.
"""

import duckdb
import pyarrow as pa
from psycopg import sql

from daybreak.register.description import Column, Table, Taken
from daybreak.register.engine import TYPES
from daybreak.register.manifest import Used
from daybreak.register.pseudonyms import random_keys
from daybreak.register.tables import PEOPLE

# Ids and short terms are small letters; what is longer, capitalised or punctuated reads like free text or a
# name.
WORD_SHAPE = "[a-z0-9][a-z0-9_.+-]*( [a-z0-9_.+-]+){0,3}"
LONGEST_WORD = 60
OLDEST = 90
MINUTE, DAY = 60, 86_400


def give_keys(memory: duckdb.DuckDBPyConnection, table: Table, beginning: str = "") -> None:
    """Add the column `token` to the raw table, where its rows have keys. They are random: which row gets which says
    nothing.
    """
    if not any(column.taken is Taken.KEY for column in table.columns):
        return
    raw = _name("raw", table.name)
    count = int(_run(memory, sql.SQL("SELECT count(*) FROM {}").format(raw)).fetchall()[0][0])
    memory.register("tokens", pa.table({"token": pa.array(random_keys(count, beginning), pa.string())}))
    _run(memory, sql.SQL("CREATE OR REPLACE TABLE {} AS FROM {} POSITIONAL JOIN tokens").format(raw, raw))
    memory.unregister("tokens")


def count_from_first_session(memory: duckdb.DuckDBPyConnection) -> None:
    """Add to the raw people the second from which their times are counted: that of the first session that was started,
    else of registration.
    """
    memory.execute(
        "CREATE OR REPLACE TABLE raw_person AS"
        " SELECT p.*, coalesce(f.first, p.registered_at) AS anchor, f.first IS NOT NULL AS has_session,"
        " year(make_timestamp(coalesce(f.first, p.registered_at) * 1000000)) AS anchor_year"
        " FROM raw_person p LEFT JOIN"
        " (SELECT site, patient_key, min(started_at) AS first FROM raw_session GROUP BY ALL) f"
        " USING (site, patient_key)"
    )


def refine(memory: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Make the view `final_<table>` of `raw_<table>`: every described column, as it is frozen."""
    wanted = sql.SQL(", ").join(
        sql.SQL("CAST({} AS {}) AS {}").format(_value(c), sql.SQL(TYPES[c.type]), sql.Identifier(c.name))
        for c in table.columns
    )
    _run(
        memory,
        sql.SQL("CREATE VIEW {} AS SELECT {} FROM {}").format(_name("final", table.name), wanted, _joined(table)),
    )


def in_order(memory: duckdb.DuckDBPyConnection, table: Table) -> pa.Table:
    """Return the rows of a table as they are frozen, sorted."""
    order = sql.SQL(", ").join(map(sql.Identifier, table.sorted_by or ("site",)))
    return _run(memory, sql.SQL("FROM {} ORDER BY {}").format(_name("final", table.name), order)).to_arrow_table()


def used_definitions(memory: duckdb.DuckDBPyConnection, table: Table) -> set[Used]:
    """Return the definitions by which the table's rows were made."""
    used = set()
    for defined in table.defined:
        columns = sql.SQL(", ").join(sql.Identifier(c) for c in (defined.name, defined.version, defined.fingerprint))
        query = sql.SQL("SELECT DISTINCT {} FROM {} WHERE {} IS NOT NULL").format(
            columns, _name("raw", table.name), sql.Identifier(defined.fingerprint)
        )
        used |= {Used(defined.kind, *row) for row in _run(memory, query).fetchall()}
    return used


def withheld(memory: duckdb.DuckDBPyConnection, table: Table) -> dict[str, int]:
    """Return, by “table.column”, how many values were withheld because they are no word of a closed list."""
    counts = {}
    for column in table.columns:
        if column.taken is Taken.WORD:
            source, r = sql.Identifier("r", column.source), _name("raw", table.name)
            query = sql.SQL("SELECT count(*) FROM {} r WHERE {} IS NOT NULL AND {} IS NULL").format(
                r, source, _word(column)
            )
            counts[f"{table.name}.{column.name}"] = int(_run(memory, query).fetchall()[0][0])
    return {name: count for name, count in counts.items() if count}


def _joined(table: Table) -> sql.Composable:
    """Return the raw rows `r`, joined to their people `p` and to the rows they refer to."""
    parts = [sql.SQL("{} r").format(_name("raw", table.name))]
    if table.of_people and table is not PEOPLE:
        parts.append(
            sql.SQL("JOIN {} p ON p.site = r.site AND p.patient_key = r.patient_key").format(_name("raw", PEOPLE.name))
        )
    for column in table.columns:
        if column.taken is Taken.KEY_OF:
            there = _name("to", column.name)
            parts.append(
                sql.SQL("LEFT JOIN {} {} ON {}.site = r.site AND {}.key = {}").format(
                    _name("raw", column.refers), there, there, there, sql.Identifier("r", column.source)
                )
            )
    return sql.SQL(" ").join(parts)


def _value(column: Column) -> sql.Composable:
    """Return the expression of a column over the joined rows."""
    source = sql.Identifier("r", column.source or column.name)
    made = {
        Taken.PERSON: sql.SQL("p.token"),
        Taken.KEY: sql.SQL("r.token"),
        Taken.KEY_OF: sql.SQL("{}.token").format(_name("to", column.name)),
        Taken.MINUTES: _since_anchor(source, MINUTE),
        Taken.DAYS: _since_anchor(source, DAY),
        Taken.AGE: sql.SQL("least(greatest(r.anchor_year - {}, 0), {})").format(source, sql.Literal(OLDEST)),
        Taken.ANCHOR: sql.SQL("CASE WHEN r.has_session THEN 'first session' ELSE 'registration' END"),
        Taken.WORD: _word(column),
    }
    return made.get(column.taken, source)


def _since_anchor(source: sql.Composable, seconds: int) -> sql.Composable:
    return sql.SQL("floor(({} - p.anchor) / {})").format(source, sql.SQL(f"{seconds}.0"))


def _word(column: Column) -> sql.Composable:
    source = sql.Identifier("r", column.source)
    shape = sql.SQL("regexp_full_match({}, {}) AND length({}) <= {}").format(
        source, sql.Literal(WORD_SHAPE), source, sql.Literal(LONGEST_WORD)
    )
    if column.values:
        shape = sql.SQL("{} IN ({})").format(source, sql.SQL(", ").join(map(sql.Literal, column.values)))
    return sql.SQL("CASE WHEN {} THEN {} END").format(shape, source)


def _name(kind: str, name: str) -> sql.Identifier:
    return sql.Identifier(f"{kind}_{name}")


def _run(memory: duckdb.DuckDBPyConnection, statement: sql.Composed) -> duckdb.DuckDBPyConnection:
    return memory.execute(statement.as_string(None))
