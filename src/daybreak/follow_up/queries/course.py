"""How a course has gone."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from daybreak.follow_up.rules.course import CourseSoFar, course_of
from daybreak.kernel.scope import Scope
from daybreak.measure.public import library, scores
from daybreak.rulebook.public import DatedScore, Measure
from daybreak.treat.public import sessions_of


def course_so_far(scope: Scope, patient: UUID, *, at: datetime, instrument: str | None = None) -> CourseSoFar | None:
    """Return how an instrument has gone (the first with a measure of response, unless one is named), or None
    where none was taken.

    One function for the patient's page, the work list and the register: the rules are the rulebook's, from
    the measures' definitions.
    """
    held = library()
    measures = [m for m in held.active("measures") if isinstance(m, Measure)]
    taken = scores(scope, patient=patient, instrument=instrument)
    for response in (m for m in measures if m.rule.kind == "response" and instrument in (None, m.instrument)):
        dated = [
            DatedScore(value=_plain(row.value), at=row.answered_at)
            for row in taken
            if (row.instrument, row.name) == (response.instrument, response.score)
        ]
        if dated:
            begun = [s.started_at for s in sessions_of(scope, patient) if s.started_at is not None]
            title = held.instrument(response.instrument).title
            return course_of(response.instrument, title=title, measures=measures, scores=dated, sessions=begun, at=at)
    return None


def _plain(value: Decimal) -> Decimal:
    """Return the same number as it is read: the column's decimal places are not the score's."""
    return value.to_integral_value() if value == value.to_integral_value() else value
