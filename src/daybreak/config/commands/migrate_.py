"""`daybreak migrate`"""

import click

from daybreak.config.database import bring_up_to_date, reachable


@click.command()
def command() -> None:
    """Bring the database up to date and write its guards.

    With a PostgreSQL of your own, set DATABASE_URL (the application's role) and, for this command only,
    DATABASE_OWNER_URL.

    Example: daybreak migrate
    """
    with reachable(needs_tables=False):
        applied = bring_up_to_date()
    click.echo(f"{applied} migrations applied." if applied else "The database is up to date.")
