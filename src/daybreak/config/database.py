"""The database's life for commands: reach it, bring it up to date, guard it."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import psycopg

from daybreak.config import revival
from daybreak.config.cluster import Cluster, address, using
from daybreak.config.environment import CannotGoOn, Installation, installation, make_keys


@contextmanager
def reachable(*, needs_tables: bool = True) -> Iterator[Installation]:
    """Hold the database reachable for the block and Django ready. Raises CannotGoOn with what to do."""
    place = installation()
    with nullcontext() if place.database_url else using(place.cluster):
        has_tables = _has_tables(place)
        if needs_tables and not has_tables:
            raise CannotGoOn("The database has no tables yet. Run “daybreak migrate” first.")
        if not has_tables:
            make_keys(place)
        with _django():
            yield place


@contextmanager
def kept_alive(place: Installation) -> Iterator[None]:
    """Look after the database for the block, where it is the installation's own."""
    with nullcontext() if place.database_url else revival.kept_alive(Cluster(place.cluster)):
        yield


@contextmanager
def _django() -> Iterator[None]:
    import django

    django.setup()
    try:
        yield
    finally:
        close_connections()


def close_connections() -> None:
    """Close every connection of this process, the pool's too."""
    from django.db import connections

    connections.close_all()
    connections["default"].close_pool()


def _has_tables(place: Installation) -> bool:
    """Return whether the database was migrated; an empty one is new and may have new keys."""
    url = place.database_url or address(place.cluster, "daybreak_app")
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            row = connection.execute("SELECT to_regclass('public.ledger_entry') IS NOT NULL").fetchone()
    except psycopg.Error as fault:
        raise CannotGoOn(f"The database refused: {_reason(fault)} Check DATABASE_URL.") from fault
    return bool(row and row[0])


def _reason(fault: Exception) -> str:
    """Return the first line of what the database or its driver said, as a sentence."""
    said = str(fault).strip().splitlines() or ["no reason was given"]
    return said[0].rstrip(" .?:") + "."


def demand_owner() -> None:
    """Raise CannotGoOn where the owner's address is not known: the audit is closed to the application's role."""
    from django.conf import settings

    if "owner" not in settings.DATABASES:
        raise CannotGoOn("This needs the owner's address: set DATABASE_OWNER_URL for this command only.")


def is_current() -> bool:
    """Return whether every migration has been applied. Raises CannotGoOn."""
    from django.db import Error, connections
    from django.db.migrations.executor import MigrationExecutor

    demand_owner()
    try:
        executor = MigrationExecutor(connections["owner"])
    except Error as fault:
        raise CannotGoOn(f"The database refused: {_reason(fault)} Check DATABASE_OWNER_URL.") from fault
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def bring_up_to_date() -> int:
    """Apply migrations and guards as the owner; return how many migrations were applied. Raises CannotGoOn."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import OperationalError, ProgrammingError, connections
    from django.db.migrations.executor import MigrationExecutor

    from daybreak.ledger.guards import apply_guards, drop_published

    demand_owner()
    try:
        executor = MigrationExecutor(connections["owner"])
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if waiting:
            drop_published(alias="owner")
        call_command("migrate", database="owner", verbosity=0, interactive=False, skip_checks=True)
        apply_guards(
            alias="owner",
            application=settings.DATABASES["default"]["USER"],
            freeze=settings.DATABASES.get("freeze", {}).get("USER", "daybreak_freeze"),
            third_party=settings.THIRD_PARTY,
        )
    except (OperationalError, ProgrammingError) as fault:
        raise CannotGoOn(f"The database refused: {_reason(fault)} Check DATABASE_OWNER_URL and its rights.") from fault
    finally:
        connections["owner"].close()
    return len(waiting)
