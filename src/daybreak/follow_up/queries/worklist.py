"""The coordinator's work list: one row for each patient who is late, due, worse or was not reached."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from daybreak.follow_up.models import Attempt
from daybreak.follow_up.queries.course import courses_so_far
from daybreak.follow_up.queries.invitations import Asked, Due, asking_at, due, of_patients, recently_answered
from daybreak.follow_up.queries.laboratory import LabState, laboratory_due
from daybreak.follow_up.queries.observation import attempts_of_each, ended_of_each
from daybreak.follow_up.rules.observation import missed_in_a_row
from daybreak.kernel.scope import Scope
from daybreak.rulebook.public import TASK_SET, CourseSoFar

WORSE_WITHIN = timedelta(days=30)
LATE, DUE, WORSE, NOT_REACHED = "late", "due", "worse", "not_reached"
KINDS = (LATE, DUE, WORSE, NOT_REACHED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A patient on the work list: why, what they are asked, which tests of the laboratory are due, how many in a row
    they missed, the tries to reach them.
    """

    patient: UUID
    kinds: frozenset[str]
    due: tuple[Due, ...]
    laboratory: tuple[LabState, ...]
    missed: int
    worse: CourseSoFar | None
    tries: tuple[Attempt, ...]


def work_list(scope: Scope, *, at: datetime) -> list[Waiting]:
    """Return who is late, due, worse or not reached, in the order of doing: worse, not reached, late, due; within
    these the longest waiting first. Who has died, moved away, withdrawn or is lost is not on it.
    """
    asked: dict[UUID, list[Due]] = defaultdict(list)
    for each in due(scope, at=at):
        asked[each.invitation.patient_key].append(each)
    recent = recently_answered(scope, since=at - WORSE_WITHIN)
    courses = courses_so_far(scope, recent, at=at)
    worse = {patient: course for patient, course in courses.items() if course.is_worse}
    laboratory = laboratory_due(scope, at=at)
    patients = {*asked, *worse, *laboratory}
    over, tries = ended_of_each(scope, patients), attempts_of_each(scope, patients)
    missed = _missed(scope, patients, at)
    asking = asking_at()
    limit = asking.not_reached_after if asking else None
    rows = [
        Waiting(
            patient,
            _kinds(asked[patient], patient in worse, limit is not None and missed[patient] >= limit)
            | ({DUE} if patient in laboratory else set()),
            tuple(asked[patient]),
            tuple(laboratory.get(patient, ())),
            missed[patient],
            worse.get(patient),
            tuple(tries.get(patient, ())),
        )
        for patient in patients - set(over)
    ]
    return sorted(rows, key=_order)


def _kinds(asked: Iterable[Due], is_worse: bool, not_reached: bool) -> frozenset[str]:
    late = {LATE if each.is_late else DUE for each in asked}
    return frozenset(late | ({WORSE} if is_worse else set()) | ({NOT_REACHED} if not_reached else set()))


def _order(row: Waiting) -> tuple[int, str, str]:
    place = next(n for n, kind in enumerate((WORSE, NOT_REACHED, LATE, DUE)) if kind in row.kinds)
    since = [
        *(each.invitation.due_at for each in row.due),
        *(each.due_from for each in row.laboratory if each.due_from),
    ]
    first = min((each.isoformat() for each in since), default="")
    return place, first, str(row.patient)


def _missed(scope: Scope, patients: Collection[UUID], at: datetime) -> dict[UUID, int]:
    """Count what was missed in a row; the tasks of cognition may be left out, and say nothing of who is reached."""
    by_patient: dict[UUID, list[Asked]] = defaultdict(list)
    for each in of_patients(scope, patients):
        if each.invitation.instrument != TASK_SET:
            by_patient[each.invitation.patient_key].append(each)
    return {patient: missed_in_a_row([each.state(at) for each in by_patient[patient]]) for patient in patients}
