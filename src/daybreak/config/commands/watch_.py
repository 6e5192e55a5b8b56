"""`daybreak watch`"""

import json
from dataclasses import asdict
from pathlib import Path

import click

from daybreak.config.commands.estimate_ import AS_JSON
from daybreak.config.database import reachable


@click.group()
def command() -> None:
    """The monitor: whether anything is wrong, and how well it would be seen.

    Example: daybreak watch trial --harm dose --size 2 --runs 500
    """


@command.command()
@click.option("--harm", required=True, metavar="KIND", help="batch, monitoring, bladder or dose.")
@click.option("--size", required=True, type=float, help="How many times the odds are multiplied.")
@click.option("--runs", default=500, show_default=True, type=int, help="How many invented registers.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="The same seed, the same answer.")
@AS_JSON
def trial(harm: str, size: float, runs: int, seed: int, as_json: bool) -> None:
    """Plant a harm in invented registers and say how soon the monitor's own tests see it.

    batch: a site uses a bad batch for 8 weeks. monitoring: a site stops monitoring. bladder: urinary symptoms slowly
    grow at all sites. dose: a site's higher doses raise blood pressure.

    Example: daybreak watch trial --harm monitoring --size 3 --runs 500 --json
    """
    from daybreak.watch.definitions import surveillance
    from daybreak.watch.surveillance.trial import tried

    found = tried(surveillance(), harm, size=size, runs=runs, seed=seed)
    if as_json:
        return click.echo(json.dumps(asdict(found), indent=2, ensure_ascii=False))
    click.echo(f"{found.words} by {size:g}; {runs} invented registers.")
    for name, delay in (("The monitor", found.detection), ("The best test there is", found.best)):
        after = "" if delay.median_weeks is None else f", half of these within {delay.median_weeks:g} weeks"
        click.echo(f"{name} calls within two years in {delay.power:.0%} of them{after}.")
    click.echo(f"False alarms of a chart: {found.false_alarms_per_year:.3f} a year; allowed {found.nominal:.3f}.")
    return None


@command.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
def trials(path: Path) -> None:
    """Run the trials whose figures stand on the monitor's page, and write them to a file. It takes minutes.

    Example: daybreak watch trials src/daybreak/watch/surveillance/standing.json
    """
    from daybreak.watch.definitions import surveillance
    from daybreak.watch.surveillance.standing import as_file, run_standing

    path.write_text(as_file(list(run_standing(surveillance()))), encoding="utf-8")
    click.echo(f"Written to {path}.")


@command.command()
@click.option("--for", "reader", required=True, type=click.Choice(["board", "site", "public"]), help="Who reads it.")
@click.option("--quarter", required=True, metavar="QUARTER", help="Such as 2026Q3.")
@click.option("--snapshot", help="A snapshot's id; without it, the newest that was frozen here.")
@click.option("--site", help="A site's code, for a site's report.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The file; without it, a name of its own.")
def report(reader: str, quarter: str, snapshot: str | None, site: str | None, out: Path | None) -> None:
    """Write the quarterly report as PDF: for the safety board, a site, or the public.

    Example: daybreak watch report --for board --quarter 2026Q3
    """
    with reachable():
        from daybreak.kernel.moments import now
        from daybreak.kernel.scope import Scope, scoped
        from daybreak.people.public import sites
        from daybreak.register.public import newest_frozen
        from daybreak.watch.web.report.making import Asked, report

        with scoped(Scope(site="", actor=None, purpose="write a report, at the command line")):
            names = {each.code: each.name for each in sites()}
            asked = Asked(snapshot or newest_frozen().id, quarter, reader, site, names)
            made = report(asked, at=now())
    place = out or Path("-".join(part for part in ("report", reader, site, quarter) if part) + ".pdf")
    place.write_bytes(made)
    click.echo(f"Written to {place}.")


@command.command()
@click.argument("snapshot_id", metavar="ID")
@AS_JSON
def today(snapshot_id: str, as_json: bool) -> None:
    """Say whether anything is wrong, by a snapshot: the first line of the monitor, and every signal.

    Example: daybreak watch today 20270131-k3x9qa
    """
    with reachable():
        from daybreak.kernel.scope import Scope, scoped
        from daybreak.watch.public import answer, over_time, signal_words, waiting

        with scoped(Scope(site="", actor=None, purpose="read the monitor, at the command line")):
            found = over_time(snapshot_id)
            open_ones = waiting(found)
        said = answer(found, open_ones, site=None)
        if as_json:
            told = {"answer": said.title, "text": said.text, "signals": [asdict(each) for each in open_ones]}
            click.echo(json.dumps(told, indent=2, ensure_ascii=False))
            return
        click.echo(f"{said.title} {said.text}")
        for each in open_ones:
            click.echo(signal_words(each, {}))
