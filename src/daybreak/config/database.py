"""The database's life for commands: reach it, bring it up to date, guard it."""

from collections.abc import Iterator
from contextlib import contextmanager

from daybreak.config.cluster import using
from daybreak.config.environment import CannotGoOn, Installation, installation, make_keys


@contextmanager
def reachable(*, needs_tables: bool = True) -> Iterator[Installation]:
    """Hold the database reachable for the block and Django ready. Raises CannotGoOn with what to do."""
    place = installation()
    if place.database_url:
        with _closing():
            yield _ready(place, needs_tables)
        return
    fresh = not (place.cluster / "PG_VERSION").exists()
    with using(place.cluster):
        if fresh:
            make_keys(place)
        with _closing():
            yield _ready(place, needs_tables)


@contextmanager
def _closing() -> Iterator[None]:
    try:
        yield
    finally:
        from django.conf import settings
        from django.db import connections

        if settings.configured:
            connections.close_all()
            connections["default"].close_pool()


def _ready(place: Installation, needs_tables: bool) -> Installation:
    import django
    from django.db import OperationalError, connection

    if place.database_url and not needs_tables:
        make_keys_of_new(place)
    django.setup()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('public.ledger_entry') IS NOT NULL")
            has_tables = cursor.fetchone()[0]
    except OperationalError as fault:
        raise CannotGoOn(f"The database refused: {str(fault).strip().splitlines()[-1]} Check DATABASE_URL.") from fault
    if needs_tables and not has_tables:
        raise CannotGoOn("The database has no tables yet. Run “daybreak migrate” first.")
    return place


def make_keys_of_new(place: Installation) -> None:
    """Make keys before the first migration of a database of one's own; an installation that has lost them is told so later."""
    if not place.keys.exists():
        make_keys(place)


def is_current() -> bool:
    """Return whether every migration has been applied."""
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["owner"])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def bring_up_to_date() -> int:
    """Apply migrations and guards as the owner; return how many migrations were applied. Raises CannotGoOn."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import OperationalError, ProgrammingError, connections
    from django.db.migrations.executor import MigrationExecutor

    from daybreak.ledger.guards import apply_guards

    if "owner" not in settings.DATABASES:
        raise CannotGoOn("“migrate” needs the owner's address: set DATABASE_OWNER_URL for this command only.")
    try:
        executor = MigrationExecutor(connections["owner"])
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        apply_guards(
            alias="owner",
            application=settings.DATABASES["default"]["USER"],
            freeze=settings.DATABASES.get("freeze", {}).get("USER", "daybreak_freeze"),
            third_party=settings.THIRD_PARTY,
        )
    except (OperationalError, ProgrammingError) as fault:
        raise CannotGoOn(f"The database refused: {str(fault).strip().splitlines()[0]} Check DATABASE_OWNER_URL and its rights.") from fault
    finally:
        connections["owner"].close()
    return len(waiting)
