"""Django's PostgreSQL backend, with the scope of the work set on the connection before the first statement.

Row-level security and the audit triggers read app.site, app.actor, app.purpose and app.patient. Outside a scope they
are empty
and the database shows no row. A rollback undoes the setting, so it is set again.
"""

from typing import Any

from django.db.backends.postgresql import base

from daybreak.kernel.scope import Scope, current_scope

_SET = (
    "SELECT set_config('app.site', %s, false), set_config('app.actor', %s, false),"
    " set_config('app.purpose', %s, false), set_config('app.patient', %s, false)"
)


MOST_PREPARED = 500  # statements of one connection; the pages, the queue and the gateway ask about half as many


class DatabaseWrapper(base.DatabaseWrapper):
    """Keeps the connection's scope equal to the scope in force."""

    _told: Scope | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self._told = None
        return super().get_new_connection(conn_params)

    def _configure_connection(self, connection: Any) -> bool:
        connection.prepared_max = MOST_PREPARED
        return bool(super()._configure_connection(connection))

    def create_cursor(self, name: str | None = None) -> Any:
        wanted = current_scope()
        if self._told != wanted:
            with self.connection.cursor() as cursor:
                tell(cursor, wanted)
            self._told = wanted
        return super().create_cursor(name)

    def _rollback(self) -> None:
        self._told = None
        return super()._rollback()

    def _savepoint_rollback(self, sid: str) -> None:
        # Past `create_cursor`: the transaction is aborted, and nothing but the rollback itself can be said to it.
        with self.connection.cursor() as cursor:
            cursor.execute(self.ops.savepoint_rollback_sql(sid))
        self._told = None


def tell(cursor: Any, scope: Scope) -> None:
    """Tell the database which scope the statements that follow are in."""
    cursor.execute(_SET, [scope.site, str(scope.actor or ""), scope.purpose, str(scope.patient or "")])


def clear_scope(connection: Any) -> None:
    """Forget the scope when a connection returns to the pool."""
    connection.execute(_SET, ["", "", "", ""])
    connection.commit()
