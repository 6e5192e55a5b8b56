"""In which state an invitation is, and whether answers to it still count."""

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum

# Answers that were kept on a phone without network are still taken this long after the window, and counted as
# late.
TAKEN_LATE_FOR = timedelta(days=7)
# An invitation by hand, and how soon somebody takes a task: the house's own habit, until a site's definition
# says otherwise.
BY_HAND_DUE, BY_HAND_CLOSES = timedelta(hours=24), timedelta(days=7)


class State(StrEnum):
    """Where an invitation stands at a moment."""

    NOT_YET = "not yet open"
    OPEN = "open"
    LATE = "late"
    ENDED = "ended"
    ANSWERED = "answered"
    CALLED_OFF = "called off"


def hash_of(token: str) -> bytes:
    """Return what is stored of a link's secret."""
    return hashlib.sha256(token.encode()).digest()


def state_of(
    *,
    opens_at: datetime,
    due_at: datetime,
    closes_at: datetime,
    is_answered: bool,
    is_called_off: bool,
    at: datetime,
) -> State:
    """Return where an invitation stands: open in [opens_at, closes_at), late in it once due_at has passed."""
    if is_answered:
        return State.ANSWERED
    if is_called_off:
        return State.CALLED_OFF
    if at < opens_at:
        return State.NOT_YET
    if at >= closes_at:
        return State.ENDED
    return State.LATE if at > due_at else State.OPEN


def takes_answers(*, opens_at: datetime, closes_at: datetime, at: datetime) -> bool:
    """Return whether answers that arrive now count: from the opening until some days after the window, since
    phones go offline.
    """
    return opens_at <= at < closes_at + TAKEN_LATE_FOR
