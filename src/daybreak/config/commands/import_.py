"""`daybreak import`"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from daybreak.config.database import reachable

if TYPE_CHECKING:
    from daybreak.interop.public import Imported, Summary

MOST_TOLD = 20
"""Rejections that are told one by one; --json lists every one."""


@click.group()
def command() -> None:
    """Bring records in from other systems.

    Example: daybreak import fhir export.ndjson.gz --site north
    """


@command.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--site", required=True, help="The code of the clinic that the records belong to.")
@click.option("--synthetic", is_flag=True, help="The input is synthetic; synthetic sites take nothing else.")
@click.option("--json", "as_json", is_flag=True, help="Print the account as JSON.")
def fhir(path: Path, site: str, synthetic: bool, as_json: bool) -> None:
    """Take in FHIR R4: Bundles and NDJSON, plain, .gz or .zip; a file or a folder. Running it twice changes
    nothing.

    Every resource is counted once, as accepted, unchanged, unused or rejected. One that is rejected does not
    hold the rest up, and the exit code stays 0; it is 2 where there is no FHIR at all or the site cannot take
    it.

    Example: daybreak import fhir exports/2027-01 --site north --json
    """
    with reachable():
        from daybreak.interop.public import import_fhir
        from daybreak.kernel.moments import now
        from daybreak.kernel.scope import Scope, scoped

        scope = Scope(site=site, actor=None, purpose="import")
        with scoped(scope), _progress(shown=sys.stderr.isatty() and not as_json) as progress:
            done = import_fhir(scope, path=path, synthetic=synthetic, at=now(), progress=progress)
    if as_json:
        click.echo(json.dumps(done.as_json(), indent=2))
    else:
        _tell(done, site)


@contextmanager
def _progress(*, shown: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Give what moves a bar on standard error, or nothing."""
    if not shown:
        yield None
        return
    with click.progressbar(length=1, label="Importing", file=sys.stderr) as bar:

        def move(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield move


def _tell(done: "Imported", site: str) -> None:
    summary = done.summary
    click.echo(f"Patients of this input who are at {site}: {summary.patients:,}")
    for line in _table(summary):
        click.echo(line)
    if done.deceased:
        click.echo(f"Recorded as deceased: {done.deceased:,}.")
    for kind, reasons in sorted(summary.unused_because.items()):
        for reason, count in sorted(reasons.items()):
            if reason != "a type that is not used":
                click.echo(f"  not used, {kind}: {reason} ({count:,})")
    _tell_rejected(summary.rejected)


def _table(summary: "Summary") -> Iterator[str]:
    """Yield the account as a table; types that are never used stand in one line at its end."""
    rejected = {kind: sum(one["type"] == kind for one in summary.rejected) for kind in summary.read}
    parts = {
        "accepted": summary.accepted,
        "unchanged": summary.unchanged,
        "not used": summary.unused,
        "rejected": rejected,
    }
    used = [kind for kind in sorted(summary.read) if summary.read[kind] != summary.unused[kind]]
    yield f"{'':28}{'read':>10}" + "".join(f"{name:>12}" for name in parts)
    for kind in used:
        yield f"{kind:28}{summary.read[kind]:>10,}" + "".join(
            f"{counts.get(kind, 0):>12,}" for counts in parts.values()
        )
    if others := {kind: count for kind, count in sorted(summary.unused.items()) if kind not in used}:
        yield f"Not used: {', '.join(f'{kind} {count:,}' for kind, count in others.items())}."


def _tell_rejected(rejected: list[dict[str, str]]) -> None:
    if not rejected:
        click.echo("Nothing was rejected.")
        return
    click.echo(f"{len(rejected):,} rejected; everything else is in:")
    for one in rejected[:MOST_TOLD]:
        click.echo(f"  {one['file']}, {one['position']}, {one['type']}: {one['reason']}")
    if len(rejected) > MOST_TOLD:
        click.echo(f"  … and {len(rejected) - MOST_TOLD:,} more; --json lists them all.")
