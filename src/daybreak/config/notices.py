"""A sentence that stands on every page for a while, such as when the service is down for maintenance."""

from pathlib import Path

from daybreak.config.environment import installation
from daybreak.kernel.refusal import Refusal

LONGEST = 300


class NotANotice(Refusal):
    """Words that cannot stand on every page."""


def notice() -> str:
    """Return the notice, or nothing where there is none."""
    try:
        return _place().read_text(encoding="utf-8").strip()[:LONGEST]
    except (OSError, UnicodeDecodeError):
        return ""


def put_up(words: str) -> str:
    """Put a notice on every page at once, and return it; raise NotANotice where it is empty or too long."""
    plain = " ".join(words.split())
    if not 0 < len(plain) <= LONGEST:
        raise NotANotice(f"A notice has 1 to {LONGEST} characters; this one has {len(plain)}.")
    half = _place().with_suffix(".part")
    half.write_text(plain, encoding="utf-8")
    half.replace(_place())
    return plain


def take_down() -> None:
    """Take the notice off every page."""
    _place().unlink(missing_ok=True)


def _place() -> Path:
    return installation().home / "notice.txt"
