"""Keys that are made where a fact is made, so that a retry is the same fact."""

import secrets
from datetime import datetime
from uuid import UUID, uuid5

from daybreak.kernel.moments import now

_NAMESPACE = UUID("5b0c1c6e-3f0e-5d7a-9a43-6b2f6b0d1e00")


def new_key(*, at: datetime | None = None) -> UUID:
    """Return a new UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, then 74 random bits.

    It carries time, so it never leaves the house in an export.
    """
    milliseconds = int((at or now()).timestamp() * 1000)
    value = (milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76 | secrets.randbits(12) << 64
    return UUID(int=value | 0b10 << 62 | secrets.randbits(62))


def key_from(*parts: str) -> UUID:
    """Return the same UUIDv5 for the same parts: for facts that were made elsewhere and carry a name of their own."""
    return uuid5(_NAMESPACE, "\x1f".join(parts))
