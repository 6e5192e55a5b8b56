"""Decisions of follow-up: what the schedule wants, in which state an invitation is, what calls for whom, how
the course stands.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from daybreak.rulebook.public import (
    Course,
    DatedScore,
    Measure,
    Outcome,
    Planned,
    Protocol,
    Relapse,
    baseline_of,
    first_observed_relapse,
    planned,
    reached,
)

# Answers that were kept on a phone without network are still taken this long after the window, and counted as
# late.
TAKEN_LATE_FOR = timedelta(days=7)
# An invitation by hand, and how soon somebody takes a task: the house's own habit, until a site's definition
# says otherwise.
BY_HAND_DUE, BY_HAND_CLOSES = timedelta(hours=24), timedelta(days=7)
TAKE_WITHIN = {"high": timedelta(minutes=30), "medium": timedelta(hours=8), "low": timedelta(days=3)}


@dataclass(frozen=True, slots=True)
class SessionGiven:
    """A session as the schedule sees it: its number in the course and the moment it started, or is planned
    to.
    """

    key: UUID
    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing that the schedule asks for, hanging on a session."""

    plan: Planned
    session: SessionGiven
    reason: str


class State(StrEnum):
    """Where an invitation stands at a moment."""

    NOT_YET = "not yet open"
    OPEN = "open"
    LATE = "late"
    ENDED = "ended"
    ANSWERED = "answered"
    CALLED_OFF = "called off"


@dataclass(frozen=True, slots=True)
class CourseSoFar:
    """How one instrument has gone since before the first session; every answer carries its reason, and none
    is guessed.
    """

    instrument: str
    title: str
    scores: tuple[DatedScore, ...]
    sessions: tuple[datetime, ...]
    baseline: DatedScore | None
    latest: DatedScore | None
    response: Outcome | None
    remission: Outcome | None
    relapse: Relapse | None

    @property
    def is_worse(self) -> bool:
        """Whether relapse was observed, or the latest score lies above the baseline."""
        if self.relapse is not None and self.relapse.course is Course.RELAPSED:
            return True
        return self.baseline is not None and self.latest is not None and self.latest.value > self.baseline.value


def hash_of(token: str) -> bytes:
    """Return what is stored of a link's secret."""
    return hashlib.sha256(token.encode()).digest()


def wanted(
    protocol: Protocol, *, given: Sequence[SessionGiven], upcoming: Sequence[SessionGiven], at: datetime
) -> list[Wanted]:
    """Return what the protocol's follow-up asks for and can still be answered at `at`.

    What comes after a session hangs on sessions that were given; what comes before one, on those that are
    planned.
    """
    anchors = {rule.id: rule.anchor for rule in protocol.follow_up}
    after = [p for p in planned(protocol, [s.at for s in given]) if anchors[p.rule] != "before_session"]
    before = [p for p in planned(protocol, [s.at for s in upcoming]) if anchors[p.rule] == "before_session"]
    by_moment = {s.at: s for s in (*given, *upcoming)}
    found = [_wanted(p, by_moment[p.session], anchors[p.rule]) for p in (*before, *after) if p.closes_at > at]
    return sorted(found, key=lambda each: (each.plan.due_at, each.plan.rule))


def _wanted(plan: Planned, session: SessionGiven, anchor: str) -> Wanted:
    if anchor == "before_session":
        return Wanted(plan, session, f"before session {session.number}")
    return Wanted(plan, session, f"{words_of(plan.due_at - plan.session)} after session {session.number}")


def words_of(span: timedelta) -> str:
    """Return a span in the words of a schedule: "24 hours", "7 days", "4 weeks"."""
    hours = round(span.total_seconds() / 3600)
    if hours % 24 or hours <= 48:
        return f"{hours} hours" if hours != 1 else "1 hour"
    if hours % 168 or hours <= 168:
        return f"{hours // 24} days"
    return f"{hours // 168} weeks"


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


def take_by(priority: str, raised_at: datetime) -> datetime:
    """Return the moment before which somebody takes a task of this priority."""
    return raised_at + TAKE_WITHIN[priority]


def course_of(
    instrument: str,
    *,
    title: str,
    measures: Iterable[Measure],
    scores: Sequence[DatedScore],
    sessions: Sequence[datetime],
    at: datetime,
) -> CourseSoFar:
    """Return baseline, latest score, and response, remission and relapse at the latest score, as they were
    known at `at`.

    Before the first session there is no outcome: the last score is then the baseline to be.
    """
    known = tuple(sorted((s for s in scores if s.at <= at), key=lambda s: s.at))
    begun = tuple(sorted(s for s in sessions if s <= at))
    by_kind = {m.rule.kind: m for m in measures if m.instrument == instrument}
    any_measure = next(iter(by_kind.values()), None)
    baseline = None
    if any_measure is not None:
        baseline = baseline_of(any_measure, known, first_session_at=begun[0] if begun else at)
    later = tuple(s for s in known if begun and s.at > begun[0])
    latest = later[-1] if later else None

    def outcome(kind: str) -> Outcome | None:
        return reached(by_kind[kind], baseline=baseline, score=latest) if begun and kind in by_kind else None

    relapse = None
    if begun and "first_observed_relapse" in by_kind:
        relapse = first_observed_relapse(
            by_kind["first_observed_relapse"], baseline=baseline, scores=later, sessions=begun
        )
    return CourseSoFar(
        instrument, title, known, begun, baseline, latest, outcome("response"), outcome("remission"), relapse
    )
