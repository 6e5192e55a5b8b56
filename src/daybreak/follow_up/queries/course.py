"""How courses have gone, by the rulebook's one function of outcomes."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from daybreak.kernel.scope import Scope
from daybreak.kernel.truth import Truth
from daybreak.measure.public import Score, library, scores_of_each
from daybreak.rulebook.public import CourseSoFar, DatedScore, Measure, Outcome
from daybreak.rulebook.public import course_so_far as so_far
from daybreak.treat.public import SessionSummary, sessions_of_each


def course_so_far(scope: Scope, patient: UUID, *, at: datetime, instrument: str | None = None) -> CourseSoFar | None:
    """Return how an instrument has gone (the main one of follow-up, unless one is named), or None where none was
    taken.
    """
    return courses_so_far(scope, [patient], at=at, instrument=instrument).get(patient)


def courses_so_far(
    scope: Scope, patients: Collection[UUID], *, at: datetime, instrument: str | None = None
) -> dict[UUID, CourseSoFar]:
    """Return how an instrument has gone for each of the patients who answered it, in a fixed number of queries."""
    measures = library().outcome_measures(instrument)
    if not measures:
        return {}
    taken = scores_of_each(scope, patients, instrument=measures[0].instrument)
    sessions = sessions_of_each(scope, list(taken))
    found = {patient: _told_if_taken(measures, rows, sessions[patient], at=at) for patient, rows in taken.items()}
    return {patient: course for patient, course in found.items() if course is not None}


def course_with(scope: Scope, patient: UUID, sessions: Iterable[SessionSummary], *, at: datetime) -> CourseSoFar | None:
    """Return what `course_so_far` does of the main instrument, where the patient's sessions have been read already."""
    measures = library().outcome_measures()
    taken = scores_of_each(scope, [patient], instrument=measures[0].instrument) if measures else {}
    return _told_if_taken(measures, taken.get(patient, []), sessions, at=at)


def worsened(scope: Scope, patient: UUID, *, instrument: str, at: datetime) -> list[tuple[Measure, Outcome]]:
    """Return the measures of an instrument that ask for a review and say “worse now”, each with why."""
    asking = [each for each in library().outcome_measures(instrument) if each.rule.asks_review]
    taken = scores_of_each(scope, [patient], instrument=instrument).get(patient, []) if asking else []
    sessions = sessions_of_each(scope, [patient])[patient] if taken else []
    found = [(measure, told([measure], taken, sessions, at=at).worsening) for measure in asking]
    return [(measure, outcome) for measure, outcome in found if outcome is not None and outcome.truth is Truth.MET]


def _told_if_taken(
    measures: Sequence[Measure], taken: Sequence[Score], sessions: Iterable[SessionSummary], *, at: datetime
) -> CourseSoFar | None:
    return told(measures, taken, sessions, at=at) if measures and dated(taken, measures[0].score) else None


def told(
    measures: Iterable[Measure], taken: Iterable[Score], sessions: Iterable[SessionSummary], *, at: datetime
) -> CourseSoFar:
    """Return how one score has gone, from the rows of one patient."""
    measures = tuple(measures)
    begun = [session.started_at for session in sessions if session.started_at is not None]
    return so_far(measures, scores=dated(taken, measures[0].score), sessions=begun, at=at)


def dated(taken: Iterable[Score], name: str) -> list[DatedScore]:
    """Return the scores of one name as the rules see them."""
    return [DatedScore(value=_plain(row.value), at=row.answered_at) for row in taken if row.name == name]


def _plain(value: Decimal) -> Decimal:
    """Return the same number as it is read: the column's decimal places are not the score's."""
    return value.to_integral_value() if value == value.to_integral_value() else value
