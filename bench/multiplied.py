"""Many patients out of a few: every isolated row copied to others of its site, and to other sites.

It is done past every guard, as the database's superuser, because playing a hundred thousand patients takes hours. A
copy's keys are made from the original's key and the copy's number, so that what belonged together still does.
"""

from pathlib import Path

import psycopg

SUPERUSER = "postgres"


def multiply(home: Path, *, copies: int, sites: int) -> int:
    """Give each isolated row `copies` copies at its own site and at `sites` others each; return the rows there are."""
    from daybreak.config.cluster import address
    from daybreak.ledger.guards import guarded_models

    rows = 0
    with psycopg.connect(address(home / "postgres", SUPERUSER), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        accounts = [key for (key,) in connection.execute("SELECT key FROM people_account").fetchall()]
        connection.execute(_REMADE.format(accounts=",".join(map(str, accounts))))
        for model in guarded_models():
            if model.guard.isolated and "site" in (columns := _columns(connection, model._meta.db_table)):
                rows += _copied(connection, model._meta.db_table, columns, copies, sites)
        connection.execute("VACUUM ANALYZE")
    return rows


# People who work somewhere are not copied, and keep their keys.
_REMADE = """
CREATE FUNCTION pg_temp.remade(key uuid, copy text) RETURNS uuid LANGUAGE sql IMMUTABLE
RETURN CASE WHEN key = ANY ('{{{accounts}}}'::uuid[]) THEN key ELSE md5(key::text || copy)::uuid END
"""


def _columns(connection: psycopg.Connection, table: str) -> dict[str, str]:
    return dict(
        connection.execute(
            "SELECT a.attname::text, format_type(a.atttypid, NULL) FROM pg_attribute a WHERE a.attrelid = %s::regclass"
            " AND a.attnum > 0 AND NOT a.attisdropped AND a.attidentity = '' AND a.attgenerated = ''",
            [table],
        ).fetchall()
    )


def _copied(connection: psycopg.Connection, table: str, columns: dict[str, str], copies: int, sites: int) -> int:
    def made(name: str, kind: str) -> str:
        if name == "site":
            return "CASE WHEN n.site = 0 THEN t.site ELSE t.site || n.site END"
        return f"pg_temp.remade(t.\"{name}\", n.site || '.' || n.copy)" if kind == "uuid" else f't."{name}"'

    names, values = ", ".join(f'"{name}"' for name in columns), ", ".join(made(*column) for column in columns.items())
    connection.execute(
        f'INSERT INTO "{table}" ({names}) SELECT {values} FROM "{table}" t,'
        f" (SELECT s.n AS site, c.n AS copy FROM generate_series(0, {sites}) s(n), generate_series(1, {copies}) c(n)) n"
        " ON CONFLICT DO NOTHING"
    )
    return connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
