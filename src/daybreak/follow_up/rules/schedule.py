"""What the protocol asks for around its sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from daybreak.rulebook.public import FollowUp, Planned, planned_by


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


def wanted(
    rules: Sequence[FollowUp], *, given: Sequence[SessionGiven], upcoming: Sequence[SessionGiven], at: datetime
) -> list[Wanted]:
    """Return what rules of follow-up ask for and can still be answered at `at`, each due item once.

    What comes after a session hangs on sessions that were given; what comes before one, on those that are planned.
    """
    before = planned_by([r for r in rules if r.anchor == "before_session"], [s.at for s in upcoming])
    after = planned_by([r for r in rules if r.anchor != "before_session"], [s.at for s in given])
    anchors, by_moment = {rule.id: rule.anchor for rule in rules}, {s.at: s for s in (*given, *upcoming)}
    found = [_wanted(p, by_moment[p.session], anchors[p.rule]) for p in (*before, *after) if p.closes_at > at]
    return sorted(found, key=lambda each: (each.plan.due_at, each.plan.rule))


def last_asking(
    after_hours: Sequence[int], *, opens_at: datetime, closes_at: datetime, at: datetime
) -> tuple[int, datetime] | None:
    """Return which asking is the latest by `at`, and its moment: 0 at the opening, then a reminder so many hours after
    it, all within the window. None before the opening.
    """
    moments = [opens_at, *(opens_at + timedelta(hours=hours) for hours in after_hours)]
    past = [(n, moment) for n, moment in enumerate(moments) if moment <= at and moment < closes_at]
    return past[-1] if past else None


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
