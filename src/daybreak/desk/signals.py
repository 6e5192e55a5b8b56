"""A signal of the monitor, decided on, and the hold of a protocol that may follow: two rooms, one step."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from daybreak.kernel.keys import key_from
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step
from daybreak.people.public import site_named
from daybreak.register.public import NotIntact
from daybreak.treat.public import Held, hold_protocol, holds_in_force
from daybreak.watch.public import (
    NothingFrozen,
    Signal,
    SignalReview,
    decide_on_signal,
    newest,
    over_time,
    reviews,
    waiting,
)

HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Decided:
    """What the form asks for; `key` was made by the page. A hold names the protocol, and the site or all (empty)."""

    key: UUID
    snapshot: str
    signal: str
    decision: str
    reason: str
    follow_up: str
    follow_up_on: date | None
    protocol: str = ""
    at_site: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """What the safety board has before it: the newest snapshot's signals that wait, what was decided, what is held.
    `problem` says why there is no snapshot to look at, where there is none.
    """

    snapshot: str
    waiting: tuple[Signal, ...]
    reviews: tuple[SignalReview, ...]
    holds: tuple[Held, ...]
    problem: str = ""


def before_the_board(scope: Scope) -> Board:
    """Return what lies before the board: at the centre everything, at a clinic what is the clinic's own."""
    here = site_named(scope.site)
    own = None if here is not None and here.kind == "centre" else scope.site
    holds = tuple(each for each in holds_in_force() if own is None or each.at_site in ("", own))
    told = tuple(each for each in reversed(reviews()) if own is None or each.signal.endswith(f"/{own}"))
    try:
        snapshot = newest(synthetic=here is not None and here.synthetic)
        signals = tuple(each for each in waiting(over_time(snapshot)) if own in (None, each.site))
    except (NothingFrozen, NotIntact) as no:
        return Board("", (), told, holds, str(no))
    return Board(snapshot, signals, told, holds)


@one_step()
def decide(scope: Scope, decided: Decided, *, at: datetime) -> SignalReview:
    """Record the decision, and sign the hold where it is one; both or nothing. Raises NotAReview, NotAHold."""
    review = decide_on_signal(
        scope,
        key=decided.key,
        snapshot=decided.snapshot,
        signal=decided.signal,
        decision=decided.decision,
        reason=decided.reason,
        follow_up=decided.follow_up,
        follow_up_on=decided.follow_up_on,
        at=at,
    )
    if decided.decision == HOLD:
        hold_protocol(
            scope,
            key=key_from("hold for a signal", str(decided.key)),
            protocol=decided.protocol,
            at_site=decided.at_site,
            reason=decided.reason,
            signal=decided.signal,
            at=at,
        )
    return review
