"""`daybreak evidence`"""

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
    prediction interval uses the quantile of the interval that was asked for.

    Example: daybreak evidence pool trials.csv --measure OR --method REML --interval hk --json
    """
    from daybreak.register.estimates.pool import pool_file

    say(pool_file(path, **asked), as_json=as_json)
