"""Ask treat for a decision before the next order: where the advice says so, and where a long-term check got worse."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from daybreak.follow_up.actions.invitations import around, keep_schedule
from daybreak.follow_up.queries.course import worsened
from daybreak.follow_up.queries.interval import ahead_of
from daybreak.kernel.keys import key_from
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step
from daybreak.treat.public import Course, ReviewAsked, SessionSummary, ask_review, courses


@one_step()
def keep_up(scope: Scope, *, session: UUID, at: datetime) -> None:
    """Bring the invitations of a session's course in line with its protocol, and ask for a decision before its next
    session where one is needed. Doing it again changes nothing.
    """
    course, sessions = around(scope, session)
    keep_schedule(scope, course, sessions, at=at)
    ask_before_next(scope, course=course, sessions=sessions, at=at)


def ask_before_next(
    scope: Scope, *, course: Course, sessions: Sequence[SessionSummary], at: datetime
) -> ReviewAsked | None:
    """Ask for a decision before the next planned session of a course, where the advice about it says that a person
    decides. Once for each session, whatever is heard how often. `sessions` are all of the patient.
    """
    found = ahead_of(scope, course, sessions, at=at)
    if found.advice is None or found.upcoming is None or not found.advice.rule.decide:
        return None
    rule, definition = found.advice.rule, found.advice.definition
    return ask_review(
        scope,
        key=key_from("next interval", scope.site, str(found.upcoming.key)),
        course=course.key,
        session=found.upcoming.key,
        because=f"{rule.title}.",
        rule=rule.id,
        advised=rule.advise,
        definition=definition.id,
        version=definition.version,
        fingerprint=definition.fingerprint,
        at=at,
    )


@one_step()
def ask_where_worse(scope: Scope, *, patient: UUID, instrument: str, of: UUID, at: datetime) -> list[ReviewAsked]:
    """Ask for a decision before the next order of the patient's latest course, for each measure of an instrument that
    asks for one and says “worse”. `of` is the set of answers, or the total, that was just recorded: it asks once.
    """
    latest = next(reversed(courses(scope, patient)), None)
    if latest is None:
        return []
    return [
        ask_review(
            scope,
            key=key_from("worse", scope.site, str(of), measure.id),
            course=latest.key,
            because=f"{measure.title}. {outcome.reason}"[:400],
            rule=measure.rule.kind,
            definition=measure.id,
            version=measure.version,
            fingerprint=measure.fingerprint,
            at=at,
        )
        for measure, outcome in worsened(scope, patient, instrument=instrument, at=at)
    ]
