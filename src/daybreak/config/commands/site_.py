"""`daybreak site`"""

import json

import click

from daybreak.config.database import reachable


@click.group()
def command() -> None:
    """Sites.

    Example: daybreak site add north --name "North Clinic" --time-zone Europe/Berlin
    """


@command.command()
@click.argument("code")
@click.option("--name", required=True, help="The name as people say it.")
@click.option("--time-zone", required=True, help="An IANA name, for example Europe/Berlin.")
@click.option("--centre", is_flag=True, help="The coordinating centre, which treats nobody.")
@click.option("--synthetic", is_flag=True, help="For demonstrations: takes only synthetic records, for ever.")
@click.option("--crisis-line", default="", help="Whom patients call in a crisis.")
@click.option("--telephone", default="", help="The site's own telephone number.")
@click.option("--emergency-line", default="", help="Whom patients call in danger; without it, 112 and 911 are shown.")
@click.option(
    "--hours", default="", help="When somebody reads, such as “mon-fri 08:00-17:00”; without it, nobody at once."
)
@click.option("--lead-email", help="E-mail address of the site lead; an account is opened.")
@click.option("--lead-name", default="", help="Name of the site lead.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def add(
    code: str,
    name: str,
    time_zone: str,
    centre: bool,
    synthetic: bool,
    crisis_line: str,
    telephone: str,
    emergency_line: str,
    hours: str,
    lead_email: str | None,
    lead_name: str,
    as_json: bool,
) -> None:
    """Add a site. It is synthetic or real, for ever.

    Example: daybreak site add north --name "North Clinic" --time-zone Europe/Berlin --lead-email lead@north.example
    """
    with reachable():
        from daybreak.config.first_lead import open_first_lead
        from daybreak.kernel.moments import now
        from daybreak.ledger.public import one_step
        from daybreak.people.public import add_site

        with one_step():
            site = add_site(
                code=code,
                name=name,
                kind="centre" if centre else "clinic",
                synthetic=synthetic,
                time_zone=time_zone,
                at=now(),
                crisis_line=crisis_line,
                telephone=telephone,
                emergency_line=emergency_line,
                hours=hours,
            )
            link = open_first_lead(site, email=lead_email, name=lead_name or (lead_email or "")) if lead_email else None
    if as_json:
        click.echo(json.dumps({"code": site.code, "synthetic": site.synthetic, "set_password": link}))
        return
    click.echo(f"{site.name} ({site.code}) was added as a {'synthetic' if synthetic else 'real'} site.")
    if link:
        click.echo(f"{lead_email} sets a password here, once, on this installation's address: {link}")
