"""`daybreak definitions`"""

import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from daybreak.rulebook.public import Definition, Library

_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.group()
def command() -> None:
    """Protocols, instruments, consents and other rules that are files.

    Example: daybreak definitions check
    """


@command.command()
@click.argument("folder", type=_FOLDER, required=False)
@click.option("--licensed", "words", type=_FOLDER, help="Check the folder of one site's licensed instruments instead.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def check(folder: Path | None, words: Path | None, as_json: bool) -> None:
    """Read every definition strictly and run every worked example; exit code 1 on a fault.

    FOLDER is a site's own folder, read beside the shipped one, or a whole set of definitions (it has questions of
    its own, in facts/). Without it the shipped ones are read with their packs, and beside them what
    DAYBREAK_DEFINITIONS names.

    Example: daybreak definitions check
    """
    from daybreak.rulebook.public import check as run
    from daybreak.rulebook.public import check_licensed

    report = check_licensed(words, library(folder)) if words else run(*_folders(folder))
    if as_json:
        click.echo(json.dumps(report.as_json(), indent=2))
    else:
        counts = ", ".join(f"{n} {kind}" for kind, n in report.kinds.items())
        click.echo(f"{counts}; {report.examples} worked examples.")
        for fault in report.errors:
            click.echo(f"  {fault}", err=True)
        click.echo("Every definition holds." if not report.errors else _count(len(report.errors), "fault"))
    sys.exit(1 if report.errors else 0)


@command.command()
@click.argument("folder", type=_FOLDER, required=False)
def lock(folder: Path | None) -> None:
    """Lock the fingerprint of every active definition that is not locked yet. A locked version is never edited.

    FOLDER is a site's own folder; without it the shipped one is locked.

    Example: daybreak definitions lock
    """
    from daybreak.rulebook.public import BrokenDefinition, shipped_folder
    from daybreak.rulebook.public import lock as run

    read = _folders(folder) if folder else (shipped_folder(),)
    try:
        added = run(read[-1], beside=read[0] if len(read) > 1 else None)
    except BrokenDefinition as broken:
        raise click.ClickException(f"Nothing was locked.\n{broken}") from broken
    click.echo("\n".join(added) if added else "Every active definition is locked.")


@command.command()
@click.argument("name", metavar="ID")
@click.option("--version", type=int, help="Which version; without it, the highest active one, else the highest.")
@click.option("--folder", type=_FOLDER, help="A site's own folder; without it, what DAYBREAK_DEFINITIONS names.")
@click.option("--json", "as_json", is_flag=True, help="Print the rules as JSON.")
def show(name: str, version: int | None, folder: Path | None, as_json: bool) -> None:
    """Print one definition as a page of text with all its sources, to be read aloud in a committee.

    ID may carry its kind (codelists/phq9): where two kinds share an id, the code list is meant only if it is named.

    Example: daybreak definitions show ketamine_iv_40min --version 1
    """
    from daybreak.rulebook.public import chapters, page

    definition = _found(library(folder), name, version)
    if not as_json:
        click.echo(page(definition), nl=False)
        return
    read = [{"title": c.title, "rules": [_plain(rule) for rule in c.rules]} for c in chapters(definition)]
    head = {key: str(getattr(definition, key)) for key in ("id", "title", "status", "fingerprint")}
    click.echo(json.dumps({**head, "version": definition.version, "chapters": read}, indent=2, ensure_ascii=False))


@command.command()
@click.argument("name", metavar="ID")
@click.argument("old", type=int)
@click.argument("new", type=int)
@click.option("--folder", type=_FOLDER, help="A site's own folder; without it, what DAYBREAK_DEFINITIONS names.")
@click.option("--json", "as_json", is_flag=True, help="Print the changes as JSON.")
def diff(name: str, old: int, new: int, folder: Path | None, as_json: bool) -> None:
    """Say in words what changed between two versions of a definition.

    Example: daybreak definitions diff ketamine_iv_40min 1 2
    """
    from daybreak.rulebook.public import differences

    held = library(folder)
    before, after = _found(held, name, old), _found(held, name, new)
    changes = differences(before, after)
    if as_json:
        click.echo(json.dumps([_plain(change) for change in changes], indent=2, ensure_ascii=False))
        return
    head = f"{after.title}: from version {old} to version {new}, {_count(len(changes), 'change')}"
    click.echo("\n\n".join([head, *map(_wrapped, map(str, changes))]))


@command.command("try")
@click.argument("name", metavar="ID")
@click.argument("table", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--stage", default="screening", show_default=True, help="screening, before_each_dose, before_leaving …")
@click.option("--version", type=int, help="Which version; without it, the highest active one, else the highest.")
@click.option("--against", type=int, help="Another version: which cases would it decide otherwise?")
@click.option("--folder", type=_FOLDER, help="A site's own folder; without it, what DAYBREAK_DEFINITIONS names.")
@click.option("--json", "as_json", is_flag=True, help="Print the decision of every case as JSON.")
def try_(
    name: str, table: Path, stage: str, version: int | None, against: int | None, folder: Path | None, as_json: bool
) -> None:
    """Try a protocol on a table of cases, before a committee makes it active.

    FILE is a CSV with a column for each fact that is known, named as the protocol names it, and perhaps a column
    “case”. An empty cell is unknown; the words of a list stand with | between them; numbers are in the fact's unit.

    Example: daybreak definitions try ketamine_iv_40min cases.csv --version 5 --against 4
    """
    import csv
    from datetime import UTC, datetime

    from daybreak.rulebook.public import STAGES, NotACase, Protocol, try_out

    held = library(folder)
    protocol, other = _found(held, name, version), None if against is None else _found(held, name, against)
    if not isinstance(protocol, Protocol):
        raise click.ClickException(f"“{name}” is not a protocol.")
    if stage not in STAGES:
        raise click.ClickException(f"“{stage}” is not a stage of a protocol: {', '.join(STAGES)}.")
    try:
        with table.open(encoding="utf-8-sig", newline="") as lines:
            tried = try_out(protocol, stage, csv.DictReader(lines), at=datetime.now(UTC), against=other)
    except UnicodeDecodeError as wrong:
        raise click.ClickException(f"{table.name} is not a text in UTF-8.") from wrong
    except (NotACase, csv.Error) as wrong:
        raise click.ClickException(f"{table.name}, {wrong}") from wrong
    moved = Counter(f"{was.value} → {now.value}" for _, was, now in tried.changed)
    if as_json:
        head = {"id": protocol.id, "version": protocol.version, "fingerprint": protocol.fingerprint, "stage": stage}
        each = dict(zip(tried.cases, tried.decisions, strict=True))
        changed = [{"case": case, "from": was, "to": now} for case, was, now in tried.changed]
        more = {} if other is None else {"against": other.version, "changed": changed}
        click.echo(json.dumps({**head, "counts": tried.counts, "decisions": each, **more}, indent=2))
        return
    click.echo(f"{protocol.title}, version {protocol.version}, {stage}: {_count(len(tried.cases), 'case')}")
    for decision, number in tried.counts.items():
        click.echo(f"  {decision.value:9}{number:>9,}")
    if other is not None:
        click.echo(f"Decided otherwise by version {other.version}: {_count(len(tried.changed), 'case')}")
        for words, number in moved.most_common():
            click.echo(f"  {words:20}{number:>9,}")


def _folders(asked: Path | None) -> tuple[Path, ...]:
    """Return what is read together: a whole set alone, or the shipped one, its packs (on or off), a site's own."""
    from daybreak.rulebook.public import pack_folder, packs, shipped_folder

    own = asked or (Path(named) if (named := os.environ.get("DAYBREAK_DEFINITIONS")) else None)
    shipped = (shipped_folder(), *(pack_folder(name) for name in packs()))
    if own is None:
        return shipped
    others = tuple(folder for folder in shipped if folder.resolve() != own.resolve())
    return (own,) if (own / "facts").is_dir() else (*others, own)


def library(folder: Path | None) -> "Library":
    """Return what is read together: a whole set of definitions, or the shipped one with a site's own."""
    from daybreak.rulebook.public import Library

    return Library.load(*_folders(folder))


def _found(held: "Library", name: str, version: int | None) -> "Definition":
    from daybreak.rulebook.public import UnknownDefinition

    try:
        return held.definition(name, version)
    except UnknownDefinition as unknown:
        raise click.ClickException(str(unknown)) from unknown


def _plain(form: object) -> dict[str, object]:
    from dataclasses import asdict

    return asdict(form)


def _wrapped(text: str) -> str:
    import textwrap

    return textwrap.fill(text, 84, subsequent_indent="    ", break_on_hyphens=False)


def _count(number: int, word: str) -> str:
    return f"{number} {word}." if number == 1 else f"{number} {word}s."
