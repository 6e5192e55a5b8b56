"""`daybreak definitions`"""

import json
import os
import sys
from pathlib import Path

import click


@click.group()
def command() -> None:
    """Protocols, instruments, consents and other rules that are files.

    Example: daybreak definitions check
    """


@command.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False), required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def check(folder: Path | None, as_json: bool) -> None:
    """Read every definition strictly and run every worked example; exit code 1 on a fault.

    FOLDER is a site's own folder, read beside the shipped one, or a whole set of definitions (it has questions of
    its own, in facts/). Without it the shipped ones are read, and beside them what DAYBREAK_DEFINITIONS names.

    Example: daybreak definitions check
    """
    from daybreak.rulebook.public import check as run
    from daybreak.rulebook.public import shipped_folder

    report = run(*_folders(folder, shipped_folder()))
    if as_json:
        click.echo(json.dumps(report.as_json(), indent=2))
    else:
        counts = ", ".join(f"{n} {kind}" for kind, n in report.kinds.items())
        click.echo(f"{counts}; {report.examples} worked examples.")
        for fault in report.errors:
            click.echo(f"  {fault}", err=True)
        click.echo("Every definition holds." if not report.errors else f"{len(report.errors)} faults.")
    sys.exit(1 if report.errors else 0)


def _folders(asked: Path | None, shipped: Path) -> tuple[Path, ...]:
    """Return what is read together: a whole set alone, a site's own folder beside the shipped one."""
    own = asked or (Path(named) if (named := os.environ.get("DAYBREAK_DEFINITIONS")) else None)
    if own is None:
        return (shipped,)
    return (own,) if (own / "facts").is_dir() else (shipped, own)


@command.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False), required=False)
def lock(folder: Path | None) -> None:
    """Lock the fingerprint of every active definition that is not locked yet. A locked version is never edited.

    Example: daybreak definitions lock
    """
    from daybreak.rulebook.public import lock as run
    from daybreak.rulebook.public import shipped_folder

    added = run(folder or shipped_folder())
    click.echo("\n".join(added) if added else "Every active definition is locked.")
