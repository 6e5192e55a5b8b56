"""What is asked to be decided about a course, and what was decided."""

from collections.abc import Iterable
from uuid import UUID

from daybreak.kernel.scope import Scope
from daybreak.ledger.public import Read, rows, together
from daybreak.treat.models import CourseDecision, ReviewAsked
from daybreak.treat.rules.reviews import to_decide


def reviews_asked(scope: Scope, course: UUID) -> list[ReviewAsked]:
    """Return every review that was asked for of a course, oldest first."""
    return rows(Read(ReviewAsked, {"site": scope.site, "course_key": course}, by=("asked_at", "key")))


def course_decisions(scope: Scope, course: UUID) -> list[CourseDecision]:
    """Return what was decided about a course, oldest first."""
    return rows(Read(CourseDecision, {"site": scope.site, "course_key": course}, by=("decided_at", "key")))


def open_reviews(scope: Scope, courses: Iterable[UUID]) -> list[ReviewAsked]:
    """Return the reviews of these courses that nobody has decided on, oldest first."""
    of_these = {"site": scope.site, "course_key": list(courses)}
    asked, decisions = together(
        Read(ReviewAsked, of_these, by=("asked_at", "key")),
        Read(CourseDecision, of_these),
    )
    decided = {UUID(key) for decision in decisions for key in decision.about}
    return [each for each in asked if each.key not in decided]


def undecided(scope: Scope, course: UUID, session: UUID) -> tuple[str, ...]:
    """Return why a decision about the course is needed before a session's order; empty where none is."""
    asked = [(each.because, each.session_key) for each in open_reviews(scope, [course])]
    last = next(reversed(course_decisions(scope, course)), None)
    return to_decide(asked, session=session, last_decision=last.decision if last else None)
