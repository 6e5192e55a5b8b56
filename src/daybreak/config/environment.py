"""Where this installation lives and what it was told: environment variables, folders and keys. No secret has a
default.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from daybreak.kernel.refusal import Refusal

KEYS = ("session.key", "master.key", "signing.key")


class CannotGoOn(Refusal):
    """The installation cannot be used as it is; the sentence says what to do. Commands end with exit code 2."""


@dataclass(frozen=True, slots=True)
class Installation:
    """The folders and addresses of this installation."""

    home: Path
    port: int
    database_url: str | None
    owner_url: str | None
    freeze_url: str | None

    @property
    def keys(self) -> Path:
        """Return the folder of the keys."""
        return self.home / "keys"

    @property
    def snapshots(self) -> Path:
        """Return the folder of frozen snapshots."""
        return self.home / "snapshots"

    @property
    def checkpoints(self) -> Path:
        """Return the folder where checkpoints are written before they are taken elsewhere."""
        return self.home / "checkpoints"

    @property
    def cluster(self) -> Path:
        """Return the data folder of the embedded database."""
        return self.home / "postgres"

    def key(self, name: str) -> bytes:
        """Return a key; raise CannotGoOn when it is missing."""
        path = self.keys / name
        if not path.exists():
            raise CannotGoOn(
                f"The key {path} is missing. A new installation gets its keys from “daybreak migrate”; an old one "
                "needs them back from your backup."
            )
        return path.read_bytes()


def installation() -> Installation:
    """Return the installation as the environment describes it."""
    port = os.environ.get("DAYBREAK_PORT", "8000")
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise CannotGoOn(f"DAYBREAK_PORT is “{port}”; it must be a number from 1 to 65535.")
    return Installation(
        home=Path(os.environ.get("DAYBREAK_HOME", ".daybreak")).resolve(),
        port=int(port),
        database_url=os.environ.get("DATABASE_URL") or None,
        owner_url=os.environ.get("DATABASE_OWNER_URL") or None,
        freeze_url=os.environ.get("DATABASE_FREEZE_URL") or None,
    )


def make_keys(place: Installation) -> None:
    """Make the keys of a new installation, readable by its owner only. Existing ones stay."""
    try:
        place.keys.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in KEYS:
            path = place.keys / name
            if not path.exists():
                with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    file.write(secrets.token_bytes(32))
    except OSError as fault:
        raise CannotGoOn(
            f"{place.keys} cannot be written ({fault.strerror}). Free space or set DAYBREAK_HOME."
        ) from fault
