"""`daybreak audit`"""

import json
import sys
from pathlib import Path

import click

from daybreak.config.database import demand_owner, reachable


@click.group()
def command() -> None:
    """The audit trail.

    Example: daybreak audit verify
    """


@command.command()
@click.option("--checkpoints", type=click.Path(path_type=Path), help="A folder with checkpoints kept elsewhere.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def verify(checkpoints: Path | None, as_json: bool) -> None:
    """Replay the audit against the tables; exit code 1 when something is not as it says.

    Example: daybreak audit verify --checkpoints /media/safe/checkpoints
    """
    with reachable() as place:
        demand_owner()
        from daybreak.ledger.checkpoint import read_checkpoints, seal_committed
        from daybreak.ledger.verify import verify as replay

        seal_committed()
        report = replay(alias="owner", checkpoints=read_checkpoints(checkpoints or place.checkpoints))
    if as_json:
        click.echo(json.dumps(report.as_json(), indent=2))
    else:
        _tell(report, elsewhere=checkpoints is not None)
    sys.exit(0 if report.is_sound else 1)


@command.command()
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    help="Where to write it; the default is checkpoints/ below DAYBREAK_HOME.",
)
def checkpoint(into: Path | None) -> None:
    """Write a signed checkpoint of the last seal; keep it where the database's owner cannot reach.

    Example: daybreak audit checkpoint --into /media/safe/checkpoints
    """
    with reachable() as place:
        demand_owner()
        from daybreak.kernel.moments import now
        from daybreak.ledger.checkpoint import seal_committed, write_checkpoint

        seal_committed()
        path = write_checkpoint(into or place.checkpoints, alias="owner", at=now())
    click.echo(f"Written: {path}" if path else "Nothing has happened yet, so there is nothing to seal.")


def _tell(report, *, elsewhere: bool) -> None:
    click.echo(
        f"{report.tables} tables, {report.entries} entries, {report.seals} seals, {report.unsealed} entries unsealed."
    )
    for finding in report.findings:
        click.echo(f"  {finding.table}, {finding.place}: {finding.what}", err=True)
    if not elsewhere:
        click.echo(
            "Checked against checkpoints on this machine only: this finds accidents, not an adversary who can "
            "rewrite them too. "
            "Keep checkpoints elsewhere and pass --checkpoints."
        )
    click.echo("The audit is sound." if report.is_sound else f"{len(report.findings)} findings.")
