"""What the tables of the house hold about one patient: counted, whatever the room."""

from functools import cache
from uuid import UUID

from django.db import connection

from daybreak.kernel.scope import Scope
from daybreak.ledger.guards import guarded_models

ABOUT = "patient_key"


def rows_about(scope: Scope, patient: UUID) -> dict[str, int]:
    """Return how many rows each table holds about a patient, corrected ones too; a table without any is left out.

    It asks every table that names a patient, so that one that is added later is asked too.
    """
    with connection.cursor() as cursor:
        cursor.execute(_statement(), [scope.site, patient] * len(tables_about_patients()))
        return {table: rows for table, rows in cursor.fetchall() if rows}


@cache
def tables_about_patients() -> tuple[str, ...]:
    """Return the tables that name a patient."""
    named = (m for m in guarded_models() if any(f.column == ABOUT for f in m._meta.local_concrete_fields))
    return tuple(sorted(m._meta.db_table for m in named))


@cache
def _statement() -> str:
    counts = (f"SELECT '{t}', count(*) FROM \"{t}\" WHERE site = %s AND {ABOUT} = %s" for t in tables_about_patients())  # noqa: S608
    return " UNION ALL ".join(counts)
