"""Tests of the laboratory that a long course asks for: when they were last looked at, and from when they are due."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from daybreak.kernel.scope import Scope
from daybreak.measure.public import LabResult, lab_results_of_each, library
from daybreak.rulebook.public import LabCheck, Protocol
from daybreak.treat.public import Course, courses, courses_under, sessions_of_each


@dataclass(frozen=True, slots=True)
class LabState:
    """A check as it stands: the results of its tests, oldest first; when all of them were last there; and from when
    they are due (None: not before another session).
    """

    check: LabCheck
    results: tuple[LabResult, ...]
    last: datetime | None
    due_from: datetime | None

    def is_due(self, at: datetime) -> bool:
        """Return whether the tests are to be looked at now."""
        return self.due_from is not None and self.due_from <= at


def laboratory(scope: Scope, patient: UUID, *, at: datetime) -> list[LabState]:
    """Return what the patient's latest course asks of the laboratory, as it was known at `at`."""
    return _states(scope, courses(scope, patient)[-1:], at).get(patient, [])


def laboratory_due(scope: Scope, *, at: datetime) -> dict[UUID, list[LabState]]:
    """Return the checks of the laboratory that are due now, by patient, in a fixed number of queries."""
    asking = {each.id for each in library().every("protocols") if isinstance(each, Protocol) and _checks(each)}
    latest = {course.patient_key: course for course in courses_under(scope, asking)} if asking else {}
    found = _states(scope, list(latest.values()), at)
    due = {patient: [each for each in states if each.is_due(at)] for patient, states in found.items()}
    return {patient: states for patient, states in due.items() if states}


def _checks(protocol: Protocol) -> tuple[LabCheck, ...]:
    continuation = library().continuation_of(protocol.id)
    every = continuation.laboratory if continuation else ()
    return tuple(each for each in every if protocol.dose.route in each.routes)


def _states(scope: Scope, of: Sequence[Course], at: datetime) -> dict[UUID, list[LabState]]:
    checks = {each: _checks(library().protocol(each.protocol, each.protocol_version)) for each in of}
    asked = {course: found for course, found in checks.items() if found}
    if not asked:
        return {}
    patients = [course.patient_key for course in asked]
    tests = {test for found in asked.values() for check in found for test in check.tests}
    results: dict[UUID, list[LabResult]] = defaultdict(list)
    for row in lab_results_of_each(scope, patients, tests=tests):
        if row.collected_at <= at:
            results[row.patient_key].append(row)
    sessions = sessions_of_each(scope, patients)
    given = {who: [s.started_at for s in rows if s.started_at and s.started_at <= at] for who, rows in sessions.items()}
    return {
        course.patient_key: [
            _state(check, course, given[course.patient_key], results[course.patient_key]) for check in found
        ]
        for course, found in asked.items()
    }


def _state(check: LabCheck, course: Course, given: Sequence[datetime], results: Iterable[LabResult]) -> LabState:
    theirs = tuple(row for row in results if row.test in check.tests)
    newest = {row.test: row.collected_at for row in theirs}
    last = min(newest.values()) if len(newest) == len(check.tests) else None
    return LabState(check, theirs, last, check.due_from(opened_at=course.opened_at, last=last, sessions=given))
