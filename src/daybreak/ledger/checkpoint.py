"""Seal what is committed, and write signed checkpoints that are then kept where the database's owner cannot reach."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection, connections

from daybreak.kernel.refusal import Refusal


class NotACheckpoint(Refusal):
    """A file that is no checkpoint of this installation, or was changed."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The digest (hexadecimal SHA-256) of one seal, as it was at a moment."""

    number: int
    digest: str
    written_at: str


def seal_committed() -> int:
    """Chain what is committed and not yet sealed; return the number of the last seal."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_seal_committed()")
        return int(cursor.fetchone()[0])


def write_checkpoint(folder: Path, *, alias: str, at: datetime) -> Path | None:
    """Write the last seal, signed, into `folder`; return the file, or nothing when nothing is sealed."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT number, digest FROM ledger_seal ORDER BY number DESC LIMIT 1")
        row = cursor.fetchone()
    if row is None:
        return None
    checkpoint = Checkpoint(number=row[0], digest=bytes(row[1]).hex(), written_at=at.isoformat())
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"seal-{checkpoint.number:09d}.json"
    signed = {**asdict(checkpoint), "signature": _signing_key().sign(_canonical(checkpoint)).hex()}
    path.write_text(json.dumps(signed, indent=2) + "\n")
    return path


def read_checkpoints(folder: Path) -> list[Checkpoint]:
    """Return the checkpoints in `folder` after checking their signatures; raise NotACheckpoint for one that is not
    ours.
    """
    return [_read(path) for path in sorted(folder.glob("seal-*.json"))] if folder.exists() else []


def _read(path: Path) -> Checkpoint:
    try:
        held = json.loads(path.read_text())
        signature = bytes.fromhex(held.pop("signature"))
        checkpoint = Checkpoint(**held)
        _signing_key().public_key().verify(signature, _canonical(checkpoint))
    except (ValueError, KeyError, TypeError, AttributeError, InvalidSignature) as fault:
        raise NotACheckpoint(f"{path.name} is not a checkpoint of this installation, or it was changed.") from fault
    return checkpoint


def _canonical(checkpoint: Checkpoint) -> bytes:
    return json.dumps(asdict(checkpoint), sort_keys=True).encode()


def _signing_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(settings.DAYBREAK_SIGNING_KEY)
