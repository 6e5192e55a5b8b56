"""How well a session was watched, from its readings, its steps and its alarms as they stand."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from daybreak.kernel.scope import Scope
from daybreak.ledger.public import Read, rows
from daybreak.treat.models import AlarmStep, SessionQuality
from daybreak.treat.queries.readings import as_rule, baseline_of, readings_of
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.quality import Crossing, Watched, crossings, watched
from daybreak.treat.rules.steps import Step

PUMP_ACTS = (Step.PAUSED, Step.RATE_CHANGED, Step.STOPPED)


@dataclass(frozen=True, slots=True)
class Quality:
    """The watch during the dose and after it, and every limit that was crossed."""

    during: tuple[Watched, ...]
    after: tuple[Watched, ...]
    crossings: tuple[Crossing, ...]

    @property
    def lines(self) -> tuple[Watched, ...]:
        """Every line of the schedule."""
        return (*self.during, *self.after)

    @property
    def counts(self) -> dict[str, int]:
        """The sums, by the names of the fact that keeps them."""
        gap = max((line.longest_gap for line in self.lines), default=timedelta(0))
        return {
            "asked": sum(line.asked for line in self.lines),
            "in_time": sum(line.in_time for line in self.lines),
            "late": sum(line.late for line in self.lines),
            "missed": sum(line.missed for line in self.lines),
            "longest_gap_seconds": int(gap.total_seconds()),
            "crossed": len(self.crossings),
            "acted_on": sum(each.acted_at is not None for each in self.crossings),
        }


def quality_of(scope: Scope, now: SessionNow, *, at: datetime) -> Quality | None:
    """Return how well a session was watched up to the moment the patient left, or `at`; nothing before the start."""
    start = now.started_at
    if start is None:
        return None
    until = now.moment_of(Step.DISCHARGED) or at
    end = min(now.ended_at or until, until)
    found = readings_of(scope, now.session.key)
    read_at: dict[str, list[datetime]] = {}
    for row in found:
        read_at.setdefault(row.sign, []).append(row.measured_at)
    protocol = now.protocol
    stages = ((protocol.during, start, end), (protocol.after, end, until))
    lines = [tuple(watched(watch.signs, since=a, until=b, read_at=read_at)) if a < b else () for watch, a, b in stages]
    baseline = {sign: as_rule(row) for sign, row in baseline_of(scope, now).items()}
    acts = _acts(scope, now)
    told = [(row.measured_at, as_rule(row)) for row in found]
    crossed = [
        crossing
        for watch, a, b in stages
        for crossing in crossings(
            watch.limits, [pair for pair in told if a <= pair[0] < b], baseline=baseline, acts=acts, until=b
        )
    ]
    return Quality(lines[0], lines[1], tuple(sorted(crossed, key=lambda each: (each.at, each.limit))))


def stored_quality(scope: Scope, session: UUID) -> SessionQuality | None:
    """Return what was counted when the patient left, as it stands."""
    return next(iter(rows(Read(SessionQuality, {"site": scope.site, "session_key": session}))), None)


def _acts(scope: Scope, now: SessionNow) -> list[datetime]:
    """What the team did: the pump was touched, or an alarm was acknowledged with what was done."""
    pump = [step.done_at for step in now.steps if step.step in PUMP_ACTS]
    seen = AlarmStep.objects.filter(site=scope.site, session_key=now.session.key, step="acknowledged")
    return sorted([*pump, *seen.values_list("done_at", flat=True)])
