"""The one entry point, `daybreak`. `--help` imports no application; each command imports what it needs."""

import errno
import importlib
import os
import sys

import click

from daybreak import __version__

COMMANDS = {
    "demo": "Run the demonstration: make it if there is none, then serve it.",
    "serve": "Serve the pages until Ctrl-C or SIGTERM.",
    "migrate": "Bring the database up to date and write its guards.",
    "doctor": "Check this installation.",
    "site": "Sites: add one.",
    "notice": "A notice on every page: put it up, show it, take it down.",
    "definitions": "Protocols, instruments and other rules: check them.",
    "import": "Bring records in from other systems.",
    "gateway": "Bedside monitors: take their HL7 messages in, or play them.",
    "snapshot": "Frozen datasets of the register: create, list, verify.",
    "quality": "Data quality: run the checks over a snapshot.",
    "cohort": "Invented people in the form of a snapshot; the tables of cohorts that are files.",
    "watch": "The monitor: is anything wrong today, and how soon would it be seen.",
    "question": "The open questions: what a snapshot says to each, and whether that is enough.",
    "estimate": "Estimates from your own file: survival, Cox, mixed models, signals, funnels.",
    "evidence": "What trials say together: pool the trials of a file, or take the published ones as a data set.",
    "audit": "The audit trail: verify it.",
}
REFUSED = 2


class Lazy(click.Group):
    """Loads a command's module when the command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"daybreak.config.commands.{name}_").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="daybreak")
def entry() -> None:
    """Daybreak runs a ketamine treatment service for depression and the registry it feeds.

    Example: daybreak demo
    """


def main() -> None:
    """Run a command; a refusal is one sentence on standard error and exit code 2."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daybreak.config.settings")
    from daybreak.kernel.refusal import Refusal

    try:
        entry(standalone_mode=False)
    except click.exceptions.Exit as ended:
        sys.exit(ended.exit_code)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(REFUSED)
    except Refusal as no:
        click.echo(str(no), err=True)
        sys.exit(REFUSED)
    except OSError as fault:
        if fault.errno != errno.ENOSPC:
            raise
        click.echo("The disk is full. Free some space and run this again; nothing was lost.", err=True)
        sys.exit(REFUSED)
    except Exception as fault:
        if _is_behind(fault):
            click.echo("The database's tables are not up to date. Run “daybreak migrate” first.", err=True)
            sys.exit(REFUSED)
        if not _lost_the_database(fault):
            raise
        said = str(fault).strip().splitlines() or ["no reason was given"]
        click.echo(f"The database stopped answering: {said[0].rstrip(' .')}. See that it runs and has space.", err=True)
        sys.exit(REFUSED)


def _is_behind(fault: Exception) -> bool:
    """Return whether the database does not know a table or a column that this code does."""
    return type(fault.__cause__ or fault).__name__ in ("UndefinedTable", "UndefinedColumn")


def _lost_the_database(fault: Exception) -> bool:
    """Return whether it says, in the driver's words or Django's, that there is no database to talk to any more."""
    return any(
        kind.__name__ in ("OperationalError", "InterfaceError") and kind.__module__.startswith(("django.db", "psycopg"))
        for kind in type(fault).__mro__
    )
