"""Devices that may send readings: with a token through the interface, or as monitors behind the gateway."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from daybreak.kernel.keys import key_from
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, record_one, standing
from daybreak.treat.actions.steps import wait_for
from daybreak.treat.models import Device
from daybreak.treat.queries.devices import device_of, monitor_at, monitor_models
from daybreak.treat.rules.readings import Sender, location_of

PREFIX = "dbk"
DEFAULT_CODES = "monitor_ieee11073"


class NotAMonitor(Refusal):
    """A monitor that could not be told from another, or whose codes nobody can read."""


class NoSuchDevice(Refusal):
    """There is no device of that key at the site."""


def issue_device_token(scope: Scope, *, key: UUID, chair: str, name: str, at: datetime) -> str:
    """Register a device for a chair and return its token, which is shown once and cannot be read again.

    The token names the site, so that it sets the scope; its secret part is 256 random bits, of which only the hash is
    kept.
    """
    token = f"{PREFIX}.{scope.site}.{secrets.token_urlsafe(32)}"
    record_one(
        Device(
            site=scope.site,
            key=key,
            chair=" ".join(chair.split())[:30],
            name=name.strip()[:60],
            token_hash=hash_of(token),
            issued_at=at,
        )
    )
    return token


@one_step()
def register_monitor(
    scope: Scope, *, key: UUID, name: str, location: str, chair: str, model: str, at: datetime
) -> Device:
    """Register a monitor behind the gateway by the location that it says itself; raise NotAMonitor.

    `model` is the code list whose codes it speaks. A monitor without a chair must name the visit with each message.
    """
    known = location_of(location)
    if not known:
        raise NotAMonitor("Give the place as the monitor says it, for instance INFUSION^1^CHAIR 1.")
    if model not in monitor_models():
        raise NotAMonitor("Choose the codes that the monitor speaks.")
    wait_for(f"treat devices {scope.site}")
    other = monitor_at(scope, location)
    if other is not None and other.key != key:
        raise NotAMonitor(f"“{location.strip()}” is the place of {other.name}. End that one first.")
    return record_one(
        Device(
            site=scope.site,
            key=key,
            chair=" ".join(chair.split())[:30],
            name=name.strip()[:60],
            location=known,
            model=model,
            issued_at=at,
        )
    )


@one_step()
def gateway_device(scope: Scope, *, at: datetime) -> Sender:
    """Return the site's gateway as a device: it stands for monitors that nobody registered and that name the visit.

    This function will register it once; raise NotAMonitor where the site has ended it.
    """
    key = key_from("gateway", scope.site)
    wait_for(f"treat devices {scope.site}")
    if not Device.objects.filter(site=scope.site, key=key).exists():
        record_one(Device(site=scope.site, key=key, name="HL7 gateway", model=DEFAULT_CODES, issued_at=at))
    found = device_of(scope, key)
    if found is None:
        raise NotAMonitor("This site has ended its gateway. Only monitors with a registered place may send.")
    return found


def end_device(scope: Scope, *, key: UUID, device: UUID, at: datetime) -> Device:
    """End what a device may send at once; raise NoSuchDevice."""
    found = standing(Device).filter(site=scope.site, key=device, ended=False).first()
    if found is None:
        raise NoSuchDevice("There is no such device at this site.")
    return record_one(
        Device(
            site=scope.site,
            key=key,
            corrects=device,
            chair=found.chair,
            name=found.name,
            location=found.location,
            model=found.model,
            ended=True,
            issued_at=at,
        )
    )


def hash_of(token: str) -> bytes:
    """Return what is kept of a token; its 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).digest()


def site_of(token: str) -> str | None:
    """Return the site that a token names, or nothing where it has not the form of one."""
    parts = token.split(".")
    return parts[1] if len(parts) == 3 and parts[0] == PREFIX and token.isascii() else None
