"""The moments from which a snapshot's times are counted, sealed, and kept beside the snapshots and not in them.

A snapshot holds no date (docs/decisions/frozen-times-are-offsets.md). Two of the three privacy profiles need some, so
what minute 0 of each person was is kept for them, under a key that only this house has. A snapshot that is copied
elsewhere does not carry it, and without it nothing else is lost (docs/decisions/dates-lie-sealed.md).
"""

import io
import secrets
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from daybreak.kernel.refusal import Refusal

FOLDER = ".anchors"
_NONCE = 12
_FORM = pa.schema([("person", pa.string()), ("anchor", pa.int64())])


class NoDates(Refusal):
    """No dates are kept for a snapshot, or they cannot be read."""


def anchors_of(memory: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return each frozen person's random key and the second from which their times are counted (Unix time, UTC)."""
    return memory.execute("SELECT token AS person, anchor FROM raw_person ORDER BY token").to_arrow_table()


def keep_anchors(home: Path, snapshot_id: str, anchors: Sequence[pa.Table], *, seed: bytes) -> Path:
    """Seal the moments of a snapshot into a file of their own below the folder of snapshots; return the file."""
    written = io.BytesIO()
    pq.write_table(pa.concat_tables([_FORM.empty_table(), *anchors]), written, compression="zstd")
    nonce = secrets.token_bytes(_NONCE)
    sealed = AESGCM(_key(seed)).encrypt(nonce, written.getvalue(), snapshot_id.encode())
    path = _path(home, snapshot_id)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(nonce + sealed)
    return path


def read_anchors(home: Path, snapshot_id: str, *, seed: bytes) -> pa.Table:
    """Return what `keep_anchors` sealed: `person`, `anchor`. Raises NoDates."""
    try:
        sealed = _path(home, snapshot_id).read_bytes()
    except OSError as fault:
        raise NoDates(
            f"No dates are kept for the snapshot {snapshot_id}: only the profile Safe Harbor, which needs none, can be "
            "made of it. Snapshots that this house freezes from now on have them."
        ) from fault
    try:
        plain = AESGCM(_key(seed)).decrypt(sealed[:_NONCE], sealed[_NONCE:], snapshot_id.encode())
    except (InvalidTag, ValueError) as fault:
        raise NoDates(
            f"The dates that are kept for the snapshot {snapshot_id} were changed, or sealed by another house."
        ) from fault
    return pq.read_table(io.BytesIO(plain))


def _path(home: Path, snapshot_id: str) -> Path:
    return home / FOLDER / snapshot_id


def _key(seed: bytes) -> bytes:
    """Return a key of its own for this purpose, which follows from the house's signing key."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"daybreak: moments of a snapshot").derive(seed)
