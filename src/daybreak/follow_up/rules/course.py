"""How the course stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from daybreak.rulebook.public import (
    Course,
    DatedScore,
    Measure,
    Outcome,
    Relapse,
    baseline_of,
    first_observed_relapse,
    reached,
)


@dataclass(frozen=True, slots=True)
class CourseSoFar:
    """How one instrument has gone since before the first session; every answer carries its reason, and none
    is guessed.
    """

    instrument: str
    title: str
    scores: tuple[DatedScore, ...]
    sessions: tuple[datetime, ...]
    baseline: DatedScore | None
    latest: DatedScore | None
    response: Outcome | None
    remission: Outcome | None
    relapse: Relapse | None

    @property
    def is_worse(self) -> bool:
        """Whether relapse was observed, or the latest score lies above the baseline."""
        if self.relapse is not None and self.relapse.course is Course.RELAPSED:
            return True
        return self.baseline is not None and self.latest is not None and self.latest.value > self.baseline.value


def course_of(
    instrument: str,
    *,
    title: str,
    measures: Iterable[Measure],
    scores: Sequence[DatedScore],
    sessions: Sequence[datetime],
    at: datetime,
) -> CourseSoFar:
    """Return baseline, latest score, and response, remission and relapse at the latest score, as they were
    known at `at`.

    Before the first session there is no outcome: the last score is then the baseline to be.
    """
    known = tuple(sorted((s for s in scores if s.at <= at), key=lambda s: s.at))
    begun = tuple(sorted(s for s in sessions if s <= at))
    by_kind = {m.rule.kind: m for m in measures if m.instrument == instrument}
    any_measure = next(iter(by_kind.values()), None)
    baseline = None
    if any_measure is not None:
        baseline = baseline_of(any_measure, known, first_session_at=begun[0] if begun else at)
    later = tuple(s for s in known if begun and s.at > begun[0])
    latest = later[-1] if later else None

    def outcome(kind: str) -> Outcome | None:
        return reached(by_kind[kind], baseline=baseline, score=latest) if begun and kind in by_kind else None

    relapse = None
    if begun and "first_observed_relapse" in by_kind:
        relapse = first_observed_relapse(
            by_kind["first_observed_relapse"], baseline=baseline, scores=later, sessions=begun
        )
    return CourseSoFar(
        instrument, title, known, begun, baseline, latest, outcome("response"), outcome("remission"), relapse
    )
