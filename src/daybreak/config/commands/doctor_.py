"""`daybreak doctor`"""

import json
import sys
from pathlib import Path

import click

from daybreak import __version__
from daybreak.config.database import is_current, reachable


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def command(as_json: bool) -> None:
    """Check this installation; exit code 1 when something needs attention.

    Example: daybreak doctor --json
    """
    with reachable() as place:
        from django.conf import settings
        from django.db import connection

        from daybreak.measure.public import library
        from daybreak.people.public import sites
        from daybreak.rulebook.public import check, check_licensed, shipped_folder

        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            server = cursor.fetchone()[0]
            cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
            above_the_law = cursor.fetchone()[0]
        knows = "owner" in settings.DATABASES  # whose address a server of one's own does not know
        current = is_current() if knows else True
        found = sites() if current else []
        own = Path(settings.DAYBREAK_SITE_DEFINITIONS) if settings.DAYBREAK_SITE_DEFINITIONS else None
        checks = {
            "the application's role cannot bypass row-level security": not above_the_law,
            "every definition holds": not check(shipped_folder(), *([own] if own else [])).errors,
            "the front end is built": _is_built(),
            "keys are readable by their owner only": all(
                path.stat().st_mode & 0o077 == 0 for path in place.keys.iterdir()
            ),
        }
        if knows:
            checks["tables are up to date"] = current
        if settings.DAYBREAK_LICENSED:
            folders = sorted(each for each in Path(settings.DAYBREAK_LICENSED).glob("*") if each.is_dir())
            shared = library()
            checks["words under a licence hold, for the versions in use"] = not any(
                check_licensed(each, shared).errors for each in folders
            )
        answer = {
            "version": __version__,
            "postgresql": server,
            "embedded": place.database_url is None,
            "synthetic": bool(found) and all(site.synthetic for site in found),
            "sites": [site.code for site in found if site.kind == "clinic"],
            "centres": [site.code for site in found if site.kind == "centre"],
            "site_definitions": str(own) if own else None,
            "checks": checks,
        }
    if as_json:
        click.echo(json.dumps(answer, indent=2))
    else:
        _tell(answer, checks)
    sys.exit(0 if all(checks.values()) else 1)


def _is_built() -> bool:
    from importlib.resources import files

    return (files("daybreak.design") / "static" / "dist" / "manifest.json").is_file()


def _tell(answer: dict[str, object], checks: dict[str, bool]) -> None:
    click.echo(f"Daybreak {answer['version']} on PostgreSQL {answer['postgresql']}")
    none = "none yet" if checks.get("tables are up to date", True) else "known once “daybreak migrate” has run"
    click.echo(f"Sites: {', '.join(answer['sites']) or none}")
    click.echo(
        f"Definitions of the site's own: {answer['site_definitions'] or 'none (DAYBREAK_DEFINITIONS is not set)'}"
    )
    for words, holds in checks.items():
        click.echo(f"  {'yes' if holds else 'NO '}  {words}")
