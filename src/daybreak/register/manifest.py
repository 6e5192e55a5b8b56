"""The manifest: what a snapshot holds, said once, canonically, and signed."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from daybreak.kernel.refusal import Refusal

NAME = "manifest.json"
FORMAT = 1
# How the name of an invented cohort begins; a freeze is named by its day.
INVENTED = "cohort-"


class ForeignSnapshot(Refusal):
    """A folder that is not a snapshot of this form."""


@dataclass(frozen=True, slots=True)
class FrozenFile:
    """One file: its digest, its size, and which rows it holds."""

    sha256: str
    bytes: int
    table: str
    site: str
    rows: int


@dataclass(frozen=True, slots=True)
class Used:
    """A definition by which frozen rows were made, or that stood when they were frozen."""

    kind: str
    id: str
    version: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot holds. `files` is keyed by path inside the folder; `withheld` counts values that read
    like free text. `recipe` is given where the people are invented by a recipe: then every word of it is synthetic.
    """

    id: str
    created_at: str
    code_version: str
    synthetic: bool
    sites: tuple[str, ...]
    files: dict[str, FrozenFile]
    definitions: tuple[Used, ...]
    withheld: dict[str, int]
    seal: int | None
    public_key: str
    format: int = field(default=FORMAT)
    recipe: dict[str, Any] | None = None

    def rows(self) -> dict[str, int]:
        """Return how many rows each table holds."""
        counts: dict[str, int] = {}
        for file in self.files.values():
            counts[file.table] = counts.get(file.table, 0) + file.rows
        return counts

    def canonical(self) -> bytes:
        """Return the one way in which this manifest is written."""
        said = asdict(self)
        if self.recipe is None:
            del said["recipe"]  # what was signed before there were recipes stays signed
        return json.dumps(said, sort_keys=True, ensure_ascii=False, indent=1).encode()

    @property
    def fingerprint(self) -> str:
        """Return the snapshot's fingerprint: SHA-256 of the canonical manifest."""
        return hashlib.sha256(self.canonical()).hexdigest()


def public_key_of(seed: bytes) -> str:
    """Return the public key, in hexadecimal, of a signing key's 32-byte seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw().hex()


def signed(manifest: Manifest, seed: bytes) -> bytes:
    """Return the text of the manifest's file: the canonical manifest, and on a last line its Ed25519
    signature.
    """
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(manifest.canonical())
    return manifest.canonical() + b"\n" + signature.hex().encode() + b"\n"


def is_signed(text: bytes, manifest: Manifest) -> bool:
    """Return whether the file's text is the canonical manifest with a signature by its own public key."""
    body, _, signature = text.removesuffix(b"\n").rpartition(b"\n")
    if body != manifest.canonical():
        return False
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(manifest.public_key))
        key.verify(bytes.fromhex(signature.decode()), body)
    except (InvalidSignature, ValueError):
        return False
    return True


def read_manifest(folder: Path) -> tuple[Manifest, bytes]:
    """Return the manifest in a snapshot's folder and the text it was read from; raise ForeignSnapshot when it
    is none.
    """
    try:
        text = (folder / NAME).read_bytes()
        said = json.loads(text.removesuffix(b"\n").rpartition(b"\n")[0])
        said["files"] = {path: FrozenFile(**file) for path, file in said["files"].items()}
        said["definitions"] = tuple(Used(**used) for used in said["definitions"])
        said["sites"] = tuple(said["sites"])
        manifest = Manifest(**said)
    except FileNotFoundError as fault:
        raise ForeignSnapshot(f"The manifest of {folder.name} is missing.") from fault
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise ForeignSnapshot(f"The manifest of {folder.name} cannot be read.") from fault
    if manifest.format != FORMAT:
        raise ForeignSnapshot(
            f"The snapshot {folder.name} has form {manifest.format}; this version reads form {FORMAT}."
        )
    return manifest, text
