"""`daybreak definitions`"""

import json
import os
import sys
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
