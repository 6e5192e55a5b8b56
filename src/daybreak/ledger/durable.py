"""A step that does not wait for the disk: what it stored is told at once, and acknowledged once `Disk` says so."""

from time import monotonic

from django.db import DatabaseError, InterfaceError, connection


def commit_before_disk() -> None:
    """Let the step that is under way commit without waiting for the disk. Call it inside the step.

    What it stores may be lost in a crash until `Disk` says that it is there: acknowledge nothing of it before.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('synchronous_commit', 'off', true)")


class Disk:
    """Says whether what was committed is on disk. Ask it from one thread, whose connection it keeps open.

    A database that fell has forgotten what was not on disk, and does not say so when it is back. Only a connection that
    was open before a step and still is knows that nothing fell since.
    """

    def __init__(self) -> None:
        self._connection: object = None
        self._open_since = float("inf")

    def has_all(self, since: float) -> bool:
        """Wait until all that was committed is on disk, by whichever connection; return whether that is certain for
        steps which began at `since` (of the monotonic clock) or later.
        """
        try:
            with connection.cursor() as cursor:  # its own commit waits for the log up to itself, which holds all others
                cursor.execute("SELECT pg_logical_emit_message(true, 'daybreak', '')")
        except (DatabaseError, InterfaceError):
            connection.close()
            return False
        if connection.connection is not self._connection:
            self._connection, self._open_since = connection.connection, monotonic()
        return self._open_since <= since
