"""`daybreak demo`"""

from pathlib import Path

import click

from daybreak.config.database import bring_up_to_date, is_current, reachable
from daybreak.config.environment import CannotGoOn, Installation, installation

ADDRESS = "127.0.0.1"
REAL = "This installation has real sites. Set DAYBREAK_HOME to a new folder for the demonstration."


@click.command()
@click.option("--only-make", is_flag=True, help="Make the demonstration and stop.")
def command(only_make: bool) -> None:
    """Run the demonstration on this machine: four synthetic clinics, sixty synthetic patients, one click to sign in.

    The first start makes the data; later starts find it again below DAYBREAK_HOME.

    Example: DAYBREAK_PORT=8080 daybreak demo
    """
    from daybreak.config.server import check_port, serve, stopping_on_signals

    check_port(ADDRESS, installation().port)
    with stopping_on_signals():
        _start_over_if_unfinished(installation())
        with reachable(needs_tables=False) as place:
            if not is_current():
                click.echo("Making the tables …")
                bring_up_to_date()
            _make_if_missing(place)
            if not only_make:
                greeting = f"Daybreak's demonstration listens on http://{ADDRESS}:{place.port}/  (Ctrl-C stops it)"
                serve(address=ADDRESS, port=place.port, greeting=greeting)


def _start_over_if_unfinished(place: Installation) -> None:
    """Throw a half-made demonstration away: it holds nothing but what the seed makes again."""
    import shutil

    marker = _marker(place)
    if marker.exists() and not place.database_url and marker.read_text() == "begun":
        from daybreak.config.cluster import using

        with using(place.cluster, alone=True) as cluster:
            if not cluster.holds_only_invented_people():
                raise CannotGoOn(REAL)
            cluster.drop()
        shutil.rmtree(place.snapshots, ignore_errors=True)
        marker.unlink()


def _marker(place: Installation) -> Path:
    return place.home / "demonstration"


def _make_if_missing(place: Installation) -> None:
    from daybreak.people.public import sites

    found = sites()
    if found and not all(site.synthetic for site in found):
        raise CannotGoOn(REAL)
    if found:
        return
    from daybreak.config.demonstration import make

    _marker(place).write_text("begun")
    make()
    _marker(place).write_text("made")
