"""Whether a patient is still observed, and if not, why; and who was not reached."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from daybreak.follow_up.rules.invitations import State

ENDS = ("transferred", "moved", "withdrew", "lost")
RETURNED = "returned"
CHANGES = (*ENDS, RETURNED)
DIED = "died"
SOURCES = ("patient", "relative", "other clinic", "staff", "public register")
WAYS = ("telephone", "message", "letter", "in person", "relative")
REACHED = "reached"
OUTCOMES = (REACHED, "no answer", "wrong number", "declined")


@dataclass(frozen=True, slots=True)
class Change:
    """Observation ended or began again on a day, as it was noted at a moment."""

    kind: str
    on: date
    source: str
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class Ended:
    """Observation has ended: why, on which day (None where a death's day is not known), and who said so."""

    kind: str
    on: date | None
    source: str


def ended(changes: Iterable[Change], *, death: date | None, has_died: bool) -> Ended | None:
    """Return how observation stands ended, or None while it goes on. A death ends it for ever.

    Of the changes the last day counts, and on one day what was noted last.
    """
    if has_died:
        return Ended(DIED, death, "")
    last = max(changes, key=lambda each: (each.on, each.noted_at), default=None)
    return None if last is None or last.kind == RETURNED else Ended(last.kind, last.on, last.source)


def missed_in_a_row(states: Sequence[State]) -> int:
    """Return how many invitations ended without an answer since the last one that was answered; `states` are in the
    order in which they were due, and what is still open or was called off does not count.
    """
    told = [state for state in states if state in (State.ENDED, State.ANSWERED)]
    return next((n for n, state in enumerate(reversed(told)) if state is State.ANSWERED), len(told))
