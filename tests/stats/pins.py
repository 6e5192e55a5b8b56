"""Reads what R answered, and the versions it answered with."""

import json
from pathlib import Path
from typing import Any

PINNED = Path(__file__).parents[2] / "validation" / "pinned"


def pinned(name: str) -> dict[str, Any]:
    """Return the pinned file `name`, whose numbers R wrote with all their digits."""
    pins: dict[str, Any] = json.loads((PINNED / f"{name}.json").read_text())
    return pins
