"""How a question about data stands, who may do what with it, and when it is late. Pure."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

STEPS = ("answer", "close", "ask_again")
# Why, in an answer: words of a closed list, so that nothing about a person is written to the register.
REASONS = (
    "typed_wrongly", "entered_late", "not_in_the_source", "device_did_not_send", "patient_did_not_answer",
    "done_elsewhere", "check_does_not_fit",
)  # fmt: skip


class QueryState(StrEnum):
    """Where a question stands."""

    ASKED = "asked"
    ANSWERED = "answered"
    CLOSED = "closed"


# What is compared with the source of a session and of a score, and what may come out.
SESSION, SCORE = "session", "score"
FIELDS = {
    SESSION: ("started_at", "ended_at", "dose_mg", "weight_kg", "route"),
    SCORE: ("instrument", "answered_at", "value"),
}
VERDICTS = ("agrees", "differs", "no_source")
FEWEST_SAMPLED, MOST_SAMPLED = 5, 200


@dataclass(frozen=True, slots=True)
class Step:
    """A step and until when it wants an answer, if it asks again."""

    step: str
    answer_by: date | None = None


def query_state(steps: Sequence[Step]) -> QueryState:
    """Return where a question stands after its steps, in their order."""
    last = steps[-1].step if steps else "ask_again"
    return {"answer": QueryState.ANSWERED, "close": QueryState.CLOSED, "ask_again": QueryState.ASKED}[last]


def answer_by(first: date, steps: Sequence[Step]) -> date:
    """Return until when an answer is wanted: what was asked last counts."""
    return next((each.answer_by for each in reversed(steps) if each.answer_by is not None), first)


def is_overdue(state: QueryState, wanted_by: date, today: date) -> bool:
    """Return whether an answer is late: the day itself is still in time."""
    return state is QueryState.ASKED and today > wanted_by


def may_step(state: QueryState, step: str) -> bool:
    """Return whether a question that stands so may go on by a step."""
    if step == "answer":
        return state is QueryState.ASKED
    return state is QueryState.ANSWERED if step == "ask_again" else state is not QueryState.CLOSED


def drawn(records: Iterable[UUID], *, seed: str, wanted: int) -> list[UUID]:
    """Return a simple random sample: the records in the order of a hash of seed and key, the first `wanted` of them.
    The same seed and records give the same sample in whatever order they come.
    """
    return sorted(records, key=lambda each: hashlib.sha256(f"{seed}/{each}".encode()).digest())[:wanted]


def agreement(comparisons: Sequence[Mapping[str, str]], fields: Sequence[str]) -> dict[str, tuple[int, int, int]]:
    """Return for each field how many agree with their source, of how many that have one, and how many have none."""
    found = {}
    for field in fields:
        words = [each[field] for each in comparisons if field in each]
        agree, differ = words.count("agrees"), words.count("differs")
        found[field] = (agree, agree + differ, words.count("no_source"))
    return found
