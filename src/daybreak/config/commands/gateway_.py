"""`daybreak gateway`"""

import asyncio
import json
import signal
import sys
from typing import TYPE_CHECKING

import click

from daybreak.config.database import kept_alive, reachable
from daybreak.config.environment import CannotGoOn

if TYPE_CHECKING:
    from daybreak.interop.public import Gateway
    from daybreak.people.public import Site


@click.group()
def command() -> None:
    """Bedside monitors: take their messages in, or play them.

    Example: daybreak gateway hl7 --port 2575 --site north
    """


@command.command()
@click.option("--port", default=2575, show_default=True, type=click.IntRange(0, 65535), help="Where to listen.")
@click.option("--address", default="127.0.0.1", show_default=True, help="MLLP has no sign-in: name an inner network.")
@click.option("--site", "code", help="The clinic whose monitors connect; all of them where none is named.")
@click.option("--json", "as_json", is_flag=True, help="Print what was taken in as JSON at the end.")
def hl7(port: int, address: str, code: str | None, as_json: bool) -> None:
    """Take in HL7 v2 ORU^R01 over MLLP until Ctrl-C or SIGTERM, and acknowledge what is stored.

    A monitor is known by its place (PV1-3), which the site registers on the page “Set up”; a session can also be
    named by its visit number (PV1-19), which its page shows. Readings that belong nowhere wait in the tray. Where
    several clinics share a gateway, the facility (MSH-4 or MSH-6), the place or the visit number says which is meant.

    The site's regulatory assessment must stand; the bedside monitor remains the alarm.

    Example: daybreak gateway hl7 --port 2575 --site north --address 10.1.2.3
    """
    sys.setswitchinterval(_SWITCH_SECONDS)
    with reachable() as place, kept_alive(place):
        from daybreak.interop.public import Gateway

        gateway = Gateway(_clinics(code))
        try:
            asyncio.run(_serve(gateway, address, port))
        except OSError as fault:
            raise CannotGoOn(
                f"Nobody can listen on {address}:{port}: {fault.strerror}. Choose another port."
            ) from fault
        click.echo(_told(gateway.counts, as_json))


_SWITCH_SECONDS = 0.0005
"""How long one thread may keep the others from running: the one that talks with the monitors must not wait for those
that store, and Python's own 5 ms add up along the way of an alarm."""


async def _serve(gateway: "Gateway", address: str, port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)

    def ready(chosen: int) -> None:
        names = ", ".join(site.name for site in gateway.sites)
        click.echo(f"The gateway of {names} listens on {address}:{chosen}  (Ctrl-C stops it)", err=True)

    await gateway.serve(address=address, port=port, ready=ready, stop=stop)


@command.command()
@click.option("--chairs", default=1, show_default=True, type=click.IntRange(1, 400), help="How many monitors.")
@click.option(
    "--rate", default=1.0, show_default=True, type=click.FloatRange(0.001, 50), help="Messages a second, each."
)
@click.option("--seconds", default=60.0, show_default=True, type=click.FloatRange(min=0.1), help="How long.")
@click.option("--port", default=2575, show_default=True, type=click.IntRange(1, 65535), help="The gateway's port.")
@click.option("--address", default="127.0.0.1", show_default=True, help="The gateway's address.")
@click.option("--site", default="", help="The clinic that the monitors name as their facility (MSH-4).")
@click.option("--place", default="Chair {n}", show_default=True, help="What monitor n says of its place.")
@click.option("--http", "url", help="Send to the interface for devices at this address instead.")
@click.option("--token", "tokens", multiple=True, help="With --http: a device's token, once for each chair.")
@click.option("--seed", default=1, show_default=True, help="Another seed, other people.")
@click.option("--pace", default=1.0, show_default=True, help="How much faster than the clock the people live.")
@click.option("--artefacts/--no-artefacts", default=True, show_default=True, help="Slipping probes, failing cuffs.")
@click.option("--json", "as_json", is_flag=True, help="Print what was answered as JSON.")
def simulate(
    chairs: int, rate: float, seconds: float, port: int, address: str, site: str, place: str, url: str | None,
    tokens: tuple[str, ...], seed: int, pace: float, artefacts: bool, as_json: bool,
) -> None:  # fmt: skip
    """Play monitors of invented people over the real protocols; every message says that it is training data.

    What is not answered is sent again, as monitors do, until the time is over and everything is answered.

    Example: daybreak gateway simulate --site north --chairs 3 --rate 0.2 --seconds 600
    """
    from daybreak.interop.simulated.play import Plan, play_hl7, play_http

    if url and len(tokens) != chairs:
        raise CannotGoOn(f"{chairs} chairs need {chairs} tokens: give --token once for each.")
    plan = Plan(rate_hz=rate, seconds=seconds, seed=seed, artefacts=artefacts, pace=pace, facility=site)
    places = [place.replace("{n}", str(number)) for number in range(1, chairs + 1)]
    try:
        if url:
            played = asyncio.run(play_http(plan, url=url.rstrip("/"), tokens=tokens))
        else:
            played = asyncio.run(play_hl7(plan, address=address, port=port, places=places))
    except (OSError, ValueError) as fault:
        raise CannotGoOn(f"Nobody answers at {url or f'{address}:{port}'}. Start the gateway first.") from fault
    middle, late = played.quantile(0.5), played.quantile(0.99)
    if as_json:
        times = {"answer_p50_ms": middle and round(middle * 1000, 1), "answer_p99_ms": late and round(late * 1000, 1)}
        click.echo(json.dumps({**{name: played.counts[name] for name in _ANSWERS}, **times}))
        return
    told = ", ".join(f"{played.counts[name]:,} {name.replace('_', ' ')}" for name in _ANSWERS)
    click.echo(f"{told}. Answered within {(late or 0) * 1000:.0f} ms (99 of 100).")


_ANSWERS = ("sent", "taken", "warned", "refused", "not_answered")


def _clinics(code: str | None) -> "list[Site]":
    from daybreak.people.public import sites

    clinics = [site for site in sites() if site.kind == "clinic" and code in (None, site.code)]
    if not clinics and code:
        raise CannotGoOn(f"There is no clinic “{code}”. “daybreak doctor” lists the sites.")
    if not clinics:
        raise CannotGoOn("There is no clinic yet. Add one with “daybreak site add”.")
    return clinics


def _told(counts: dict[str, int], as_json: bool) -> str:
    names = ("messages", "stored", "same", "tray", "unused", "refused_messages", "not_stored", "not_framed")
    if as_json:
        return json.dumps({name: counts.get(name, 0) for name in names})
    return ", ".join(f"{counts.get(name, 0):,} {name.replace('_', ' ')}" for name in names)
