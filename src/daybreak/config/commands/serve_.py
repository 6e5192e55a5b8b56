"""`daybreak serve`"""

import click

from daybreak.config.database import reachable
from daybreak.config.environment import CannotGoOn


@click.command()
@click.option(
    "--address", default="127.0.0.1", show_default=True, help="Where to listen; put a reverse proxy in front."
)
def command(address: str) -> None:
    """Serve the pages until Ctrl-C or SIGTERM. DAYBREAK_PORT chooses the port (8000).

    Example: DAYBREAK_PORT=8080 daybreak serve
    """
    from daybreak.config.environment import installation
    from daybreak.config.server import check_port, serve, stopping_on_signals

    check_port(address, installation().port)
    with stopping_on_signals(), reachable() as place:
        from daybreak.people.public import sites

        if not sites():
            raise CannotGoOn("There is no site yet. Add one with “daybreak site add”, or run “daybreak demo”.")
        serve(address=address, port=place.port, greeting=f"Daybreak listens on http://{address}:{place.port}/")
