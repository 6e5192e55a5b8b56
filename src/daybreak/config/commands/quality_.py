"""`daybreak quality`"""

import json

import click

from daybreak.config.commands.estimate_ import AS_JSON, table
from daybreak.config.commands.snapshot_ import frozen
from daybreak.kernel.refusal import Refusal


class NoSuchClinic(Refusal):
    """The snapshot has no such site."""


@click.group()
def command() -> None:
    """Data quality: what is there, can be right, has the form that is described, and comes in time.

    Example: daybreak quality run 20270131-k3x9qa --site dawn
    """


@command.command()
@click.argument("snapshot", metavar="SNAPSHOT", required=False)
@click.option("--site", help="One site's code; all sites without it.")
@AS_JSON
def run(snapshot: str | None, site: str | None, as_json: bool) -> None:
    """Run every check over a snapshot: for each site and check what is well, of how many, and whether it is enough.

    SNAPSHOT is an id, or a folder (with a “/” in it); without it, the newest that was frozen here.

    Example: daybreak quality run cohorts/invented-20000-1 --json
    """
    from daybreak.config.commands.definitions_ import library

    definitions = library(None)
    quality = definitions.quality("house")
    with frozen(snapshot) as found:
        from daybreak.register.quality.counting import counted
        from daybreak.register.quality.needs import needs_of
        from daybreak.register.quality.standing import standings

        if site is not None and site not in found.manifest.sites:
            raise NoSuchClinic(f"This snapshot has no site “{site}”. It has {', '.join(found.manifest.sites)}.")
        counts = counted(found.tables, quality, needs_of(quality, definitions))
    wanted = [site] if site else sorted({code for each in counts.values() for code in each})
    stood = [(code, each) for code in wanted for each in standings(quality, counts, code) if each.asked]
    if as_json:
        rows = [
            {
                "site": code,
                "check": each.check.id,
                "dimension": each.check.dimension,
                "severity": each.check.severity,
                "numerator": each.share.events,
                "denominator": int(each.share.denominator),
                "share": each.share.value,
                "lower": each.share.lower,
                "upper": each.share.upper,
                "enough_percent": float(each.check.enough_percent),
                "enough": each.enough,
            }
            for code, each in stood
        ]
        used = {"id": quality.id, "version": quality.version, "fingerprint": quality.fingerprint}
        told = {"snapshot": found.manifest.id, "fingerprint": found.manifest.fingerprint, "definition": used}
        return click.echo(json.dumps(told | {"rows": rows}, ensure_ascii=False, indent=1))
    click.echo(f"{quality.title} ({quality.id} {quality.version}), snapshot {found.manifest.id}")
    head = ("check", "site", "well", "of", "share", "asked", "")
    lines = [
        (each.check.id, code, each.share.events, int(each.share.denominator), f"{100 * each.share.value:.1f} %",
         f"{each.check.enough_percent} %", "" if each.enough else "not enough")
        for code, each in stood
    ]  # fmt: skip
    for line in table([head, *lines]):
        click.echo(line)
    return None
