"""Who is on duty at a moment, and when nobody is. Facts in, answer out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

FIRST, SECOND = 1, 2
RANKS = (FIRST, SECOND)
LONGEST = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody is on duty from `from_at` up to, not including, `until_at`; `rank` 1 is asked first."""

    key: UUID
    account: UUID
    from_at: datetime
    until_at: datetime
    rank: int
    telephone: str = ""

    def holds(self, at: datetime) -> bool:
        """Return whether this turn covers the moment."""
        return self.from_at <= at < self.until_at


@dataclass(frozen=True, slots=True)
class Gap:
    """A half-open time in which nobody is on duty."""

    from_at: datetime
    until_at: datetime


def turns_at(turns: Iterable[Turn], at: datetime) -> tuple[Turn, ...]:
    """Return the turns that hold at a moment: who is asked first stands first."""
    return tuple(sorted((t for t in turns if t.holds(at)), key=lambda t: (t.rank, t.from_at, t.key)))


def gaps(turns: Iterable[Turn], *, since: datetime, until: datetime) -> tuple[Gap, ...]:
    """Return the times between `since` and `until` in which no turn holds, whatever its rank, oldest first."""
    found, covered = [], since
    for turn in sorted(turns, key=lambda t: t.from_at):
        if turn.from_at >= until:
            break
        if turn.from_at > covered:
            found.append(Gap(covered, turn.from_at))
        covered = max(covered, turn.until_at)
    return (*found, Gap(covered, until)) if covered < until else tuple(found)


def why_not_a_turn(turn: Turn, *, others: Iterable[Turn], at: datetime) -> str:
    """Return why a turn cannot be entered at `at` beside the others, or nothing."""
    if turn.until_at <= turn.from_at:
        return "A turn ends after it begins."
    if turn.until_at <= at:
        return "This turn is over already."
    if turn.until_at - turn.from_at > LONGEST:
        return f"A turn lasts {LONGEST.days} days at most: enter a longer one in parts."
    if turn.rank not in RANKS:
        return "Say whether this person is asked first or second."
    own = (t for t in others if t.account == turn.account and t.key != turn.key)
    if any(t.from_at < turn.until_at and turn.from_at < t.until_at for t in own):
        return "This person is on duty in a part of this time already. End that turn first."
    return ""
