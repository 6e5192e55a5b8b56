"""`daybreak snapshot`"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from daybreak.config.database import reachable

if TYPE_CHECKING:
    from daybreak.register.folders import Dataset
    from daybreak.register.manifest import Manifest
    from daybreak.watch.rules import Monitor

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
NOT_INTACT = 1
_WIDTH = 40


@click.group()
def command() -> None:
    """Frozen datasets of the register: create, list, verify, show, diff, export, notebook.

    Example: daybreak snapshot create
    """


@command.command()
@click.option(
    "--synthetic/--real", default=None, help="Which sites, where there are both; a snapshot never mixes them."
)
@AS_JSON
def create(synthetic: bool | None, as_json: bool) -> None:
    """Freeze all people whose consent to the registry stands, of all sites.

    Example: daybreak snapshot create --json
    """
    with _register() as register:
        from daybreak.kernel.moments import now

        made = register.create_snapshot(actor=None, at=now(), synthetic=synthetic, progress=progress())
        if as_json:
            return _say(_described(made))
        click.echo(f"Snapshot {made.id}: {made.rows.get('person', 0)} people. Fingerprint {made.fingerprint}")


@command.command(name="list")
@AS_JSON
def list_(as_json: bool) -> None:
    """List the snapshots, newest first.

    Example: daybreak snapshot list
    """
    with _register() as register:
        found = register.snapshots()
    if as_json:
        return _say([_described(each) for each in found])
    for each in found:
        kind = "invented" if each.invented else "synthetic" if each.synthetic else "real"
        click.echo(
            f"{each.id}  {each.created_at:%Y-%m-%d %H:%M} UTC  {kind}  {each.rows.get('person', 0)} people  "
            f"{each.fingerprint}"
        )
    if not found:
        click.echo("There is no snapshot yet. “daybreak snapshot create” freezes one.")


@command.command()
@click.argument("snapshot_id", metavar="ID")
@AS_JSON
def verify(snapshot_id: str, as_json: bool) -> None:
    """Compare a snapshot's files with its signed manifest. Exit code 1 when anything was changed, removed or
    added.

    ID may be the folder of a snapshot that lies elsewhere (it has a “/” in it); then no database is needed, and
    whose signature it is stays unknown.

    Example: daybreak snapshot verify 20270131-k3x9qa
    """
    if "/" in snapshot_id:
        from daybreak.register.folders import verify_folder

        found = verify_folder(Path(snapshot_id).resolve())
    else:
        with _register() as register:
            found = register.verify(snapshot_id)
    problems = [{"path": each.path, "what": each.what} for each in found.problems]
    if as_json:
        _say(
            {
                "id": found.id,
                "intact": found.intact,
                "fingerprint": found.fingerprint,
                "files": found.files,
                "problems": problems,
            }
        )
    elif found.intact:
        click.echo(f"{found.id} is what was frozen: {found.files} files, fingerprint {found.fingerprint}")
    else:
        click.echo(f"{found.id} is not what was frozen:")
        for each in found.problems:
            click.echo(f"  {each.path}: {each.what}")
    if not found.intact:
        sys.exit(NOT_INTACT)


@command.command()
@click.argument("snapshot_id", metavar="ID")
@click.option("--site", help="One site's code; all sites without it.")
@AS_JSON
def show(snapshot_id: str, site: str | None, as_json: bool) -> None:
    """Compute the monitor's figures from a snapshot: the same numbers as on the page. ID may be the folder of one (with
    a “/” in it); then no database is needed.

    Example: daybreak snapshot show 20270131-k3x9qa --json
    """
    found = _shown_of_folder(snapshot_id, site) if "/" in snapshot_id else _shown(snapshot_id, site)
    if as_json:
        from daybreak.watch.rules import plain

        return _say(plain(found))
    from daybreak.watch.wording import sentences

    for sentence in sentences(found):
        click.echo(sentence)


@command.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@AS_JSON
def diff(before: str, after: str, as_json: bool) -> None:
    """Say what differs between two snapshots: code, sites, definitions, and rows by table and site. Each is an id, or a
    folder (with a “/” in it). Exit code 0 whether or not anything differs.

    Example: daybreak snapshot diff 20270131-k3x9qa 20270228-w7m2cd
    """
    from daybreak.register.comparing import differences

    found = differences(_manifest(before), _manifest(after))
    if as_json:
        told = [{"part": d.part, "name": d.name, "before": d.before, "after": d.after} for d in found]
        return _say({"before": before, "after": after, "differences": told})
    for each in found:
        click.echo(str(each))
    if not found:
        click.echo("Nothing that the manifests say differs.")


@command.command()
@click.argument("snapshot_id", metavar="ID")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="A folder that is not there yet."
)
@click.option("--labels", is_flag=True, help="Head the columns by what they mean instead of their names.")
@click.option(
    "--profile",
    help="Only what a privacy profile lets out, under new keys: safe-harbor, limited or expert. Of invented people; "
    "rows of real ones leave as an approved --release.",
)
@click.option(
    "--table", "tables", multiple=True, help="With --profile: only this table, and that of people; repeatable."
)
@click.option("--release", "request", type=click.UUID, help="Hand out as this request was approved; it is recorded.")
def export(
    snapshot_id: str, out: Path, labels: bool, profile: str | None, tables: tuple[str, ...], request: UUID | None
) -> None:
    """Write every table of a snapshot as CSV, with a data dictionary (HTML, PDF, CSV). ID may be a folder (with a “/”).

    Without a profile the rows are those of the snapshot, and stay in the house under the same agreement.

    Example: daybreak snapshot export 20270131-k3x9qa --profile safe-harbor --out tables
    """
    if request:
        if profile or tables:
            raise click.UsageError("--release takes the profile and the tables that were approved.")
        return _export_release(snapshot_id, request, out, labels)
    with frozen(snapshot_id) as found:
        if tables and not profile:
            raise click.UsageError("--table goes with --profile: a copy for the house holds every table.")
        if profile:
            return _export_by_profile(found, profile, out, labels, tables, elsewhere="/" in snapshot_id)
        from daybreak.register.handing_out import hand_out

        names = hand_out(found, out, labels=labels)
    click.echo(f"{len(names)} files are in {out}; begin with dictionary.html.")


@command.command()
@click.argument("snapshot_id", metavar="ID")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="A file that is not there yet."
)
def notebook(snapshot_id: str, out: Path) -> None:
    """Write an analysis notebook for a snapshot: it opens the data, explains them, reproduces a figure of the pages and
    changes the cohort. ID may be the folder of a snapshot or of a release (with a “/”); then no database is needed.

    Example: daybreak snapshot notebook 20270131-k3x9qa --out first-hour.ipynb
    """
    from daybreak.watch.notebook.writing import write_notebook

    if "/" in snapshot_id:
        cells = write_notebook(Path(snapshot_id), out)
    else:
        with _register() as register:
            from daybreak.register.queries import folder_of

            register.intact(snapshot_id)
            cells = write_notebook(folder_of(snapshot_id), out)
    click.echo(f"{out} has {cells} cells. Open it with Jupyter where daybreak is installed.")


def _shown(snapshot_id: str, site: str | None) -> "Monitor":
    """Return the monitor's figures of a snapshot of this house."""
    with _register() as register:
        from daybreak.watch.public import monitor

        _demand_site(register.manifest_of(snapshot_id), site)
        return monitor(snapshot_id, site=site)


def _shown_of_folder(folder: str, site: str | None) -> "Monitor":
    """Return the monitor's figures of a snapshot in a folder, in the words that stand in the code."""
    from django.conf import settings

    from daybreak.config.commands.definitions_ import library
    from daybreak.watch.computing import of_dataset

    if not settings.configured:
        settings.configure(USE_I18N=False)
    with frozen(folder) as found:
        _demand_site(found.manifest, site)
        return of_dataset(found, site, library(None).outcome_measures())


def _demand_site(manifest: "Manifest", site: str | None) -> None:
    if site is not None and site not in manifest.sites:
        raise click.UsageError(
            f"The snapshot {manifest.id} holds no site “{site}”. It has: {', '.join(manifest.sites)}."
        )


def _export_release(snapshot_id: str, request: UUID, out: Path, labels: bool) -> None:
    with _register() as register:
        from daybreak.kernel.keys import new_key
        from daybreak.kernel.moments import now
        from daybreak.kernel.scope import current_scope
        from daybreak.register.releasing.actions import hand_out_release
        from daybreak.register.releasing.queries import request_by_key

        at = now()
        asked = request_by_key(request, today=at.date())
        if asked is None or asked.request.snapshot != snapshot_id:
            raise register.NoSuchSnapshot(f"There is no request {request} for rows of the snapshot {snapshot_id}.")
        manifest = hand_out_release(current_scope(), key=new_key(), asked=asked, folder=out, labels=labels, at=at)
    click.echo(f"{len(manifest['files']) + 1} files are in {out}, and it is recorded; begin with READ-ME-FIRST.txt.")


def _export_by_profile(
    found: "Dataset", profile: str, out: Path, labels: bool, tables: tuple[str, ...], *, elsewhere: bool
) -> None:
    from django.conf import settings

    from daybreak.kernel.moments import now
    from daybreak.register.releasing.profiles import profile_named, snapshots_home
    from daybreak.register.releasing.trying import try_profile

    manifest = try_profile(
        found,
        profile_named(profile),
        out,
        at=now(),
        home=None if elsewhere else snapshots_home(),
        seed=b"" if elsewhere else settings.DAYBREAK_SIGNING_KEY,
        wanted=tables,
        labels=labels,
    )
    click.echo(f"{len(manifest['files']) + 1} files are in {out}; begin with READ-ME-FIRST.txt.")


@contextmanager
def frozen(snapshot: str | None) -> Iterator["Dataset"]:
    """Give the tables of a snapshot of this house, or of a folder elsewhere. Without a name it is the newest that was
    frozen here, never an invented cohort.
    """
    if snapshot and "/" in snapshot:
        from daybreak.register.folders import dataset_in

        yield dataset_in(Path(snapshot).resolve())
        return
    with _register() as register:
        yield register.dataset(snapshot or register.newest_frozen().id)


def _manifest(snapshot: str) -> "Manifest":
    """Return the manifest of an intact snapshot."""
    if "/" in snapshot:
        from daybreak.register.folders import manifest_in

        return manifest_in(Path(snapshot).resolve())
    with _register() as register:
        register.intact(snapshot)
        return register.manifest_of(snapshot)


@contextmanager
def _register() -> Iterator[object]:
    """Hold the database reachable and give the register's door."""
    with reachable():
        from daybreak.kernel.scope import Scope, scoped
        from daybreak.register import public

        with scoped(Scope(site="", actor=None, purpose="snapshot, at the command line")):
            yield public


def progress() -> Callable[[int, int, str], None]:
    """Return what draws a bar of people on a terminal, and nothing elsewhere."""

    def drawn(done: int, of: int, what: str) -> None:
        full = _WIDTH * done // max(of, 1)
        bar = "█" * full + "░" * (_WIDTH - full)
        click.echo(f"\r{bar} {done:,} of {of:,} people  {what}", nl=done == of, err=True)

    return drawn if sys.stderr.isatty() else lambda done, of, what: None


def _described(snapshot: object) -> dict[str, object]:
    return {
        "id": snapshot.id,
        "fingerprint": snapshot.fingerprint,
        "created_at": snapshot.created_at.isoformat(),
        "synthetic": snapshot.synthetic,
        "rows": snapshot.rows,
    }


def _say(answer: object) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
