"""What the desk reads: rooms' doors, put together for one patient or one site."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from daybreak.consent.public import consents_of
from daybreak.desk.rules import Stage
from daybreak.follow_up.public import OpenTask, open_tasks
from daybreak.identity.public import Person, find, persons
from daybreak.kernel.scope import Scope
from daybreak.people.public import patients
from daybreak.screen.public import decision_of, referred_to
from daybreak.treat.public import SessionSummary, courses, sessions_of

OVER = ("discharged", "cancelled")


@dataclass(frozen=True, slots=True)
class PatientRow:
    """One patient in the list."""

    key: UUID
    who: Person
    stage: Stage
    registered_at: datetime
    last_session: SessionSummary | None


def stage_of(scope: Scope, patient: UUID, *, at: datetime, tasks: list[OpenTask], held: list[SessionSummary]) -> Stage:
    """Return how far the patient has come."""
    decision = decision_of(scope, patient)
    consents = consents_of(scope, patient, at=at)
    current = open_session(held)
    return Stage(
        referred=referred_to(scope, patient=patient) is not None,
        decision=_decided(decision),
        treatment_consent=consents["treatment"].current,
        registry_consent=consents["registry"].current,
        open_course=bool(courses(scope, patient)),
        session_state=str(current.state) if current else None,
        needs_help=any(task.task.patient_key == patient and task.task.priority == "high" for task in tasks),
    )


def open_session(held: list[SessionSummary]) -> SessionSummary | None:
    """Return the first session that is planned or under way."""
    return next((s for s in held if str(s.state) not in OVER), None)


def rows(scope: Scope, *, text: str, at: datetime) -> list[PatientRow]:
    """Return the site's patients, newest first; with `text` only those whose names or numbers hold its words."""
    found = list(patients(scope).filter(key__in=find(scope, text, at=at)) if text.strip() else patients(scope))
    names = persons(scope, [p.key for p in found], at=at)
    tasks = open_tasks(scope)
    return [_row(scope, patient, names[patient.key], tasks, at) for patient in found]


def _row(scope: Scope, patient, who: Person, tasks: list[OpenTask], at: datetime) -> PatientRow:
    held = sessions_of(scope, patient.key)
    given = [s for s in held if s.started_at]
    return PatientRow(
        key=patient.key,
        who=who,
        stage=stage_of(scope, patient.key, at=at, tasks=tasks, held=held),
        registered_at=patient.registered_at,
        last_session=given[-1] if given else None,
    )


def _decided(decision) -> str | None:
    if decision is None or decision.decision == "postpone" or decision.waits_for_second:
        return None
    return "accepted" if decision.accepted else decision.decision
