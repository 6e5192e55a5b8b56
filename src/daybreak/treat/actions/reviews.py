"""Ask for a decision about a course before its next order, and decide."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from daybreak.identity.public import seal_text
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, record_one
from daybreak.treat.actions.plan import NoSuchCourse
from daybreak.treat.actions.steps import demand, wait_for
from daybreak.treat.models import DECISIONS, CourseDecision, ReviewAsked
from daybreak.treat.queries.reviews import open_reviews
from daybreak.treat.queries.sessions import course_of_key


class NotADecision(Refusal):
    """A decision about a course that cannot be kept, and why."""


def ask_review(
    scope: Scope,
    *,
    key: UUID,
    course: UUID,
    because: str,
    rule: str,
    definition: str,
    version: int,
    fingerprint: str,
    at: datetime,
    session: UUID | None = None,
    advised: str = "",
) -> ReviewAsked:
    """Ask for a decision about a course before the order of `session`, or of any; raise NoSuchCourse.

    The same `key` again is the same question. `because` is made of fixed words.
    """
    row = course_of_key(scope, course)
    if row is None:
        raise NoSuchCourse("There is no such course at this site.")
    return ReviewAsked.objects.filter(site=scope.site, key=key).first() or record_one(
        ReviewAsked(
            site=scope.site,
            key=key,
            patient_key=row.patient_key,
            course_key=course,
            session_key=session,
            rule=rule,
            because=because,
            advised=advised,
            definition=definition,
            version=version,
            fingerprint=fingerprint,
            asked_at=at,
        )
    )


@one_step()
def decide_course(
    scope: Scope,
    *,
    key: UUID,
    course: UUID,
    decision: str,
    reason: str,
    at: datetime,
    about: Sequence[UUID] = (),
    interval_days: int | None = None,
    advised: str = "",
) -> CourseDecision:
    """Decide, as the scope's actor, how a course goes on: continue, space_out, taper or stop, with a reason.

    `about` are the open reviews that the clinician read; one that came meanwhile stays open. Raises NotADecision,
    NoSuchCourse, NotYourPart.
    """
    wait_for(f"treat course {scope.site} {course}")
    row = course_of_key(scope, course)
    if row is None:
        raise NoSuchCourse("There is no such course at this site.")
    signer = demand(scope, Permission.ORDER, at=at)
    if CourseDecision.objects.filter(site=scope.site, key=key).exists():
        return CourseDecision.objects.get(site=scope.site, key=key)
    _check(decision, reason, interval_days)
    opened = {each.key for each in open_reviews(scope, [course])}
    if strangers := [each for each in about if each not in opened]:
        raise NotADecision(f"{len(strangers)} of the questions were decided meanwhile. Read the page again.")
    return record_one(
        CourseDecision(
            site=scope.site,
            key=key,
            patient_key=row.patient_key,
            course_key=course,
            decision=decision,
            advised=advised,
            interval_days=interval_days,
            reason=seal_text(scope, row.patient_key, reason.strip(), fact=key),
            about=[str(each) for each in about],
            decided_by=signer,
            decided_at=at,
        )
    )


def _check(decision: str, reason: str, interval_days: int | None) -> None:
    if decision not in DECISIONS:
        raise NotADecision("Choose how the course goes on: continue, space out, taper or stop.")
    if not reason.strip():
        raise NotADecision("Write the reason: each continuation is a decision with one.")
    if interval_days is not None and not 0 < interval_days <= 365:
        raise NotADecision("The interval is a number of days between 1 and 365.")
    if decision == "stop" and interval_days is not None:
        raise NotADecision("A course that stops has no next interval. Leave the days empty.")
