"""How calls are passed on at a site, and whether a score calls for someone."""

from datetime import datetime
from uuid import UUID

from daybreak.kernel.scope import Scope
from daybreak.measure.public import Score, library
from daybreak.measure.public import scores as scores_of
from daybreak.rulebook.public import DatedScore, Result, Safety, SharpWorsening, sharp_worsening

HOUSE = "house"


def safety_at(site: str) -> Safety:
    """Return how calls are passed on at a site: its own definition, named like the site, else the shared one."""
    held = library()
    own = {each.id for each in held.active("safety")}
    return held.safety(site if site in own else HOUSE)


def worsening_in(scope: Scope, result: Result, *, patient: UUID, answers: UUID, at: datetime) -> SharpWorsening | None:
    """Return the rule by which these answers show a sharp worsening against the patient's last score, or None.

    `answers` is the key of the set itself, whose own stored score is not an earlier one.
    """
    safety = safety_at(scope.site)
    rule = next((each for each in safety.worsening if each.instrument == result.instrument), None)
    value = result.score(rule.score).value if rule else None
    if rule is None or value is None:
        return None
    earlier = [_dated(row) for row in _scores(scope, patient, rule) if row.answers_key != answers]
    return sharp_worsening(safety, result.instrument, score=DatedScore(value, at), earlier=earlier)


def _scores(scope: Scope, patient: UUID, rule: SharpWorsening) -> list[Score]:
    return [row for row in scores_of(scope, patient=patient, instrument=rule.instrument) if row.name == rule.score]


def _dated(row: Score) -> DatedScore:
    return DatedScore(row.value, row.answered_at)
