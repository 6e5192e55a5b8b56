"""Statements that are asked again and again: the database plans them once for a connection, not each time. Planning a
large read, with the policies of its tables, takes longer than running it.
"""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper


class Prepared(psycopg.Cursor[Any]):
    """A cursor whose every statement is prepared; values are sent beside it."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> "Prepared":
        return super().execute(query, params, **{**options, "prepare": True})


def run_prepared(statement: str, values: Sequence[object]) -> CursorWrapper:
    """Run a statement as Django would, prepared; return the cursor with what it found."""
    with connection.cursor() as telling:  # which tells the database the scope
        wrapped = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
        cursor = wrapped(Prepared(telling.connection))
    cursor.execute(statement, values)
    return cursor
