"""Plan: open a course under a protocol, plan its sessions, cancel one."""

from datetime import datetime
from uuid import UUID

from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import announce, one_step, record_one
from daybreak.people.public import deaths
from daybreak.treat.actions.steps import held, take, wait_for
from daybreak.treat.models import Course, Session, SessionStep
from daybreak.treat.queries.answers import today
from daybreak.treat.queries.protocols import protocol_named
from daybreak.treat.queries.sessions import course_of_key as course_of
from daybreak.treat.rules.steps import Step


class NoSuchCourse(Refusal):
    """There is no course of that key at the site."""


class PatientDied(Refusal):
    """Something was to be planned for a patient who is recorded as deceased."""


class NoChair(Refusal):
    """A session without a chair."""


def open_course(scope: Scope, *, key: UUID, patient: UUID, protocol: str, at: datetime) -> Course:
    """Open a course under the active version of a protocol; raise UnknownDefinition, PatientDied."""
    _demand_living(scope, patient, on=at)
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
    """Plan the next session of a course in a chair (“chair 1”); raise NoSuchCourse, NoChair, PatientDied.

    `at` is the moment of planning; the plan itself may lie before it, for what is entered afterwards.
    """
    chair = " ".join(chair.split())
    if not 1 <= len(chair) <= 30:
        raise NoChair("Name the chair, in 30 letters or fewer.")
    wait_for(f"treat course {scope.site} {course}")
    row = course_of(scope, course)
    if row is None:
        raise NoSuchCourse("There is no such course at this site.")
    _demand_living(scope, row.patient_key, on=planned_for)
    numbers = dict(Session.objects.filter(site=scope.site, course_key=course).values_list("key", "number"))
    if key not in numbers:
        announce("session planned", site=scope.site, key=key, at=at)
    return record_one(
        Session(
            site=scope.site,
            key=key,
            patient_key=row.patient_key,
            course_key=course,
            number=numbers.get(key, max(numbers.values(), default=0) + 1),
            planned_for=planned_for,
            chair=chair,
        )
    )


def _demand_living(scope: Scope, patient: UUID, *, on: datetime) -> None:
    """Raise PatientDied for what lies after a death; what was before it may still be entered."""
    death = deaths(scope, [patient]).get(patient)
    if death and not (death.died_on and today(scope, on) <= death.died_on):
        raise PatientDied("This patient is recorded as deceased. Nothing can be planned for them.")


def cancel_session(scope: Scope, *, key: UUID, session: UUID, reason: str, at: datetime, note: str = "") -> SessionStep:
    """Cancel a session that has not started; raise NotNow."""
    with held(scope, session) as now:
        return take(scope, now, key=key, step=Step.CANCELLED, at=at, reason=reason, note=note)
