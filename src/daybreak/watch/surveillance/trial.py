"""The monitor, tried: invented registers with a planted harm go through the tests of the pages.

What is simulated is people with their sessions (`simulated.py`), counted as the calendar of a snapshot counts them. The
numbers are invented and say nothing about ketamine; an answer repeats them all.
"""

from dataclasses import asdict, dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from daybreak.kernel.refusal import Refusal
from daybreak.rulebook.public import Surveillance, WatchedHarm
from daybreak.stats.public import NEVER, cusum_path, first_reached, weekly_scores, weekly_threshold
from daybreak.watch.surveillance.charts import CUSUM, RATES
from daybreak.watch.surveillance.counts import Counts
from daybreak.watch.surveillance.detecting import WEEKS_A_YEAR, tested_rates, tested_sites
from daybreak.watch.surveillance.planted import HARMS, Planted
from daybreak.watch.surveillance.reference import reference, risks_of
from daybreak.watch.surveillance.simulated import BETWEEN, PACE, WITHIN, Sessions, Simulated

Weeks = NDArray[np.int64]
SITES, AT_ONCE, MOST_RUNS, LARGEST = 10, 20, 20_000, 50.0
QUIET_WEEKS, WEEKS_AFTER = 52, 104


class CannotTry(Refusal):
    """A trial of the monitor that cannot be run."""


@dataclass(frozen=True, slots=True)
class Delay:
    """How a test did: the share of runs in which it called within two years, and the weeks from the harm to the call
    (median and mean of those that called; runs that had called before are left out).
    """

    power: float
    median_weeks: float | None
    mean_weeks: float | None


@dataclass(frozen=True, slots=True)
class Tried:
    """The answer of a trial. `false_alarms_per_year` is of one chart on registers without the harm; `nominal` what the
    definition allows; `as_independent` the same chart's, if sessions of one person counted as independent and sites as
    alike. `best` is a CUSUM for the allowed rate that knows each risk, and the size.
    """

    harm: str
    words: str
    kind: str
    test: str
    size: float
    runs: int
    seed: int
    definition: str
    detection: Delay
    best: Delay
    false_alarms_per_year: float
    as_independent: float
    nominal: float
    called_before: float
    assumptions: dict[str, object]


def tried(surveillance: Surveillance, harm: str, *, size: float, runs: int, seed: int) -> Tried:
    """Return how the monitor did on `runs` registers with a harm of a `size` (a ratio of odds); raise CannotTry.

    The same seed gives the same answer.
    """
    planted, watched = _checked(surveillance, harm, size, runs)
    sure, first = surveillance.sureness, int(surveillance.sureness.reference_weeks)
    start = first + QUIET_WEEKS
    weeks = start + WEEKS_AFTER
    draw = np.random.default_rng([seed, list(HARMS).index(harm)])
    world = World(planted, watched, surveillance, size, start, weeks)
    parts = [world.run(draw, min(AT_ONCE, runs - done)) for done in range(0, runs, AT_ONCE)]
    harmed, best, quiet, alike = (np.concatenate(each) for each in zip(*parts, strict=True))
    begun = first if planted.everywhere else 0
    return Tried(
        harm=harm,
        words=planted.words,
        kind=planted.kind,
        test=RATES if planted.everywhere else CUSUM,
        size=size,
        runs=runs,
        seed=seed,
        definition=f"{surveillance.id}/{surveillance.version}",
        detection=_delay(harmed, start),
        best=_delay(best, start),
        false_alarms_per_year=_per_year(quiet, begun, weeks),
        as_independent=_per_year(alike, begun, weeks),
        nominal=world.nominal,
        called_before=float(((harmed != NEVER) & (harmed < start)).mean()),
        assumptions={
            "sites": SITES,
            "sessions_a_week": list(PACE),
            "correlation_within_people": WITHIN,
            "spread_of_sites": BETWEEN,
            "harm_begins_in_week": start,
            "weeks_after": WEEKS_AFTER,
            "odds_ratio_looked_for": float(watched.odds_ratio),
            "false_alarm_years": float(sure.false_alarm_years),
            **asdict(planted),
        },
    )


@dataclass(frozen=True, slots=True)
class World:
    """Registers of one kind: where a harm of a size begins, and for how long they are watched."""

    planted: Planted
    watched: WatchedHarm
    surveillance: Surveillance
    size: float
    start: int
    weeks: int

    @property
    def nominal(self) -> float:
        """Return the false alarms of a chart in a year that the definition allows."""
        sure = self.surveillance.sureness
        if not self.planted.everywhere:
            return 1 / float(sure.false_alarm_years)
        return float(sure.maxsprt_alpha) / ((self.weeks - int(sure.reference_weeks)) / WEEKS_A_YEAR)

    def run(self, draw: np.random.Generator, runs: int) -> tuple[Weeks, Weeks, Weeks, Weeks]:
        """Return the week in which each run was called: with the harm, by the best test, without the harm, and without
        it where sessions count as independent.
        """
        people = Sessions.of(self.weeks)
        spread = draw.normal(0, BETWEEN, (runs, SITES))
        harmed = people.drawn(draw, self._odds(spread, self.size))
        quiet = people.drawn(draw, self._odds(spread, 1.0))
        tested = self._everywhere if self.planted.everywhere else self._at_a_site
        return tested(harmed), self._best(harmed), tested(quiet), tested(quiet.as_independent())

    def _odds(self, spread: Counts, size: float) -> Counts:
        """Return the odds of an event in each run, site, week and stratum; the harm is at the first site, or at all."""
        week = np.arange(self.weeks) - self.start
        grown = np.clip((week + 1) / max(1, self.planted.ramp), 0, 1)
        if self.planted.lasts is not None:
            grown = np.where(week < self.planted.lasts, grown, 0.0)
        struck = np.ones(SITES) if self.planted.everywhere else np.arange(SITES) == 0
        times = 1 + (size - 1) * struck[:, None, None] * grown[:, None] * self._affected
        risks = np.array(self.planted.risks)
        odds: Counts = np.exp(spread)[..., None, None] * times * (risks / (1 - risks))
        return odds

    @property
    def _affected(self) -> Counts:
        return np.array([not self.planted.later_only] * 2 + [True], dtype=np.float64)

    def _at_a_site(self, found: Simulated) -> Weeks:
        """Return where the chart of the first site called, as the page makes it."""
        seen, sure = found.events.sum(axis=2), self.surveillance.sureness
        held = np.broadcast_to(found.held.sum(axis=0), seen.shape)
        if found.alike:
            risks = risks_of(seen[:, 1:].sum(axis=1), held[:, 1:].sum(axis=1))
        else:
            risks = reference(seen, held, sure, effect=found.effect).risks[:, 0]
        own, sessions = found.events[:, 0].sum(axis=-1), np.broadcast_to(found.held, found.events[:, 0].shape)
        return tested_sites(own, sessions, risks, self.watched, sure, effect=found.effect).cusum_at

    def _everywhere(self, found: Simulated) -> Weeks:
        """Return where the test of the register's rates called, in weeks of the register."""
        held = np.broadcast_to(found.held, found.events.shape)
        tested = tested_rates(found.events, held, self.surveillance.sureness, effect=found.effect)
        if tested is None:
            raise CannotTry("The definition's reference is longer than the trial.")
        called: Weeks = np.where(tested.called_at == NEVER, NEVER, tested.called_at + self._first)
        return called

    def _best(self, found: Simulated) -> Weeks:
        """Return where a CUSUM called that knows each risk, the size, and whom it strikes, at the same rate of false
        alarms: of independent sessions no test has a shorter worst delay (Moustakides GV. Ann Stat 1986;14:1379-1387).
        """
        struck, sites = self._affected > 0, SITES if self.planted.everywhere else 1
        held, events = found.held[:, struck] * sites, found.events[:, :sites][..., struck].sum(axis=(1, 3))
        risks, pace = np.array(self.planted.risks)[struck], held[-1]
        weeks = WEEKS_A_YEAR / self.nominal
        if self.planted.everywhere:
            weeks = -(self.weeks - self._first) / log(1 - float(self.surveillance.sureness.maxsprt_alpha))
        worth = float(found.effect.mean())
        threshold = weekly_threshold(
            per_week=float(pace.sum()) / worth,
            risk=float(risks @ pace / pace.sum()),
            odds_ratio=self.size,
            weeks=weeks,
        )
        since = self._first if self.planted.everywhere else 0
        sessions = np.broadcast_to(held[since:], (len(events), len(held) - since, len(risks)))
        scores = weekly_scores(events[:, since:], sessions, risks, odds_ratio=self.size) / worth
        called = first_reached(cusum_path(scores), threshold)
        best: Weeks = np.where(called == NEVER, NEVER, called + since)
        return best

    @property
    def _first(self) -> int:
        return int(self.surveillance.sureness.reference_weeks)


def _per_year(called: Weeks, begun: int, weeks: int) -> float:
    watched = np.where(called == NEVER, weeks - begun, called + 1 - begun)
    return float((called != NEVER).sum()) / (float(watched.sum()) / WEEKS_A_YEAR)


def _checked(surveillance: Surveillance, harm: str, size: float, runs: int) -> tuple[Planted, WatchedHarm]:
    planted = HARMS.get(harm)
    if planted is None:
        raise CannotTry(f"There is no harm “{harm}” to plant. It is one of: {', '.join(HARMS)}.")
    if not 1 < size <= LARGEST:
        raise CannotTry(f"The size is how many times the odds are multiplied: above 1, at most {LARGEST:g}.")
    if not 1 <= runs <= MOST_RUNS:
        raise CannotTry(f"A trial has 1 to {MOST_RUNS} runs.")
    watched = next((each for each in surveillance.watched if each.id == planted.kind), None)
    if watched is None:
        raise CannotTry(f"The definition {surveillance.id} does not watch “{planted.kind}”.")
    return planted, watched


def _delay(called: Weeks, start: int) -> Delay:
    in_time = called[(called == NEVER) | (called >= start)]
    after = in_time[in_time != NEVER] - start + 1
    if not after.size:
        return Delay(0.0, None, None)
    return Delay(after.size / in_time.size, float(np.median(after)), float(after.mean()))
