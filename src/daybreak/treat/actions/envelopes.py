"""Envelopes: an act as a device keeps it, sealed under a key of its sign-in, with a proof of whose act it is.

Nothing of a key is stored. Both are derived from the master key: the one that seals from device and account, so that
the same person can go on there tomorrow, and the one that proves from the sign-in as well. A device whose person has
signed out holds neither; it can still send what waits, and the server still reads it.
"""

import hashlib
import hmac
import json
import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from daybreak.kernel.refusal import Refusal
from daybreak.treat.rules.clock import Clocks

NONCE, KEY = 12, 32
# A device's clock may say anything; further from 1970 than this is no moment that Python knows.
FURTHEST_MS = 60_000_000_000_000
MOST_FIELDS, MOST_LETTERS = 100, 4000
KIND = re.compile(r"[a-z_]{1,20}")


class NotAnEnvelope(Refusal):
    """What was sent is no envelope, or does not open, or its proof is another's."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What anybody may read of an act: its key, whose it is, on which device, and its number there."""

    key: UUID
    session: UUID
    account: UUID
    device: UUID
    number: int
    nonce: bytes
    sealed: bytes

    @property
    def hash(self) -> bytes:
        """The hash by which it is acknowledged."""
        return hashlib.sha256(self.nonce + self.sealed).digest()

    @property
    def binding(self) -> bytes:
        """What is bound into the seal: an envelope with another outside does not open."""
        return "|".join(map(str, (self.key, self.session, self.account, self.device, self.number))).encode()


@dataclass(frozen=True, slots=True)
class Opened:
    """An act: where its form leads, what was filled in, what the clocks showed, and the proof of whose it is."""

    envelope: Envelope
    kind: str
    address: str
    fields: tuple[tuple[str, str], ...]
    done: Clocks
    believed_ms: int
    signed_in_at: datetime
    proof: bytes
    body: str


def sealing_key(site: str, *, account: UUID, device: UUID) -> bytes:
    """Return the key under which a person's acts and the open session are kept on a device."""
    return _derived("seal", site, str(account), str(device))


def proving_key(site: str, *, account: UUID, device: UUID, signed_in_at: datetime) -> bytes:
    """Return the key that proves that an act is of this sign-in of that person on this device."""
    return _derived("prove", site, str(account), str(device), str(_milliseconds(signed_in_at)))


def envelope_of(sent: object) -> Envelope:
    """Return an envelope as it was sent; raise NotAnEnvelope."""
    try:
        match sent:
            case {"key": str(key), "session": str(session), "account": str(account), "device": str(device),
                  "number": int(number), "nonce": str(nonce), "sealed": str(sealed)}:  # fmt: skip
                found = Envelope(
                    UUID(key), UUID(session), UUID(account), UUID(device), number,
                    b64decode(nonce, validate=True), b64decode(sealed, validate=True),
                )  # fmt: skip
                if 0 < number < 2**53 and len(found.nonce) == NONCE:
                    return found
    except (ValueError, NotBase64):
        pass
    raise NotAnEnvelope("This is no act as a device keeps it.")


def opened(site: str, envelope: Envelope) -> Opened:
    """Open an envelope and check its proof; raise NotAnEnvelope."""
    key = sealing_key(site, account=envelope.account, device=envelope.device)
    try:
        inside = json.loads(AESGCM(key).decrypt(envelope.nonce, envelope.sealed, envelope.binding))
        act = _read(envelope, inside["body"], bytes.fromhex(inside["proof"]))
        body = act.body.encode()
    except (InvalidTag, ValueError, KeyError, TypeError, RecursionError) as fault:
        raise NotAnEnvelope("This act does not open: it was changed, or kept for another site.") from fault
    prove = proving_key(site, account=envelope.account, device=envelope.device, signed_in_at=act.signed_in_at)
    if not hmac.compare_digest(hmac.digest(prove, body, "sha256"), act.proof):
        raise NotAnEnvelope("This act does not carry the proof of the person it names.")
    return act


def clocks_of(told: Mapping[str, Any]) -> Clocks:
    """Return what a device said of its clocks, one that is beyond all years as the furthest; raise ValueError."""
    wall, running, name = told["wall"], told["running"], told["opened"]
    if not (isinstance(wall, int) and isinstance(running, int)):
        raise ValueError("not a clock")
    furthest = [max(-FURTHEST_MS, min(each, FURTHEST_MS)) for each in (wall, running)]
    return Clocks(*furthest, str(name)[:40])


def moment_of(milliseconds: int) -> datetime:
    """Return what a clock showed as a moment."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)


def _read(envelope: Envelope, body: str, proof: bytes) -> Opened:
    told = json.loads(body)
    fields = tuple((str(name), str(value)) for name, value in told["fields"])
    believed, signed_in = told["believed"], told["signed_in"]
    if told["key"] != str(envelope.key) or not KIND.fullmatch(told["kind"]) or not isinstance(told["address"], str):
        raise ValueError("not an act")
    if len(fields) > MOST_FIELDS or any(len(name) + len(value) > MOST_LETTERS for name, value in fields):
        raise ValueError("too much for an act")
    if not all(isinstance(each, int) and abs(each) < FURTHEST_MS for each in (believed, signed_in)):
        raise ValueError("not a moment")
    return Opened(
        envelope=envelope,
        kind=told["kind"],
        address=told["address"][:400],
        fields=fields,
        done=clocks_of(told["clocks"]),
        believed_ms=believed,
        signed_in_at=moment_of(signed_in),
        proof=proof,
        body=body,
    )


def _derived(*parts: str) -> bytes:
    info = "\x1f".join(("daybreak device", *parts)).encode()
    return HKDF(algorithm=SHA256(), length=KEY, salt=None, info=info).derive(settings.DAYBREAK_MASTER_KEY)


def _milliseconds(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
