"""Whether a request may be answered and its rows handed out: facts in, answer and reason out. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

APPROVALS = 2
LONGEST = timedelta(days=366)
ANSWERS = ("approve", "refuse", "withdraw", "take_back")


class State(StrEnum):
    """How a request stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    TAKEN_BACK = "taken back"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer to a request, and by whom."""

    by: UUID
    answer: str


def state_of(*, asked_by: UUID | None, answers: Sequence[Answered], last_day: date, today: date) -> State:
    """Return how a request stands. An approval of the requester does not count, whatever was stored; one refusal or
    one approval that was taken back is enough against it; after the last day nothing of it is handed out.
    """
    said = {each.answer for each in answers}
    if "take_back" in said:
        return State.TAKEN_BACK
    if "refuse" in said:
        return State.REFUSED
    if "withdraw" in said:
        return State.WITHDRAWN
    if today > last_day:
        return State.EXPIRED
    approving = {each.by for each in answers if each.answer == "approve" and each.by != asked_by}
    return State.APPROVED if len(approving) >= APPROVALS else State.WAITING


def may_answer(*, asked_by: UUID | None, answers: Sequence[Answered], who: UUID, state: State) -> tuple[str, ...]:
    """Return the answers that a reviewer may give now: to approve or refuse once while it waits, to take back an
    approval while it stands. Nobody reviews a request of their own.
    """
    if who == asked_by:
        return ()
    approved = any(each.by == who and each.answer == "approve" for each in answers)
    if state is State.WAITING:
        return ("withdraw",) if approved else ("approve", "refuse")
    if state is State.APPROVED:
        return ("withdraw",) if approved else ("refuse",)
    return ()


def trouble_with_last_day(last_day: date, today: date) -> str:
    """Return why a request may not be open until a day, or nothing."""
    if last_day < today:
        return "This day lies in the past: the rows could never be handed out."
    if last_day > today + LONGEST:
        return "An approval lasts a year at most. Choose an earlier day, and ask again afterwards."
    return ""
