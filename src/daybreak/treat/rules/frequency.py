"""What a protocol's schedule and its limits of frequency say of a moment that is planned: the rules of the start, asked
earlier.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from daybreak.kernel.truth import Truth
from daybreak.rulebook.public import (
    SESSIONS,
    Answer,
    Fact,
    Phase,
    Protocol,
    day_of_course,
    evaluate,
    phase_on,
)


@dataclass(frozen=True, slots=True)
class Spacing:
    """Where a planned session stands in its course: its day (1 is the first session's), the phase of the schedule, the
    days since the session before it, and every limit of frequency that it would not keep.
    """

    day: int
    phase: Phase | None
    days_since: int | None
    limits: tuple[Answer, ...]


def spacing(protocol: Protocol, earlier: Iterable[datetime], *, at: datetime) -> Spacing:
    """Return the spacing of a session at `at`, in the site's time, after those that were given or are planned before.

    Only what sessions alone decide is asked; everything else waits for the day itself.
    """
    moments = sorted(each.astimezone(at.tzinfo) for each in earlier if each < at)
    given = Fact(tuple(each.isoformat() for each in moments), at=moments[-1] if moments else None, source="plan")
    verdict = evaluate(protocol, "before_each_dose", {SESSIONS: given}, at=at)
    limits = _of_sessions_alone(protocol)
    day = day_of_course(given, at)
    return Spacing(
        day=day,
        phase=phase_on(protocol, day),
        days_since=(at.date() - moments[-1].date()).days if moments else None,
        limits=tuple(each for each in verdict.criteria if each.id in limits and each.truth is not Truth.MET),
    )


def spacings(protocol: Protocol, sessions: Sequence[datetime]) -> list[Spacing]:
    """Return the spacing of each of `sessions` after the ones before it."""
    return [spacing(protocol, sessions[:place], at=at) for place, at in enumerate(sessions)]


def _of_sessions_alone(protocol: Protocol) -> set[str]:
    return {
        each.id for each in protocol.criteria("before_each_dose") if {gate.ask for gate in each.gates} == {SESSIONS}
    }
