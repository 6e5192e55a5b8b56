"""How much alarms ask of a team: how often they called in an hour of infusion, and what became of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

# What a person said was done, and nothing was.
NOT_ACTED_ON = frozenset({"false_alarm"})


@dataclass(frozen=True, slots=True)
class Infusion:
    """A dose from its start to its end; one that goes on has none."""

    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Called:
    """An alarm and what became of it. `act` is what the first person who acknowledged it said was done."""

    raised_at: datetime
    acknowledged_at: datetime | None
    act: str
    ended: bool
    paused: bool
    passed_on: bool


@dataclass(frozen=True, slots=True)
class Burden:
    """The counts. `waiting` were neither acknowledged nor did they end by themselves; seconds are None without any."""

    infusion_hours: float
    raised: int
    during: int
    acknowledged: int
    ended: int
    waiting: int
    acted_on: int
    false: int
    paused: int
    passed_on: int
    median_seconds: float | None
    slowest_seconds: float | None

    @property
    def per_hour(self) -> float | None:
        """Alarms raised during infusions in an hour of infusion; None where nothing was infused."""
        return self.during / self.infusion_hours if self.infusion_hours else None


def burden(told: Iterable[tuple[Infusion, Iterable[Called]]], *, at: datetime) -> Burden:
    """Return the burden of sessions and their alarms as it stands at the moment `at`."""
    hours, during = timedelta(0), 0
    every: list[Called] = []
    for infusion, calls in told:
        end = infusion.ended_at or at
        mine = list(calls)
        hours += max(end - infusion.started_at, timedelta(0))
        during += sum(infusion.started_at <= call.raised_at < end for call in mine)
        every += mine
    waits = [
        (call.acknowledged_at - call.raised_at).total_seconds() for call in every if call.acknowledged_at is not None
    ]
    return Burden(
        infusion_hours=hours / timedelta(hours=1),
        raised=len(every),
        during=during,
        acknowledged=len(waits),
        ended=sum(call.ended and call.acknowledged_at is None for call in every),
        waiting=sum(not call.ended and call.acknowledged_at is None for call in every),
        acted_on=sum(call.acknowledged_at is not None and call.act not in NOT_ACTED_ON for call in every),
        false=sum(call.act in NOT_ACTED_ON for call in every),
        paused=sum(call.paused for call in every),
        passed_on=sum(call.passed_on for call in every),
        median_seconds=median(waits) if waits else None,
        slowest_seconds=max(waits, default=None),
    )
