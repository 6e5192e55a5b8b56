"""`daybreak notice`"""

import click


@click.command()
@click.argument("words", required=False)
@click.option("--off", is_flag=True, help="Take the notice down.")
def command(words: str | None, off: bool) -> None:
    """Put a notice on every page at once, such as when the service is down for maintenance; or show or take it down.

    Example: daybreak notice "Down for maintenance on Saturday from 20:00 to 22:00."
    """
    from daybreak.config.notices import notice, put_up, take_down

    if off and words:
        raise click.UsageError("Give words, or --off, not both.")
    if off:
        take_down()
    elif words is not None:
        put_up(words)
    click.echo(notice() or "There is no notice.")
