"""Devices that may send readings for one chair."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import record_one, standing
from daybreak.treat.models import Device

PREFIX = "dbk"


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


def end_device(scope: Scope, *, key: UUID, device: UUID, at: datetime) -> Device:
    """End a device's token at once; raise NoSuchDevice."""
    found = standing(Device).filter(site=scope.site, key=device).first()
    if found is None:
        raise NoSuchDevice("There is no such device at this site.")
    return record_one(
        Device(
            site=scope.site,
            key=key,
            corrects=device,
            chair=found.chair,
            name=found.name,
            token_hash=b"",
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
