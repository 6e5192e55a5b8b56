"""Whether a PIN may be tried on a patient's own page, and which PIN may be chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

PIN_DIGITS = 6
LOCKED_AFTER = 10
PAUSE_AFTER, PAUSE = 5, timedelta(minutes=15)
# An address is set up in the clinic: it takes a PIN for this long, and is worth nothing after that without one.
CHOSEN_WITHIN = timedelta(minutes=30)
SIGNED_IN_FOR = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Tries:
    """How many wrong PINs came since the last right one, whether the page is locked, and until when it waits."""

    wrong: int
    is_locked: bool
    waits_until: datetime | None


def tries_of(tries: Sequence[tuple[datetime, bool]], *, at: datetime) -> Tries:
    """Return where a page stands after these tries (moment, right or wrong), oldest first.

    After five wrong ones in a quarter of an hour it waits; after ten in a row it is locked, and the clinic makes a new
    one.
    """
    wrong: list[datetime] = []
    for moment, is_right in tries:
        wrong = [] if is_right else [*wrong, moment]
    recent = [moment for moment in wrong if moment > at - PAUSE]
    waits = recent[-PAUSE_AFTER] + PAUSE if len(recent) >= PAUSE_AFTER else None
    return Tries(len(wrong), len(wrong) >= LOCKED_AFTER, waits)


def is_a_pin(text: str) -> bool:
    """Return whether a text may be chosen: six digits that are neither all the same nor in a row."""
    if len(text) != PIN_DIGITS or not (text.isascii() and text.isdigit()):
        return False
    steps = {int(b) - int(a) for a, b in pairwise(text)}
    return len(steps) > 1 or not steps & {-1, 0, 1}
