"""`daybreak evidence`"""

import json
from pathlib import Path
from typing import Any

import click

from daybreak.config.commands.estimate_ import AS_JSON, FILE, LEVEL, say


@click.group()
def command() -> None:
    """What trials say together.

    Example: daybreak evidence pool trials.csv --measure OR --method REML --interval hk
    """


@command.command()
@FILE
@click.option("--measure", required=True, type=click.Choice(["OR", "RR", "RD", "MD", "SMD"], case_sensitive=False))
@click.option(
    "--method", required=True, type=click.Choice(["FE", "MH", "PETO", "DL", "PM", "REML"], case_sensitive=False)
)
@click.option("--interval", type=click.Choice(["wald", "hk"]), default="wald", show_default=True)
@click.option("--by", help="Column: the same for each subgroup.")
@click.option("--moderators", help="Columns, separated by commas: meta-regression.")
@click.option("--leave-one-out", is_flag=True, help="The same without each trial in turn.")
@click.option("--cumulative", metavar="COLUMN", help="The same trial by trial, in the order of a column such as year.")
@click.option("--asymmetry", is_flag=True, help="Egger's test for small-study effects.")
@click.option(
    "--correlation",
    type=click.FloatRange(-1, 1, min_open=True, max_open=True),
    help="Pair the trials whose column “crossover” is 1, with this correlation of a person's two outcomes. Without it "
    "both periods count as parallel arms; for the first period alone, put its numbers into the file.",
)
@LEVEL
@AS_JSON
def pool(path: Path, as_json: bool, **asked: Any) -> None:
    """Pool the trials of a file, one row a trial; ratios are answered as ratios, i2 in percent.

    OR, RR and RD read the columns events_1, total_1, events_2, total_2 (1 is the treated arm; metafor's ai, n1i, ci,
    n2i or ai, bi, ci, di will do). MD and SMD read mean_1, sd_1, n_1, mean_2, sd_2, n_2 (or m1i, sd1i …). Any measure
    reads estimate and standard_error (or yi, sei; yi, vi), which for OR and RR are those of the logarithm.

    Where a table has an empty cell, a half is added to each of its cells; MH and PETO take the tables as they are. The
    prediction interval uses the quantile of the interval that was asked for; hk needs two trials. PM and REML are
    solved to the last digits: metafor's defaults stop earlier, and its control (tol, threshold) makes it go on.

    Example: daybreak evidence pool trials.csv --measure OR --method REML --interval hk --json
    """
    from daybreak.register.estimates.pool import pool_file

    say(pool_file(path, **asked), as_json=as_json)


@command.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print the names and sums as JSON.")
def trials(folder: Path, as_json: bool) -> None:
    """Write the published trials into FOLDER as a data set: trials.csv, .json and .parquet, one row for each number.

    dictionary.csv says what each column means, LICENCE.txt what may be done with it, and SHA256SUMS the sum of each
    file: the same version of the trials gives the same bytes. A site's own trials (DAYBREAK_DEFINITIONS) are among
    them. Files of these names are written over.

    Example: daybreak evidence trials ketamine-trials
    """
    from daybreak.config.commands.definitions_ import library
    from daybreak.evidence.public import data_set, in_order

    made = data_set(in_order(library(None)))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in made.items():
            (folder / name).write_bytes(content)
    except (FileExistsError, NotADirectoryError, PermissionError) as fault:
        raise click.ClickException(f"“{folder}” cannot be written to: {fault.strerror}.") from fault
    told = dict(reversed(line.split("  ", 1)) for line in made["SHA256SUMS"].decode().splitlines())
    click.echo(json.dumps(told, indent=2) if as_json else "\n".join(f"{total}  {name}" for name, total in told.items()))
