"""Plan: open a course under a protocol, plan its sessions, move one, cancel one."""

from datetime import datetime
from uuid import UUID

from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import announce, one_step, record_one
from daybreak.people.public import demand_living
from daybreak.treat.actions.places import hold, note_move, release
from daybreak.treat.actions.steps import held, take, wait_for
from daybreak.treat.models import Chair, Course, Move, Session, SessionStep
from daybreak.treat.queries.answers import today
from daybreak.treat.queries.places import chair_named
from daybreak.treat.queries.protocols import protocol_named, protocol_of
from daybreak.treat.queries.sessions import course_of_key as course_of
from daybreak.treat.rules.calendar import Period, length_of
from daybreak.treat.rules.steps import MOVED_BECAUSE, NotNow, State, Step, in_words


class NoSuchCourse(Refusal):
    """There is no course of that key at the site."""


class NoChair(Refusal):
    """A session without a chair, or in one that the site does not have."""


def open_course(scope: Scope, *, key: UUID, patient: UUID, protocol: str, at: datetime) -> Course:
    """Open a course under the active version of a protocol; raise UnknownDefinition, PatientDied."""
    demand_living(scope, patient, on=today(scope, at))
    known = course_of(scope, key)
    rules = protocol_named(protocol)
    return record_one(
        Course(
            site=scope.site,
            key=key,
            patient_key=patient,
            protocol=rules.id,
            protocol_version=known.protocol_version if known else rules.version,
            fingerprint=known.fingerprint if known else rules.fingerprint,
            opened_at=at,
        )
    )


@one_step()
def plan_session(scope: Scope, *, key: UUID, course: UUID, planned_for: datetime, chair: str, at: datetime) -> Session:
    """Plan the next session of a course in a chair, by its name; raise NoSuchCourse, NoChair, ChairTaken, PatientDied.

    The chair is held for the set-up, the dose and the shortest observation of the protocol. `at` is the moment of
    planning; the plan itself may lie before it, for what is entered afterwards.
    """
    wait_for(f"treat course {scope.site} {course}")
    row = course_of(scope, course)
    if row is None:
        raise NoSuchCourse("There is no such course at this site.")
    demand_living(scope, row.patient_key, on=today(scope, planned_for))
    if before := Session.objects.filter(site=scope.site, key=key).first():
        return _as_it_was(before, course=course, planned_for=planned_for, chair=chair)
    numbers = Session.objects.filter(site=scope.site, course_key=course).values_list("number", flat=True)
    place = _chair(scope, chair)
    session = record_one(
        Session(
            site=scope.site,
            key=key,
            patient_key=row.patient_key,
            course_key=course,
            number=max(numbers, default=0) + 1,
            planned_for=planned_for,
            planned_until=planned_for + length_of(protocol_of(row), set_up_minutes=place.set_up_minutes),
            chair=place.name,
            chair_key=place.chair_key,
        )
    )
    hold(scope, session, place, Period(planned_for, session.planned_until))
    announce("session planned", site=scope.site, key=key, at=at)
    return session


def move_session(
    scope: Scope, *, key: UUID, session: UUID, planned_for: datetime, chair: str, reason: str, at: datetime
) -> Move:
    """Put a session to another time or chair before anything was done in it; its plan so far stays in its history.

    Raises NotNow, NoChair, ChairTaken, PatientDied.
    """
    with held(scope, session) as now:
        place = _chair(scope, chair)
        period = Period(planned_for, planned_for + length_of(now.protocol, set_up_minutes=place.set_up_minutes))
        if not Move.objects.filter(site=scope.site, key=key).exists():
            if now.state is not State.PLANNED:
                raise NotNow(f"The session is {in_words(now.state)}, so it cannot be moved.")
            if reason not in MOVED_BECAUSE:
                raise NotNow(f"Say why: {', '.join(in_words(each) for each in MOVED_BECAUSE)}.")
            demand_living(scope, now.session.patient_key, on=today(scope, planned_for))
            hold(scope, now.session, place, period)
            announce("session planned", site=scope.site, key=session, at=at)
        return note_move(scope, now.session, key=key, chair=place, period=period, reason=reason, at=at)


def _chair(scope: Scope, name: str) -> Chair:
    found = chair_named(scope, name)
    if found is None:
        raise NoChair("There is no such chair at this site. The site lead sets chairs up.")
    return found


def _as_it_was(before: Session, *, course: UUID, planned_for: datetime, chair: str) -> Session:
    """Answer a retry: the same fact, whatever became of the chair's name and minutes since. Other content goes to the
    tray.
    """
    told = Session(
        site=before.site, key=before.key, patient_key=before.patient_key, course_key=course, number=before.number,
        planned_for=planned_for, planned_until=before.planned_until, chair_key=before.chair_key,
        chair=before.chair if before.chair.casefold() == " ".join(chair.split()).casefold() else chair[:30],
    )  # fmt: skip
    return record_one(told)


def cancel_session(scope: Scope, *, key: UUID, session: UUID, reason: str, at: datetime, note: str = "") -> SessionStep:
    """Cancel a session that has not started, and free its chair; raise NotNow."""
    with held(scope, session) as now:
        step = take(scope, now, key=key, step=Step.CANCELLED, at=at, reason=reason, note=note)
        release(scope, session)
        announce("session cancelled", site=scope.site, key=session, at=at)
        return step
