"""Does somebody have to decide about the course before this order?"""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from daybreak.treat.rules.blockers import Blocker

STOPPED = "The last decision about this course was to stop."


def to_decide(asked: Iterable[tuple[str, UUID | None]], *, session: UUID, last_decision: str | None) -> tuple[str, ...]:
    """Return why a decision is needed before a session's order: what was asked for it or for any session and is open,
    and a course that was decided to stop.
    """
    why = [because for because, of_session in asked if of_session in (None, session)]
    return (*dict.fromkeys(why), *((STOPPED,) if last_decision == "stop" else ()))


def course_in_the_way(why: Sequence[str]) -> Iterator[Blocker]:
    """Yield what keeps the next dose of a course from being given until somebody has decided."""
    for each in why:
        yield Blocker(
            "Nobody has decided how this course goes on.",
            each,
            ("clinician",),
            "Read the course so far in Follow up, and decide there.",
        )
