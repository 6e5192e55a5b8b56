"""`daybreak estimate`: the register's estimators on anyone's file. It needs no database."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from daybreak.register.estimates.answer import Answer

FILE = click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Answer as JSON, with all digits.")
LEVEL = click.option("--level", type=click.FloatRange(0, 1, True, True), default=0.95, help="Confidence level.")


@click.group()
def command() -> None:
    """Estimates from your own file, CSV or Parquet.

    Rows in which something is missing (an empty cell, NA) are left out and counted. What cannot be read is named
    with its column and row, and the exit code is 2.

    Example: daybreak estimate survival patients.csv --time days --event relapsed --by arm
    """


@command.command()
@FILE
@click.option("--time", required=True, help="Column: when observation ended.")
@click.option("--event", required=True, help="Column: 1 if it ended with the event, 0 if not.")
@click.option("--entry", help="Column: when observation began, where not everybody was there from the start.")
@click.option("--by", help="Column: groups.")
@click.option("--until", type=click.FloatRange(0, min_open=True), help="Also the mean time within this one.")
@LEVEL
@AS_JSON
def survival(path: Path, as_json: bool, **asked: Any) -> None:
    """Kaplan-Meier curves, with complementary log-log intervals and medians.

    Example: daybreak estimate survival patients.csv --time days --event relapsed --by arm --json
    """
    from daybreak.register.estimates.survival import survival as estimated

    say(estimated(path, **asked), as_json=as_json)


@command.command()
@FILE
@click.option("--time", required=True, help="Column: when observation ended.")
@click.option("--event", required=True, help="Column: 1 if it ended with the event, 0 if not.")
@click.option("--covariates", required=True, help="Columns, separated by commas; words become one term each.")
@click.option("--entry", help="Column: when observation began; several rows may be one person's.")
@click.option("--strata", help="Column: each stratum has a baseline of its own.")
@click.option("--cluster", help="Column: rows that belong together, such as one person's or one site's.")
@LEVEL
@AS_JSON
def cox(path: Path, as_json: bool, **asked: Any) -> None:
    """Cox's proportional hazards: Efron's ties, strata, delayed entry, errors that allow for clusters.

    Estimates are logarithms of hazard ratios; “criterion” is minus twice the log partial likelihood.

    Example: daybreak estimate cox patients.csv --time days --event relapsed --covariates age,arm --strata site
    """
    from daybreak.register.estimates.cox import cox as estimated

    say(estimated(path, **asked), as_json=as_json)


@command.command()
@FILE
@click.option("--outcome", required=True, help="Column: what is explained.")
@click.option("--fixed", required=True, help="Terms for everybody: 'day*arm', 'day + arm', 'day + day:arm'.")
@click.option("--random", required=True, help="Terms for each group: 'day|person' (a line), '1|person' (a level).")
@click.option("--reml/--ml", "restricted", default=True, help="Restricted or full maximum likelihood.  [default: reml]")
@LEVEL
@AS_JSON
def mixed(path: Path, as_json: bool, **asked: Any) -> None:
    """Linear mixed models: a level and a slope for each person, REML or ML.

    “criterion” is minus twice the (restricted) log-likelihood; intervals are normal.

    Example: daybreak estimate mixed scores.csv --outcome score --fixed 'day*arm' --random 'day|person' --json
    """
    from daybreak.register.estimates.mixed import mixed as estimated

    say(estimated(path, **asked), as_json=as_json)


@command.command()
@FILE
@click.option("--report", required=True, help="Column: the report; several rows may be one.")
@click.option("--drug", required=True, help="Column: a drug of the report.")
@click.option("--event", required=True, help="Column: an event of the report.")
@AS_JSON
def signals(path: Path, as_json: bool, **asked: Any) -> None:
    """Pairs of drug and event that stand out in a file of reports over many drugs: PRR, ROR, EBGM, IC.

    EBGM learns its prior from all pairs of the file; IC is shrunk by a half.

    Example: daybreak estimate signals reports.csv --report id --drug drug --event reaction --json
    """
    from daybreak.register.estimates.signals import signals as estimated

    say(estimated(path, **asked), as_json=as_json)


@command.command()
@FILE
@click.option("--site", required=True, help="Column: the site; its rows are added up.")
@click.option("--observed", required=True, help="Column: how many events there were.")
@click.option("--expected", required=True, help="Column: how many were expected.")
@AS_JSON
def funnel(path: Path, as_json: bool, **asked: Any) -> None:
    """Observed over expected for each site, with exact Poisson limits around 1 at 95 % and 99.8 %.

    Example: daybreak estimate funnel sites.csv --site site --observed events --expected expected --json
    """
    from daybreak.register.estimates.signals import funnel as estimated

    say(estimated(path, **asked), as_json=as_json)


def say(answer: "Answer", *, as_json: bool) -> None:
    """Tell an answer as a table with its notes, or as JSON."""
    if as_json:
        click.echo(json.dumps(answer.as_json(), ensure_ascii=False, allow_nan=False))
        return
    for line in table([answer.heading, *answer.rows]):
        click.echo(line)
    for note in answer.notes:
        click.echo(note)


def table(rows: list[tuple[Any, ...]]) -> list[str]:
    """Return rows as lines in which columns stand below each other, the first to the left, numbers to the right."""
    words = [[_word(value) for value in row] for row in rows]
    widths = [max(len(row[place]) for row in words) for place in range(len(words[0]))]
    return ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in words]


def _word(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:.5g}" if isinstance(value, float) else f"{value}"
