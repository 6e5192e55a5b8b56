"""Long-term checks of a patient, with the exposure at each, and what they say now."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from daybreak.follow_up.queries.course import dated, told
from daybreak.follow_up.rules.exposure import Exposure, Given, exposure_at
from daybreak.kernel.scope import Scope
from daybreak.measure.public import LabResult, Score, lab_results, lab_tests, library, scores
from daybreak.rulebook.public import DatedScore, Outcome
from daybreak.treat.public import sessions_of

# What is looked at in the long run: own list of effects, use of alcohol, and the validated test of cognition.
WATCHED = (
    ("long_term_effects", "bladder"),
    ("long_term_effects", "craving"),
    ("long_term_effects", "cognition"),
    ("audit_c", "total"),
    ("moca", "total"),
)
TOXICOLOGY = "lab_urine_"


@dataclass(frozen=True, slots=True)
class Series:
    """One score over time, and whether it is worse by its measure, where there is one."""

    instrument: str
    score: str
    points: tuple[DatedScore, ...]
    worse: Outcome | None


@dataclass(frozen=True, slots=True)
class LongTerm:
    """Every check with the exposure at that moment, the series, the toxicology, and the exposure now."""

    exposure: Exposure
    series: tuple[Series, ...]
    checks: tuple[tuple[datetime, Exposure, dict[tuple[str, str], Decimal]], ...]
    toxicology: tuple[tuple[LabResult, str], ...]


def long_term(scope: Scope, patient: UUID, *, at: datetime) -> LongTerm:
    """Return the long-term checks of a patient as they were known at `at`, the latest first."""
    sessions = [each for each in sessions_of(scope, patient) if each.started_at is not None]
    given = [Given(each.started_at, each.dose_mg) for each in sessions]
    taken: dict[str, list[Score]] = defaultdict(list)
    for row in scores(scope, patient=patient):
        if row.answered_at <= at:
            taken[row.instrument].append(row)
    series = tuple(_series(instrument, name, taken[instrument], sessions, at) for instrument, name in WATCHED)
    found: dict[datetime, dict[tuple[str, str], Decimal]] = defaultdict(dict)
    for each in series:
        for point in each.points:
            found[point.at][each.instrument, each.score] = point.value
    checks = tuple((when, exposure_at(given, when), found[when]) for when in sorted(found, reverse=True))
    return LongTerm(exposure_at(given, at), series, checks, _toxicology(scope, patient, at))


def _series(instrument: str, name: str, taken: list[Score], sessions: list, at: datetime) -> Series:
    measures = [m for m in library().outcome_measures(instrument) if m.score == name and m.rule.kind == "worsening"]
    worse = told(measures, taken, sessions, at=at).worsening if measures and taken else None
    return Series(instrument, name, tuple(dated(taken, name)), worse)


def _toxicology(scope: Scope, patient: UUID, at: datetime) -> tuple[tuple[LabResult, str], ...]:
    titles = {each.id: each.question for each in lab_tests(library()) if each.id.startswith(TOXICOLOGY)}
    rows = [row for row in lab_results(scope, patient=patient) if row.test in titles and row.collected_at <= at]
    return tuple((row, titles[row.test]) for row in reversed(rows))
