"""What is advised about the next interval of a patient's course, and what was decided so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from daybreak.follow_up.queries.course import course_with
from daybreak.follow_up.rules.interval import Advice, advice_for
from daybreak.identity.public import open_text
from daybreak.kernel.scope import Scope
from daybreak.measure.public import library
from daybreak.people.public import site_named
from daybreak.rulebook.public import CourseSoFar
from daybreak.treat.public import (
    Course,
    CourseDecision,
    ReviewAsked,
    SessionSummary,
    State,
    course_decisions,
    course_of_key,
    courses,
    open_reviews,
    sessions_of,
)


@dataclass(frozen=True, slots=True)
class NextInterval:
    """A course with its sessions, how the main instrument has gone, the next session that is planned, the advice (None
    where no definition speaks of its protocol), what is asked to be decided, and what was decided.
    """

    course: Course
    given: tuple[SessionSummary, ...]
    upcoming: SessionSummary | None
    so_far: CourseSoFar | None
    advice: Advice | None
    asked: tuple[ReviewAsked, ...]
    decisions: tuple[CourseDecision, ...]


@dataclass(frozen=True, slots=True)
class Ahead:
    """A course before its next session: what was given, what is planned next, how it has gone, what is advised."""

    given: tuple[SessionSummary, ...]
    upcoming: SessionSummary | None
    so_far: CourseSoFar | None
    advice: Advice | None


def next_interval(scope: Scope, patient: UUID, *, at: datetime) -> NextInterval | None:
    """Return the next interval of the patient's latest course, or None where there is no course."""
    latest = next(reversed(courses(scope, patient)), None)
    return next_interval_of(scope, latest.key, at=at) if latest else None


def next_interval_of(scope: Scope, course: UUID, *, at: datetime) -> NextInterval | None:
    """Return the next interval of a course, or None where the site has no such course.

    The advice is about the next session that is planned, else about one today.
    """
    row = course_of_key(scope, course)
    if row is None:
        return None
    now = ahead_of(scope, row, sessions_of(scope, row.patient_key), at=at)
    asked, decisions = tuple(open_reviews(scope, [course])), tuple(course_decisions(scope, course))
    return NextInterval(row, now.given, now.upcoming, now.so_far, now.advice, asked, decisions)


def ahead_of(scope: Scope, course: Course, sessions: Sequence[SessionSummary], *, at: datetime) -> Ahead:
    """Return where a course stands before its next session, from all sessions of its patient."""
    of_course = [each for each in sessions if each.course_key == course.key]
    given = tuple(each for each in of_course if each.started_at is not None and each.started_at <= at)
    waiting = [each for each in of_course if each.started_at is None and each.state != State.CANCELLED]
    upcoming = min((each for each in waiting if each.planned_for > at), key=_planned, default=None)
    so_far = course_with(scope, course.patient_key, sessions, at=at)
    place, continuation = site_named(scope.site), library().continuation_of(course.protocol)
    advice = None
    if continuation is not None and given:
        advice = advice_for(
            continuation,
            given=[each.started_at for each in given],
            next_at=upcoming.planned_for if upcoming else at,
            so_far=so_far,
            zone=place.time_zone if place else "UTC",
        )
    return Ahead(given, upcoming, so_far, advice)


def _planned(session: SessionSummary) -> datetime:
    return session.planned_for


def reason_of(scope: Scope, decision: CourseDecision) -> str:
    """Return the words of a decision's reason."""
    return open_text(scope, decision.patient_key, decision.reason)
