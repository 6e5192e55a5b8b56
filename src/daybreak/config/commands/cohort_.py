"""`daybreak cohort`"""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from daybreak.config.commands.estimate_ import AS_JSON, LEVEL, say
from daybreak.config.commands.snapshot_ import frozen, progress

if TYPE_CHECKING:
    from daybreak.register.synthetic.recipe import Recipe

_EFFECTS = ("dose", "dampening", "bladder")


@click.group()
def command() -> None:
    """Cohorts: make invented people in the form of a snapshot; run the table of a cohort that is a file.

    Example: daybreak cohort make --persons 20000 --seed 1
    """


@command.command()
@click.option("--persons", type=int, required=True, help="How many people: 100 to 10,000,000.")
@click.option("--seed", type=int, required=True, help="The same seed gives the same files, to the byte.")
@click.option(
    "--without",
    multiple=True,
    type=click.Choice(_EFFECTS),
    help="Leave a planted effect out; may be given several times.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write a folder of its own below this one, without a database; otherwise it becomes a snapshot of this house.",
)
@AS_JSON
def make(persons: int, seed: int, without: tuple[str, ...], out: Path | None, as_json: bool) -> None:
    """Make invented people in the form of a snapshot, calibrated to published figures.

    There are missing visits, people who leave (more often those who do not respond), adverse events, one site that
    does worse and one that monitors poorly; the manifest names them. Everything says that it is synthetic.

    Example: daybreak cohort make --persons 20000 --seed 1 --out cohorts
    """
    from daybreak.register.synthetic.recipe import recipe

    wanted = recipe(persons=persons, seed=seed, effects=set(_EFFECTS) - set(without))
    told = _beside(wanted, out) if out else _in_house(wanted)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    where = f" in {told['folder']}" if "folder" in told else ""
    was = "made" if told["new"] else "there already"
    click.echo(f"Synthetic cohort {told['id']} is {was}{where}: {persons:,} invented people, seed {seed}.")
    click.echo(f"Does worse: {told['does_worse'][0]}. Monitors poorly: {told['monitors_poorly'][0]}.")


@command.command()
@click.argument("name", metavar="ID")
@click.option("--version", type=int, help="Which version of the definition; without it, the highest active one.")
@click.option("--snapshot", help="A snapshot's id, or the folder of one (with a “/” in it); without it, the newest.")
@click.option("--leave-out", "leave_out", multiple=True, metavar="SITE", help="Without this site; may be repeated.")
@LEVEL
@AS_JSON
def run(
    name: str, version: int | None, snapshot: str | None, leave_out: tuple[str, ...], level: float, as_json: bool
) -> None:
    """Give the table of a cohort from a snapshot: for each line numerator, denominator, estimate and interval.

    Example: daybreak cohort run orka1_induction --json
    """
    from daybreak.config.commands.definitions_ import library

    cohort = library(None).cohort(name, version)
    with frozen(snapshot) as found:
        from daybreak.register.estimates.cohort import cohort_table

        answer = cohort_table(found, cohort, leave_out=leave_out, level=level)
    if not as_json:
        click.echo(f"{cohort.title} ({cohort.id} {cohort.version}), snapshot {found.manifest.id}")
    say(answer, as_json=as_json)


def _beside(wanted: "Recipe", out: Path) -> dict[str, object]:
    from daybreak.kernel.moments import now
    from daybreak.register.synthetic.keeping import keep_beside

    kept = keep_beside(out, wanted, at=now(), progress=progress())
    return {"id": wanted.id, "new": True, "folder": str(kept), "synthetic": True, **wanted.told()}


def _in_house(wanted: "Recipe") -> dict[str, object]:
    from daybreak.config.database import reachable

    with reachable():
        from daybreak.kernel.moments import now
        from daybreak.kernel.scope import Scope, scoped
        from daybreak.register.actions import create_cohort

        with scoped(Scope(site="", actor=None, purpose="cohort, at the command line")):
            made, new = create_cohort(wanted, actor=None, at=now(), progress=progress())
            rows, fingerprint = made.rows, made.fingerprint
    return {
        "id": wanted.id,
        "new": new,
        "fingerprint": fingerprint,
        "rows": rows,
        "synthetic": True,
        **wanted.told(),
    }
