"""What is asked to be decided about a course, and what was decided."""

from collections.abc import Iterable
from uuid import UUID

from daybreak.kernel.scope import Scope
from daybreak.ledger.public import standing
from daybreak.treat.models import CourseDecision, ReviewAsked
from daybreak.treat.rules.reviews import to_decide


def reviews_asked(scope: Scope, course: UUID) -> list[ReviewAsked]:
    """Return every review that was asked for of a course, oldest first."""
    return list(standing(ReviewAsked).filter(site=scope.site, course_key=course).order_by("asked_at", "key"))


def course_decisions(scope: Scope, course: UUID) -> list[CourseDecision]:
    """Return what was decided about a course, oldest first."""
    return list(standing(CourseDecision).filter(site=scope.site, course_key=course).order_by("decided_at", "key"))


def open_reviews(scope: Scope, courses: Iterable[UUID]) -> list[ReviewAsked]:
    """Return the reviews of these courses that nobody has decided on, oldest first."""
    of_these = {"site": scope.site, "course_key__in": list(courses)}
    asked = list(standing(ReviewAsked).filter(**of_these).order_by("asked_at", "key"))
    about = standing(CourseDecision).filter(**of_these).values_list("about", flat=True) if asked else []
    decided = {UUID(key) for keys in about for key in keys}
    return [each for each in asked if each.key not in decided]


def undecided(scope: Scope, course: UUID, session: UUID) -> tuple[str, ...]:
    """Return why a decision about the course is needed before a session's order; empty where none is."""
    asked = [(each.because, each.session_key) for each in open_reviews(scope, [course])]
    last = next(reversed(course_decisions(scope, course)), None)
    return to_decide(asked, session=session, last_decision=last.decision if last else None)
